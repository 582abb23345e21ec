/*
 * What a reader chose, in localStorage under "halles" and nowhere else: the list, the region and,
 * if asked for, a place and what was seen. On every page it counts the list in the header and turns
 * each [data-add] into a button. Nothing that is stored or imported is trusted: see tidy().
 */

const KEY = 'halles';
const MOST = { list: 300, seen: 30 };
const words = document.getElementById('choices-words')?.dataset ?? {};
export const lang = document.documentElement.lang.slice(0, 2);

/** Put values where a sentence has names in braces. */
export const fill = (text, blanks) => (text ?? '').replace(/\{(\w+)\}/g, (_, name) => blanks[name]);

// Values in, values out

const ANY = /^/;
const PATH = /^(\/(?![/\\])[\w\-./%#~]*)?$/;
const ITEM = {
  shop: /^[a-z\d-]+$/, sku: /^[\w.-]*$/, name: /\S/, at: PATH, cost: ANY, lang: /^(fr|en)$/,
  store: ANY, to: PATH, where: ANY, phone: ANY, tel: /^[+\d\-;=a-z.]*$/, shard: /^(m\d{1,5})?$/,
};

const line = (value, shape = ANY) => (typeof value === 'string' && shape.test(value) ? value.slice(0, 300) : '');
const whole = value => (Number.isSafeInteger(value) && value >= 0 ? value : 0);

function item(given) {
  const { sku, n, done, told } = Object(given);
  const found = { n: Math.min(whole(n) || 1, 99), done: done === true };
  for (const name in ITEM) found[name] = line(given?.[name], ITEM[name]);
  if (!found.shop || !found.name || found.sku !== sku) return null;
  const { state, price, time } = Object(told);
  return whole(time) ? { ...found, told: { state: line(state), price: whole(price), time } } : found;
}

/** A place that the reader said to keep. */
function spot(given) {
  const { lat, lon, name } = Object(given);
  const short = degrees => Math.round(degrees * 1e3) / 1e3;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat: short(lat), lon: short(lon), name: line(name) } : undefined;
}

const page = ({ at, name, when }) => ({ at: line(at, PATH), name: line(name), when: whole(when) });
const array = value => (Array.isArray(value) ? value : []);
export const same = (a, b) => a.shop === b.shop && a.sku === b.sku;

/** Return what may be kept of what was stored, or given by somebody. */
export function tidy(given) {
  const { list, region, place, seen } = Object(given);
  return {
    list: array(list).map(item)
      .filter((one, i, all) => one && all.findIndex(other => other && same(one, other)) === i)
      .slice(0, MOST.list),
    region: line(region, ITEM.shop),
    place: spot(place),
    seen: Array.isArray(seen)
      ? seen.map(one => page(Object(one))).filter(({ at, name }) => at && name).slice(0, MOST.seen)
      : null,
  };
}

/** Return two sets of choices as one; what was there first stays as it is. */
export const joined = (mine, theirs) =>
  tidy({ ...mine, region: mine.region || theirs.region, place: mine.place ?? theirs.place, list: [...mine.list, ...theirs.list] });

// What is kept

export function read() {
  try {
    return tidy(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return tidy();
  }
}

/** Keep other choices, and have every part of the page say so; tell whether it was possible. */
export function write(choices) {
  try {
    const kept = tidy(choices);
    if (kept.list.length || kept.region || kept.place || kept.seen) localStorage.setItem(KEY, JSON.stringify(kept));
    else localStorage.removeItem(KEY);
    dispatchEvent(new Event('choices'));
    return true;
  } catch {
    say(words.full);
    return false;
  }
}

/** Call when anything was chosen, here or in another tab. */
export function onChange(call) {
  addEventListener('choices', call);
  addEventListener('storage', ({ key }) => (key === KEY || key === null) && call());
}

/** Say it to those who hear the page, even if it was just said. */
export function say(text) {
  const news = document.getElementById('choices-news');
  if (!news) return;
  news.textContent = '';
  setTimeout(() => (news.textContent = text), 100);
}

/** Hand a file to the reader. */
export function handOver(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Return the choices in a file that the reader gave, or null if there are none. */
export async function taken(file) {
  try {
    const given = JSON.parse(await file.text());
    return Array.isArray(Object(given).list) ? tidy(given) : null;
  } catch {
    return null;
  }
}

// On every page

function showCount() {
  const count = read().list.filter(({ done }) => !done).length;
  for (const element of document.querySelectorAll('[data-count]')) {
    element.textContent = count || '';
    element.hidden = !count;
  }
}

/** What a page says of an offer, or of a shop where there is no sku. */
function offered({ dataset }) {
  const { add, ...said } = { ...document.getElementById('shop')?.dataset, cost: '', ...dataset };
  return item({ ...said, sku: add, lang });
}

function makeButton(place) {
  const offer = offered(place);
  if (!offer) return;
  const button = document.createElement('button');
  button.type = 'button';
  const listed = () => read().list.some(one => same(one, offer));
  function show() {
    const there = listed();
    const told = there ? words.listed : words.add;
    // On the slate a button is a sign at the end of its line; its name says what it does.
    if (place.closest('.slate')) button.title = told;
    else button.textContent = told;
    button.classList.toggle('is-listed', there);
    button.setAttribute('aria-label', `${told}${words.colon}${offer.name}`);
  }
  button.addEventListener('click', () => {
    const { list, ...rest } = read();
    const there = listed();
    if (!there && list.length >= MOST.list) return say(words.full);
    const kept = write({ ...rest, list: there ? list.filter(one => !same(one, offer)) : [...list, offer] });
    if (kept) say(fill(there ? words.gone : words.came, { name: offer.name }));
  });
  show();
  onChange(show);
  place.replaceChildren(button);
}

/** What the list knows of a shop follows the shop's own page. */
function follow(places) {
  const { list, ...rest } = read();
  const fresh = list.map(one => {
    const now = places.map(offered).find(offer => offer && same(one, offer));
    // Another language's page does not translate what was put on the list.
    return now?.lang === one.lang ? { ...one, ...now, n: one.n, done: one.done, shard: now.shard || one.shard } : one;
  });
  if (JSON.stringify(fresh) !== JSON.stringify(list)) write({ ...rest, list: fresh });
}

function remember() {
  const kept = read();
  const place = document.querySelector('main.merchant, main.product');
  const name = place?.querySelector('h1')?.textContent.trim();
  if (!kept.seen || !name) return;
  const here = { at: location.pathname, name, when: Math.floor(Date.now() / 1000) };
  write({ ...kept, seen: [here, ...kept.seen.filter(({ at }) => at !== here.at)] });
}

/** Bring the reader's region to the front of the list that names it. */
function bringForward() {
  const { region } = read();
  const link = region && document.querySelector(`main.home li a[href$="/regions/${region}/"]`);
  const row = link && link.closest('li');
  if (!row) return;
  row.classList.add('is-mine');
  row.parentElement.prepend(row);
}

const places = [...document.querySelectorAll('[data-add]')];
follow(places);
places.forEach(makeButton);
onChange(showCount);
showCount();
remember();
bringForward();
