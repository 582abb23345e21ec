/*
 * Asks Pagefind: which bundles, which words, which filters; and draws what it found in the order
 * that is wanted. Nothing leaves the site's own origin, and no page is touched.
 *
 * Pagefind knows nothing of distance, and its sorting is wrong over several bundles. So what has
 * an order of its own is drawn by lots: a lot is what one value of a filter holds (a square of the
 * map, a band of prices, a month), lots follow each other, and each is put in order exactly.
 */

import { answers, bundlesOf, ranked, regionsOf } from './choosing.js';
import { keptSearch } from './pack.js';
import { manifest as pointsTold, metresBetween, metresToBox } from './points.js';
import { holders, meant, normalise, rank, wordsOf } from './query.js';

/** The filters that are counted. */
const FACETS = ['category', 'label', 'service', 'price'];
const DEGREE = 0.01;

const MANIFEST = '/pagefind/manifest.json';
let gone = 0;
const { fetch: plain } = window;
/** Pagefind passes over a file that is gone, and finds less: this counts them. */
window.fetch = async (...asked) => {
  const answer = await plain(...asked);
  if (answer.status === 404 && String(asked[0]?.url ?? asked[0]).includes('/pagefind/')) gone += 1;
  return answer;
};

async function json(url, cache) {
  const answer = await fetch(url, { cache, signal: AbortSignal.timeout(20_000) });
  if (answer.status === 404) return null;
  if (!answer.ok) throw Error(`${answer.status} ${url}`);
  return answer.json();
}

/** Have files on their way that Pagefind asks for one after the other. */
const ahead = urls => urls.forEach(url => fetch(url).then(answer => answer.arrayBuffer()).catch(() => null));
const beginning = (path, lang) => [`${path}pagefind-entry.json?ts=1`, `${path}pagefind.${lang}.pf_meta`];

const sum = numbers => numbers.reduce((all, one) => all + one, 0);

/** Open the search of a language; null where the site has none. Without a network, what is kept. */
export async function open(lang, cache = 'no-cache') {
  if (!navigator.onLine) {
    const kept = await keptSearch();
    if (!kept) throw Error('offline');
    return new Finder(lang, kept.site, kept);
  }
  const manifest = await json(MANIFEST, cache);
  const told = manifest?.v === 2 && manifest.languages[lang];
  return told ? new Finder(lang, manifest.site, told) : null;
}

class Finder {
  #lang;
  #site;
  #told;
  #engines = new Map();
  #files = new Map();
  #gone = gone;

  constructor(lang, site, told) {
    this.#lang = lang;
    this.#site = site;
    this.#told = told;
    /** Of which regions this is a kept copy, and since when; nothing of a search that is today's. */
    this.kept = told.kept;
  }

  /** Whether the site has been built anew meanwhile, and has not what was asked for. */
  get stale() {
    return gone > this.#gone;
  }

