/*
 * Asks Pagefind: which bundles, which words, which filters; and draws what it found in the order
 * that is wanted. Nothing leaves the site's own origin, and no page is touched.
 *
 * Pagefind knows nothing of distance, and its sorting is wrong over several bundles. So what has
 * an order of its own is drawn by lots: a lot is what one value of a filter holds (a square of the
 * map, a band of prices, a month), lots follow each other, and each is put in order exactly.
 */

import { metresBetween } from './points.js';
import { keptSearch } from './pack.js';
import { bundlesFor, meant, normalise, rank, wordsOf } from './query.js';

/** Bytes up to which the words of all of Québec are asked for, to know which bundles have them. */
const LIGHT = 150_000;
/** Bytes beyond which the products of all of Québec are asked for only if the reader says so. */
const HEAVY = 400_000;
/** The filters that are counted. */
const FACETS = ['category', 'label', 'service', 'price'];
const DEGREE = 0.1;

async function json(url, cache) {
  const answer = await fetch(url, { cache, signal: AbortSignal.timeout(20_000) });
  if (answer.status === 404) return null;
  if (!answer.ok) throw Error(`${answer.status} ${url}`);
  return answer.json();
}

const sum = bundles => bundles.reduce((bytes, { meta }) => bytes + meta, 0);

/** Open the search of a language; null where the site has none. Without a network, what is kept. */
export async function open(lang) {
  if (!navigator.onLine) {
    const kept = await keptSearch();
    if (!kept) throw Error('offline');
    return new Finder(kept.site, kept);
  }
  const manifest = await json('/pagefind/manifest.json', 'no-cache');
  const told = manifest?.v === 1 && manifest.languages[lang];
  return told ? new Finder(manifest.site, told) : null;
}

class Finder {
  #site;
  #told;
  #engines = new Map();
  #words = new Map();

  constructor(site, told) {
    this.#site = site;
    this.#told = told;
    /** Of which regions this is a kept copy, and since when; nothing of a search that is today's. */
    this.kept = told.kept;
  }

