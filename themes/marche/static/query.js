// What a question becomes before it is asked, and in which order its answers are told.
// Pure: no page, no network. The words of the index are treated alike (halles/search/texts.py).

const SILENT = new Set(
  ('a au aux avec ce ces chez d dans de des du elle en entre est et il je l la le les ma mes mon nos notre on ou où par ' +
   'pour qu que qui sa se ses son sur un une vos votre y pres proche autour cote trouver acheter vend vendre cherche ' +
   'an and are at by for from i in is my near nearby of on or our that the their this to where with close around buy find sell sells')
    .split(' '));
const LETTERS = { œ: 'oe', æ: 'ae', ß: 'ss' };
const JOINED = /(?<=[\p{L}\p{N}])['’ʼ‘\-‐-—/+&.](?=[\p{L}\p{N}])/gu;

/** Text as a hurried hand types it: no capital, no accent, no ligature, words apart. */
export const fold = text => text.toLowerCase().replace(/[œæß]/g, letter => LETTERS[letter])
  .normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** The one way in which a bar code is written in the index: 13 digits, or 8. */
const sameCode = digits => {
  const all = digits.padStart(14, '0');
  return all.startsWith('000000') ? all.slice(6) : all.replace(/^0/, '');
};

/** The bar code that a question is, if it is nothing but digits, and enough of them. */
export function codeOf(query) {
  const digits = query.replace(/[\s\-.]/g, '');
  return /^\d{8}$|^\d{11,14}$/.test(digits) ? sameCode(digits) : /^\d{8,}$/.test(digits) ? digits : '';
}

/** What to ask Pagefind for: a code, which is there or not, or words without those that say nothing. */
export function normalise(query) {
  const code = codeOf(query);
  if (code) return `"${code}"`;
  const exact = query.match(/^\s*["«“]\s*(.+?)\s*["»”]\s*$/);
  const words = fold((exact ? exact[1] : query).replace(JOINED, ' ')).split(' ');
  if (exact) return `"${words.join(' ')}"`;
  // Gold says something: Val-d'Or.
  const telling = words.filter((word, i) => !SILENT.has(word) || (word === 'or' && words[i - 1] === 'd'));
  return (telling.length ? telling : words).join(' ');
}

/**
 * The words of a region with the bundles that have them, or those of all Québec with its regions.
 * How often each has one is told by a digit: as many records as so many bits can count, at most.
 */
export function wordsOf(raw) {
  const names = raw.regions ?? raw.bundles.map(({ bundle }) => bundle);
  const words = raw.words ? raw.words.split(' ') : [];
  const count = (word, column) => 2 ** parseInt(raw.in[word * names.length + column], 36) - 1;
  return { names, words, count };
}

const shared = (a, b) => {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  return i;
};

/** Whether the index may hold a word for one that was typed: its beginning, or another ending of it. */
function alike(typed, word) {
  const same = shared(typed, word);
  if (same === typed.length) return true;
  if (same === word.length && typed.length - same < 3) return true;
  return same >= Math.max(4, Math.min(typed.length, word.length) - 2) && Math.abs(typed.length - word.length) < 4;
}

export const asked = query => normalise(query).replaceAll('"', '').split(' ').filter(Boolean);
const isCode = word => /\d/.test(word);
/** Words of two letters are in no list: they tell nothing of who has them, unless there are no others. */
const listed = words => {
  const some = words.filter(word => word.length > 2 || isCode(word));
  return some.length ? some : words;
};
/** Whether a question has no word but codes. */
export const isCoded = query => asked(query).length > 0 && asked(query).every(isCode);

/**
 * How many records of each bundle, or region, may answer a question, at most: of those that hold most
 * of its words. Codes are in no list: for one each may.
 */
export function holders(lists, query) {
  const typed = listed(asked(query));
  const found = new Map();
  for (const { names, words, count } of lists) {
    const told = names.map(() => ({ held: 0, most: Infinity }));
    for (const one of typed) {
      const sums = names.map(() => (isCode(one) ? Infinity : 0));
      words.forEach((word, i) => {
        if (!isCode(one) && alike(one, word)) names.forEach((_, at) => (sums[at] += count(i, at)));
      });
      sums.forEach((sum, at) => {
        if (!sum) return;
        told[at].held += 1;
        told[at].most = Math.min(told[at].most, sum);
      });
    }
    names.forEach((name, at) => told[at].held && found.set(name, told[at]));
  }
  const best = Math.max(0, ...[...found.values()].map(({ held }) => held));
  return new Map([...found].filter(([, { held }]) => held === best).map(([name, { most }]) => [name, most]));
}

/** How many letters apart two words are: one put in, left out, changed, or two that changed places. */
export function apart(a, b, most = 2) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [older, old] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      let cost = Math.min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, older[j - 2] + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    [older, old] = [old, row];
  }
  return old[b.length];
}

