/*
 * Asks Pagefind: which bundles (choosing.js), which words, which filters; drawing.js draws what it
 * found. Nothing leaves the site's own origin, and no page is touched.
 */

import { answers, bundlesOf, costOf, regionsOf } from './choosing.js';
import { drawn } from './drawing.js';
import { keptSearch } from './pack.js';
import { manifest as pointsTold, metresToBox } from './points.js';
import { asked, holders, isCoded, meant, normalise, wordsOf } from './query.js';

/** The filters that are counted. */
const FACETS = ['category', 'label', 'service', 'price'];

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
  #begun = new Set();
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

  /** Have a bundle's beginning on its way: two files that Pagefind asks for one after the other. */
  #ahead({ path }) {
    if (!this.#begun.has(path)) ahead(beginning(path, this.#lang));
    this.#begun.add(path);
  }

  /** Have at hand what a question will need that is not finished yet, once its last word is one. */
  async prepare({ q, region }) {
    const file = await this.#files.get(this.#told.regions[region]?.words);
    if (!file?.list.words.includes(normalise(q).split(' ').pop())) return;
    bundlesOf({ q, region }, file.bundles, [file.list], () => []).here.forEach(one => this.#ahead(one));
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

  /** The words of all regions, where they are told. */
  async #everywhere() {
    return (await this.#file(this.#told.words))?.list;
  }

  /** The regions that have the words of a question, those with the most of it first; of a code nobody knows. */
  async holding(q) {
    const words = !isCoded(q) && (await this.#everywhere());
    return words ? [...holders([words], q)].sort(([, a], [, b]) => b - a).map(([region]) => region) : [];
  }

  /**
   * Look for what a state asks. `way` gives a category and those above it; `here` is where the
   * reader is, if anybody knows.
   */
  async find(state, { way, here: reader }) {
    const opening = this.#engine(state.region);
    const words = state.region ? null : await this.#everywhere();
    let instead = words ? meant([words], state.q) : '';
    const far = !state.region && state.sort === 'distance' && reader ? await this.#distances(reader) : null;
    const regions = regionsOf({ ...state, q: instead || state.q }, this.#told.regions, words, far);
    const files = await Promise.all(regions.asked.map(one => this.#file(this.#told.regions[one].words)));
    const lists = files.map(({ list }) => list);
    // Nobody has such a word: what is nearest to it is looked for instead, and said. A word that only other
    // regions have is spelt as it should be: they are told.
    if (!words) {
      instead = meant(lists, state.q);
      const every = instead && (await this.#everywhere());
      if (every) instead = meant([every], state.q);
    }
    const q = instead || state.q;
    const { here, left } = bundlesOf({ ...state, q }, files.flatMap(({ bundles }) => bundles), lists, way);
    const { pagefind, merged } = await opening;
    await Promise.all(here.map(({ bundle, path }) => {
      if (!merged.has(bundle)) {
        this.#ahead({ path });
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
        bytes: sum(left.map(costOf)) + sum(regions.left.map(one => this.#told.regions[one].bytes + this.#told.regions[one].meta)),
      },
      instead,
      draw: drawn({ ...state, q }, results, more => ask({ ...base, ...more }), pagefind, reader),
      counts: facets => counted(state, here, ask, facets ? pagefind : null),
      // Any word will do where nothing has them all.
      places: async () => (terms ? placesIn(one => ask({ bundle: 'site' }, one), results.length ? [terms] : asked(q)) : []),
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

/** Records of the site's own bundle that may be meant, each once. */
async function placesIn(ask, each) {
  const answers = await Promise.all(each.map(ask));
  const found = await Promise.all(answers.flatMap(({ results }) => results.slice(0, 12)).map(one => one.data()));
  return [...new Map(found.map(({ url, meta, content }) => [url, { url, title: meta.title, kind: meta.kind, content }])).values()];
}