  /** Pagefind with what was merged into it so far: one for each region, one for all of them. */
  #engine(scope) {
    if (!this.#engines.has(scope)) {
      const opening = import(`${this.#site}pagefind.js`).then(async ({ createInstance }) => {
        const options = { basePath: this.#site, metaCacheTag: '1', excerptLength: 24, noWorker: true, mergeFilter: { bundle: 'site' } };
        const pagefind = createInstance(options);
        await pagefind.init();
        return { pagefind, merged: new Map() };
      });
      opening.catch(() => this.#engines.delete(scope));
      this.#engines.set(scope, opening);
    }
    return this.#engines.get(scope);
  }

  /** Have Pagefind at hand. */
  warm(region) {
    return this.#engine(region);
  }

  /** The words of a region, asked for once. */
  async #wordsOf(region) {
    const { words } = this.#told.regions[region] ?? {};
    if (words && !this.#words.has(region)) this.#words.set(region, json(words).then(raw => raw && wordsOf(raw)));
    return this.#words.get(region)?.catch(() => null);
  }

  /**
   * The words of the regions that are looked in, where they may be asked for. By them it is known
   * which bundles hold what is looked for: one that lacks a word would answer with others.
   */
  async #vocabulary({ q, region }) {
    const regions = region ? [region] : Object.keys(this.#told.regions);
    const bytes = regions.reduce((all, one) => all + (this.#told.regions[one]?.bytes ?? 0), 0);
    if (!q || (!region && bytes > LIGHT)) return [];
    const lists = await Promise.all(regions.map(one => this.#wordsOf(one)));
    return lists.filter(Boolean);
  }

  /** The bundles to ask, and those that were left out because of their size. */
  #bundles({ q, region, category, kind, all }, way, lists) {
    const wanted = kind && { m: 'merchant', p: 'product' }[kind];
    let here = this.#told.bundles.filter(one => (!region || one.region === region) && (!wanted || one.kind === wanted));
    const cut = way(category);
    here = here.filter(one => !one.category || !category || way(one.category).includes(category) || cut.includes(one.category));
    if (lists.length) {
      const named = new Set(bundlesFor(lists, q));
      here = here.filter(one => named.has(one.bundle));
    }
    const products = region ? [] : here.filter(one => one.kind === 'product');
    const left = !all && sum(products) > HEAVY ? products : [];
    return { here: here.filter(one => !left.includes(one)), left };
  }

  /**
   * Look for what a state asks. `way` gives a category and those above it; `here` is where the
   * reader is, if anybody knows.
   */
  async find(state, { way, here: reader }) {
    const [lists, { pagefind, merged }] = await Promise.all([
      this.#vocabulary(state), this.#engine(state.region),
    ]);
    // Nobody has such a word: what is nearest to it is looked for instead, and said.
    const instead = meant(lists, state.q);
    const q = instead || state.q;
    const { here, left } = this.#bundles({ ...state, q }, way, lists);
    await Promise.all(here.map(({ bundle, path }) => {
      if (!merged.has(bundle)) {
        const merging = pagefind.mergeIndex(path, { metaCacheTag: '1', mergeFilter: { bundle } });
        merging.catch(() => merged.delete(bundle));
        merged.set(bundle, merging);
      }
      return merged.get(bundle);
    }));
    const words = normalise(q) || null;
    const names = here.map(({ bundle }) => bundle);
    const ask = (filters, terms = words) => pagefind.search(terms, { filters });
    const base = filtersOf(state, names);
    const found = names.length ? await ask(base) : { results: [] };
    return {
      total: found.results.length,
      left: { bytes: sum(left), bundles: left.length },
      instead,
      draw: drawn({ ...state, q }, found.results, more => ask({ ...base, ...more }), pagefind, reader),
      counts: facets => counted(state, names, this.#told.bundles, ask, facets ? pagefind : null),
      places: async () => (words ? placesIn(await ask({ bundle: 'site' })) : []),
    };
  }
}

/** What a state asks of Pagefind; without one facet, where that one's own values are counted. */
function filtersOf({ category, label, service, price, town }, bundles, without = '') {
  const filters = { bundle: { any: bundles }, category, label, price, town, service: service.length ? { all: service } : '' };
  delete filters[without];
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
}

/**
 * How many there are of each value of each facet: as many as choosing it would show. What a filter
 * holds is asked for only where Pagefind is given; how many of each kind and region is known anyhow.
 */
async function counted(state, names, bundles, ask, pagefind) {
  if (!names.length) return null;
  if (pagefind) await pagefind.preload(null, { filters: Object.fromEntries(FACETS.map(name => [name, '_'])) });
  const all = await ask(filtersOf(state, names));
  const counts = {};
  for (const facet of pagefind ? FACETS : []) {
    const chosen = facet !== 'service' && state[facet];
    const { filters } = chosen ? await ask(filtersOf(state, names, facet)) : all;
    counts[facet] = filters[facet] ?? {};
  }
  // Kinds and regions are told by the bundle that each record is in.
  const of = Object.fromEntries(bundles.map(one => [one.bundle, one]));
  counts.kind = { m: 0, p: 0 };
  counts.region = {};
  for (const [name, n] of Object.entries(all.filters.bundle ?? {})) {
    const { kind, region } = of[name] ?? {};
    if (!kind || !names.includes(name)) continue;
    counts.kind[kind[0]] += n;
    counts.region[region] = (counts.region[region] ?? 0) + n;
  }
  return counts;
}

/** Regions, categories, labels and pages that are called so. */
async function placesIn({ results }) {
  const found = await Promise.all(results.slice(0, 3).map(one => one.data()));
  return found.map(({ url, meta }) => ({ url, title: meta.title, kind: meta.kind }));
}

// Drawing, in order

/** Yield records in the order that is wanted, a few at a time. */
function drawn(...asked) {
  return once(inOrder(...asked));
}

async function* inOrder(state, results, within, pagefind, reader) {
  if (state.sort === 'distance' && reader) yield* byDistance(within, pagefind, reader, state.radius);
  else if (state.sort === 'price') yield* byLots(within, pagefind, 'price', (a, b) => a - b, priceOf, (a, b) => a - b);
  else if (state.sort === 'fresh') yield* byLots(within, pagefind, 'fresh', (a, b) => (a < b ? 1 : -1), hit => hit.meta.added ?? '', (a, b) => (a < b ? 1 : a > b ? -1 : 0));
  else yield* byWorth(results, state.q);
}

const A_LOT = 10;
const load = async results => (await Promise.all(results.map(one => one.data()))).map(hitOf);

async function* byWorth(results, q) {
  const order = q ? await rank(results, q, { most: A_LOT }) : results;
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
    const hits = await load(results);
    if (value !== '-') hits.sort((a, b) => inner(worth(a), worth(b)));
    yield* hits;
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

function hitOf({ url, meta, excerpt }) {
  const spots = (meta.ll ?? '').split(';').map(pair => pair.split(',').map(Number));
  return {
    url: meta.at || url, meta, excerpt,
    shops: list(meta.sid), skus: list(meta.sku),
    spots: spots.map(([lat, lon]) => (Number.isFinite(lat) && Number.isFinite(lon) && meta.ll ? { lat, lon } : null)),
  };
}

const priceOf = ({ meta }) => (meta.price ? Number(meta.price) : Infinity);

/** How far the nearest of those who have it is. */
export function metresTo({ spots }, reader) {
  return Math.min(Infinity, ...spots.filter(Boolean).map(spot => metresBetween(reader, spot)));
}