  /** Whether the site tells of other words by now: asked before a reader is told that there is nothing. */
  async outdated() {
    if (this.kept) return false;
    const told = (await json(MANIFEST, 'no-cache'))?.languages[this.#lang];
    return JSON.stringify(told) !== JSON.stringify(this.#told);
  }

  /** Pagefind with what was merged into it so far: one for each region, one for all of them. */
  #engine(scope) {
    if (!this.#engines.has(scope)) {
      ahead([...beginning(this.#site, this.#lang), `${this.#site}wasm.${this.#lang}.pagefind`]);
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

  /** Have at hand what any question needs. */
  warm(region) {
    return Promise.all([this.#engine(region), this.#file(this.#told.regions[region]?.words ?? this.#told.words)]);
  }

  /** What a region has, or which regions have a word; asked for once. */
  #file(url) {
    if (!url) return null;
    if (!this.#files.has(url)) {
      const asked = json(url).then(raw => {
        if (!raw) throw Error(`404 ${url}`);
        return { ...raw, list: wordsOf(raw) };
      });
      asked.catch(() => this.#files.delete(url));
      this.#files.set(url, asked);
    }
    return this.#files.get(url);
  }

  /** How far each region is from the reader, by the box of its merchants. */
  async #distances(reader) {
    const { regions } = await pointsTold();
    return new Map([...regions].map(([id, { box }]) => [id, metresToBox(reader, box)]));
  }

  /** Whether any region has the words of a question. */
  async anywhere(q) {
    const words = (await this.#file(this.#told.words))?.list;
    return Boolean(words && normalise(q) && holders([words], q).size);
  }

  /**
   * Look for what a state asks. `way` gives a category and those above it; `here` is where the
   * reader is, if anybody knows.
   */
  async find(state, { way, here: reader }) {
    const opening = this.#engine(state.region);
    const words = state.region ? null : (await this.#file(this.#told.words))?.list;
    let instead = words ? meant([words], state.q) : '';
    const far = !state.region && state.sort === 'distance' && reader ? await this.#distances(reader) : null;
    const regions = regionsOf({ ...state, q: instead || state.q }, this.#told.regions, words, far);
    const files = await Promise.all(regions.asked.map(one => this.#file(this.#told.regions[one].words)));
    const lists = files.map(({ list }) => list);
    // Nobody has such a word: what is nearest to it is looked for instead, and said.
    if (!words) instead = meant(lists, state.q);
    const q = instead || state.q;
    const { here, left } = bundlesOf({ ...state, q }, files.flatMap(({ bundles }) => bundles), lists, way);
    const { pagefind, merged } = await opening;
    await Promise.all(here.map(({ bundle, path }) => {
      if (!merged.has(bundle)) {
        ahead(beginning(path, this.#lang));
        const merging = pagefind.mergeIndex(path, { metaCacheTag: '1', mergeFilter: { bundle } });
        merging.catch(() => merged.delete(bundle));
        merged.set(bundle, merging);
      }
      return merged.get(bundle);
    }));
    const terms = normalise(q) || null;
    const ask = (filters, asked = terms) => pagefind.search(asked, { filters });
    const base = filtersOf(state, here.map(({ bundle }) => bundle));
    const results = await answers(here, base, ask);
    return {
      total: results.length,
      left: {
        bundles: left.length, regions: regions.left, asked: regions.asked,
        bytes: sum(left.map(({ meta }) => meta)) + sum(regions.left.map(one => this.#told.regions[one].bytes + this.#told.regions[one].meta)),
      },
      instead,
      draw: drawn({ ...state, q }, results, more => ask({ ...base, ...more }), pagefind, reader),
      counts: facets => counted(state, here, ask, facets ? pagefind : null),
      places: async () => (terms ? placesIn(await ask({ bundle: 'site' })) : []),
    };
  }
}

/** What a state asks of Pagefind; without one facet, where that one's own values are counted. */
function filtersOf({ category, label, service, price, town }, bundles, without = '') {
  const filters = { bundle: { any: bundles }, category, label, price: price && { any: stepsOf(price) }, town, service: service.length ? { all: service } : '' };
  delete filters[without];
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
}

/** Bands of prices, and the steps that records tell theirs by (halles/search/records.py). */
export const BANDS = [0, 5, 10, 20, 50, 100, 200];
const STEPS = [[0, 0.5, 10], [10, 1, 20], [20, 2, 50], [50, 5, 100], [100, 10, 200], [200, 100, 1001]]
  .flatMap(([from, by, to]) => Array.from({ length: Math.ceil((to - from) / by) }, (_, i) => from + i * by));
const bandOf = step => BANDS.findLast(band => band <= step);
const stepsOf = band => STEPS.filter(step => bandOf(step) === Number(band)).map(String);

function inBands(steps) {
  const bands = {};
  for (const [step, n] of Object.entries(steps)) if (step !== '-') bands[bandOf(step)] = (bands[bandOf(step)] ?? 0) + n;
  return bands;
}

/**
 * How many there are of each value of each facet: as many as choosing it would show. What a filter
 * holds is asked for only where Pagefind is given; how many of each kind and region is known anyhow.
 */
async function counted(state, bundles, ask, pagefind) {
  const names = bundles.map(({ bundle }) => bundle);
  if (!names.length) return null;
  if (pagefind) await pagefind.preload(null, { filters: Object.fromEntries(FACETS.map(name => [name, '_'])) });
  const all = await ask(filtersOf(state, names));
  const counts = {};
  for (const facet of pagefind ? FACETS : []) {
    const chosen = facet !== 'service' && state[facet];
    const { filters } = chosen ? await ask(filtersOf(state, names, facet)) : all;
    counts[facet] = filters[facet] ?? {};
  }
  if (counts.price) counts.price = inBands(counts.price);
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
