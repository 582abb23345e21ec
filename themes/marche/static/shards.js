/*
 * Reads the stock that the site publishes: /stock/manifest.json and the shards that it names, and
 * says it in the words, the language and the time zone of a page. It touches no page.
 */

export const STATES = ['unknown', 'in', 'limited', 'out', 'display'];
export const NONE = '00000000';
const NBSP = '\u00a0';

/** An object's own key and no other: a product may be called "constructor". */
export const own = (object, key) => (Object.hasOwn(Object(object), key) ? object[key] : undefined);

export const isCount = value => Number.isSafeInteger(value) && value >= 0;

/** The first time that is told; a bad one is no time, rather than another's. */
export function firstTime(...times) {
  const time = times.find(told => told != null);
  return isCount(time) && time < 1e11 ? time : 0;
}

export function readManifest(manifest, family, number) {
  const at = firstTime(own(manifest, 'at'));
  const hash = family ? String(own(manifest, family)).slice(8 * number, 8 * number + 8) : NONE;
  if (!at || !/^[\da-f]{8}$/.test(hash)) throw Error('malformed');
  return { at, hash };
}

export function readOffer(row, ...times) {
  if (!Array.isArray(row) || !isCount(row[0])) return null;
  const [code, left, price, sale, until, time] = row;
  const state = STATES[code];
  return state && { state, left, price, sale, until, time: firstTime(time, ...times) };
}

/** A sale ends at its hour, even if nothing new came in. */
export const onSale = ({ price, sale, until }, now) =>
  isCount(sale) && sale < price && (until == null || now < until);

/** How a page says things: its words, its language, the site's time zone. */
export function speech(words, lang) {
  const french = !lang.startsWith('en');
  const locale = french ? 'fr-CA' : 'en-CA';
  const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'CAD' });
  const dates = new Intl.DateTimeFormat(locale, {
    timeZone: words.zone, hourCycle: 'h23',
    year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit',
  });
  const say = (name, blanks) =>
    (words[name] ?? '').replace(/\{(\w+)\}/g, (_, blank) => blanks?.[blank]);
  const count = (name, n) => say(name, { n: n.toLocaleString(locale) });
  const money = cents => dollars.format(cents / 100);

  /** A date to compare; a day and an hour to say. */
  function moment(seconds) {
    const parts = dates.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]);
    const { year, month, day, hour, minute } = Object.fromEntries(parts);
    const [said, time] = french
      ? [[day === '1' ? '1er' : day, month], [+hour, 'h', minute]]
      : [[month.replace('.', ''), day], [`${hour % 12 || 12}:${minute}`, hour < 12 ? 'am' : 'pm']];
    return { date: year + month + day, day: said.join(NBSP), time: time.join(NBSP) };
  }

  function checked(time, now) {
    const then = moment(time);
    return say(then.date === moment(now).date ? 'today' : 'earlier', then);
  }

  return { say, count, money, moment, checked };
}

// What is asked of the site

/** A file's JSON, or undefined if there is no such file. */
export async function load(url, cache) {
  // The browser itself would note a failed request in the console.
  if (!navigator.onLine) throw Error('offline');
  const answer = await fetch(url, { cache, signal: AbortSignal.timeout(20_000) });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw Error(answer.status);
  return answer.json();
}

/** The news since `shown`. If the shard just went, the manifest is asked for once more. */
export async function latest(family, number, shown, missing) {
  const manifest = await load('/stock/manifest.json', 'no-cache');
  const { at, hash } = readManifest(manifest, family, number);
  // A slow cache may hold an older manifest; a page never goes back in time.
  if (at < shown.at) return shown;
  if (hash === shown.hash) return { ...shown, at };
  if (hash === NONE) return { at, hash };
  const shard = hash !== missing && (await load(`/stock/${family}${number}-${hash}.json`));
  if (shard) return { at, hash, shard };
  if (missing) throw Error('gone');
  return latest(family, number, shown, hash);
}