/** How many letters two words have in common at their beginning and at their end. */
function kept(a, b) {
  const start = shared(a, b);
  const turned = word => [...word.slice(start)].reverse().join('');
  return start + shared(turned(a), turned(b));
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const wordsIn = text => text.normalize('NFC').match(WORD) ?? [];
const withWords = (text, right) => text.normalize('NFC').replace(WORD, word => right(word, fold(word)) ?? word);

/** The words of a question that say something, as they were typed. */
export const telling = query => wordsIn(query).filter(word => !SILENT.has(fold(word)));

/** A question that was put right, its new words with the accents that some records have: lists of words have none. */
export function spelt(right, query, records) {
  const typed = new Set(wordsIn(query));
  const written = new Map(records.flatMap(({ content }) => wordsIn(content)).map(word => [fold(word), word.toLowerCase()]));
  return withWords(right, (word, plain) => (typed.has(word) ? word : written.get(plain)));
}

/** The question with its misspelt words put right by what regions' words hold; '' where none is. */
export function meant(lists, query) {
  const typed = asked(query);
  const right = new Map();
  typed.forEach((one, place) => {
    if (one.length < 4 || isCode(one)) return;
    if (lists.some(list => list.words.some(word => known(one, word, place === typed.length - 1)))) return;
    const own = one.replace(/^(?:qu|[cdjlmnst])(?=[aeiouyh])/, '');  // lanse: an apostrophe was left out
    if (own !== one && own.length > 2 && lists.some(list => list.words.includes(own))) {
      right.set(one, `${one.slice(0, -own.length)}’${own}`);
      return;
    }
    let best = ['', Infinity, 0];
    for (const list of lists) {
      list.words.forEach((word, i) => {
        const limit = one.length < 6 ? 1 : 2;
        if (Math.abs(word.length - one.length) > limit) return;
        const away = apart(one, word, limit) + (word[0] === one[0] ? 0 : 0.5);
        if (away > limit) return;
        if (away > best[1]) return;
        // As far from "matn" are "matin" and "main": one that keeps a letter more is as good as one a hundred times as frequent.
        const often = list.names.reduce((all, _, at) => all + list.count(i, at), 0);
        const likely = 2 * kept(one, word) + Math.log10(1 + often);
        if (away < best[1] || likely > best[2]) best = [word, away, likely];
      });
    }
    if (best[0]) right.set(one, best[0]);
  });
  return right.size ? withWords(query, (_, plain) => right.get(plain)) : '';
}

/** A word without its number and gender: near enough to Pagefind's stemming to tell two words alike. */
function bare(word) {
  const one = word.replace(/eaux$/, 'eau').replace(/aux$/, 'al').replace(/(?:ies?|y)$/, 'i');
  return one.length > 4 ? one.replace(/(?:es|s|x|e)$/, '') : one.replace(/s$/, '');
}

/** Whether a word is one of a region's, in another number or gender, or its beginning while typing. */
export const known = (typed, word, last) => word === typed || bare(word) === bare(typed) || (last && word.startsWith(typed));

const NEAR = /(?:^|\s)(?:pr[eè]s|proche|autour|[àa] c[oô]t[eé]|aux environs|near|close|around)\s+(?:de\s+|du\s+|des\s+|d['’]\s*|to\s+)?(.+)$/iu;

/** What is asked for, and the place it is asked near: “pain près de Rimouski”. */
export function placed(query, places) {
  const found = query.match(NEAR);
  const place = found && fold(found[1]);
  return place && places.has(place) ? { text: query.slice(0, found.index).trim(), place } : { text: query, place: '' };
}

/** How well a record answers: a title that is it, that holds its words, and how early they are said. */
function worth({ meta, content = '' }, typed, text) {
  const title = fold(meta.title);
  const inTitle = title.split(' ').filter(word => !SILENT.has(word));
  const codes = `${meta.sku ?? ''} ${meta.sid ?? ''}`.toLowerCase().split(' ');
  if (title === text || inTitle.join(' ') === typed.join(' ')) return 7;
  if (codes.includes(text.replaceAll(' ', '-')) || codes.includes(text)) return 7;
  const same = (one, word) => word === one || bare(word) === bare(one);
  const places = typed.map(one => inTitle.findIndex(word => same(one, word)));
  const held = places.filter(place => place >= 0).length;
  const first = places.reduce((sum, place) => sum + (place < 0 ? 0 : 1 / (1 + place / 4)), 0) / typed.length;
  const said = fold(content).split(' ');
  const at = typed.map(one => said.findIndex(word => same(one, word)));
  const lacking = at.filter((place, i) => place < 0 && !said.some(word => alike(typed[i], word))).length;
  const early = at.reduce((sum, place) => sum + (place < 0 ? 0 : 1 / (1 + place / 12)), 0) / typed.length;
  const spare = inTitle.length ? held / inTitle.length : 0;
  const begins = typed.every((one, i) => inTitle[i] && same(one, inTitle[i])) ? 0.8 : same(typed[0], inTitle[0] ?? '') ? 0.4 : 0;
  const shop = fold(meta.shop ?? '').split(' ');
  // A product that its own words and its shop's answer together; one that only its shop's words do.
  const across = held && held < typed.length && typed.every((one, i) => places[i] >= 0 || shop.some(word => same(one, word))) ? 1.2 : 0;
  const kind = meta.kind === 'm' ? 0.3 : held ? across : -0.8;
  return 2 * first + spare + early + begins + kind - 4 * lacking / typed.length;
}

/**
 * The answers of several asks as one list: Pagefind's scores are of one kind of bundle, where a word
 * may be on every record, so that each list's are measured by its own best.
 */
export function together(...lists) {
  const scaled = lists.flatMap(list => list.map((result, i) => {
    const score = result.score / Math.max(1e-9, list[0].score);
    return { result: { ...result, score }, i, score };
  }));
  return scaled.sort((a, b) => b.score - a.score || a.i - b.i).map(({ result }) => result);
}

/** The first answers, so many at most, and of so many files: whoever fetches one has its neighbours. */
function firstOf(results, most, files) {
  const fetched = new Set();
  const end = results.slice(0, most).findIndex(({ file, id }) => fetched.add(file ?? id).size > files);
  return results.slice(0, end < 0 ? most : end);
}

/**
 * The answers, best first for these words: the first ones are fetched and put in order, the rest
 * stay as Pagefind has them. An address that stands in several bundles is told once.
 * Where a bundle lacks a word Pagefind takes what begins like it: such answers come last of these.
 */
export async function rank(results, query, { data = one => one.data(), most = 24, files = most } = {}) {
  const typed = asked(query);
  const text = fold(query.replace(JOINED, ' '));
  const some = firstOf(results, most, files);
  const top = Math.max(1e-9, ...some.map(({ score }) => score));
  const first = await Promise.all(some.map(async (result, i) => {
    const record = await data(result);
    return { result, url: record.url, value: worth(record, typed, text) + result.score / top - i / 1000 };
  }));
  const seen = new Set();
  const told = first.sort((a, b) => b.value - a.value).filter(({ url }) => !seen.has(url) && seen.add(url));
  return [...told.map(({ result }) => result), ...results.slice(some.length)];
}
