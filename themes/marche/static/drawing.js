/*
 * Draws what was found in the order that is wanted, a few at a time.
 *
 * Pagefind knows nothing of distance, and its sorting is wrong over several bundles. So what has
 * an order of its own is drawn by lots: a lot is what one value of a filter holds (a square of the
 * map, a band of prices, a month), lots follow each other, and each is put in order exactly.
 */

import { ranked } from './choosing.js';
import { metresBetween } from './points.js';
import { rank } from './query.js';

const DEGREE = 0.01;

/** Yield records in the order that is wanted, a few at a time. */
export function drawn(...asked) {
  return once(inOrder(...asked));
}

async function* inOrder(state, results, within, pagefind, reader) {
  if (state.sort === 'distance' && reader) yield* byDistance(within, pagefind, reader, state.radius);
  else if (state.sort === 'price') yield* byLots(within, pagefind, 'price', (a, b) => a - b, priceOf, (a, b) => a - b);
  else if (state.sort === 'fresh') yield* byLots(within, pagefind, 'fresh', (a, b) => (a < b ? 1 : -1), hit => hit.meta.added ?? '', (a, b) => (a < b ? 1 : a > b ? -1 : 0));
  else yield* byWorth(results, state);
}

const A_LOT = 10;
const load = async results => (await Promise.all(results.map(one => one.data()))).map(hitOf);

async function* byWorth(results, { q, region }) {
  const order = q ? await rank(results, q, ranked(region)) : results;
  for (let at = 0; at < order.length; at += A_LOT) yield* await load(order.slice(at, at + A_LOT));
}

/** Each page once: a product that is sold in two regions stands in the bundles of both. */
async function* once(hits) {
  const seen = new Set();
  for await (const hit of hits) {
    if (seen.has(hit.url)) continue;
    seen.add(hit.url);
    yield hit;
  }
}

async function valuesOf(within, pagefind, facet) {
  await pagefind.preload(null, { filters: { [facet]: '_' } });
  const { filters } = await within({});
  return Object.entries(filters[facet] ?? {}).filter(([, n]) => n);
}

/** Lots by the value of a filter; records without one come last. */
async function* byLots(within, pagefind, facet, lots, worth, inner) {
  const values = (await valuesOf(within, pagefind, facet)).map(([value]) => value);
  const known = values.filter(value => value !== '-').sort(lots);
  for (const value of [...known, ...values.filter(one => one === '-')]) {
    const { results } = await within({ [facet]: value });
    // Those without a value have no order among them, and need not be there all at once.
    if (value !== '-') yield* (await load(results)).sort((a, b) => inner(worth(a), worth(b)));
    else for (let at = 0; at < results.length; at += A_LOT) yield* await load(results.slice(at, at + A_LOT));
  }
}

/**
 * Nearest first. What a square holds is at least as far as its border, so that a record may be
 * drawn once no square that is left could hold a nearer one.
 */
async function* byDistance(within, pagefind, reader, radius = Infinity) {
  const squares = (await valuesOf(within, pagefind, 'cell'))
    .filter(([cell]) => cell !== '-')
    .map(([cell, n]) => ({ cell, n, far: metresToSquare(reader, cell) }))
    .filter(({ far }) => far <= radius)
    .sort((a, b) => a.far - b.far);
  let waiting = [];
  while (squares.length || waiting.length) {
    const lot = [];
    for (let n = 0; squares.length && n < A_LOT; n += lot.at(-1).n) lot.push(squares.shift());
    if (lot.length) {
      const { results } = await within({ cell: { any: lot.map(({ cell }) => cell) } });
      const hits = (await load(results)).map(hit => ({ ...hit, metres: metresTo(hit, reader) }));
      waiting.push(...hits.filter(({ metres }) => metres <= radius));
      waiting.sort((a, b) => a.metres - b.metres);
    }
    const edge = squares[0]?.far ?? Infinity;
    const ready = waiting.findIndex(({ metres }) => metres > edge);
    yield* waiting.splice(0, ready < 0 ? waiting.length : ready);
  }
}

function metresToSquare(reader, cell) {
  const [south, west] = cell.split(',').map(Number);
  const clamp = (value, low) => Math.min(Math.max(value, low), low + DEGREE);
  return metresBetween(reader, { lat: clamp(reader.lat, south), lon: clamp(reader.lon, west) });
}

// A record, as results show it

const list = text => (text ? text.split(' ') : []);

function hitOf({ url, meta, raw_content: content, locations }) {
  const spots = (meta.ll ?? '').split(';').map(pair => pair.split(',').map(Number));
  return {
    url: meta.at || url, meta, content, locations,
    shops: list(meta.sid), skus: list(meta.sku),
    spots: spots.map(([lat, lon]) => (Number.isFinite(lat) && Number.isFinite(lon) && meta.ll ? { lat, lon } : null)),
  };
}

const priceOf = ({ meta }) => (meta.price ? Number(meta.price) : Infinity);

/** How far the nearest of those who have it is. */
export function metresTo({ spots }, reader) {
  return Math.min(Infinity, ...spots.filter(Boolean).map(spot => metresBetween(reader, spot)));
}
