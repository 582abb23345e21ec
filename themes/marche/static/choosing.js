/*
 * Which regions and bundles a question is asked of, and in which order that is told. All of it may
 * take too much: what holds most of the words is asked first, the rest if the reader wants more.
 * Pure, as query.js is: the judge of the search (bench/judged) asks by it too.
 */

import { holders, isCoded, normalise, together } from './query.js';

/** Bytes of what regions say of themselves, up to which they are asked when no region is chosen. */
const LIGHT = 160_000;
/** Bytes that asking takes before the reader wants more: in a region, and in all of Québec. */
const FIRST = 80_000;
const EVERYWHERE = 200_000;
/** The same for a code, of which nobody knows where it is. */
const CODED = 500_000;
/** Bytes that asking a bundle costs: its beginning, then words, records, requests. */
export const costOf = ({ meta }) => meta + 6000;

/**
 * The bundles to ask first: those that hold the most, as many as so many bytes will do for; of each
 * kind the best at least. `held` says how many records of each may answer.
 */
function chosen(bundles, held, budget) {
  const order = bundles.filter(({ bundle }) => held.has(bundle))
    .sort((a, b) => held.get(b.bundle) - held.get(a.bundle) || a.meta - b.meta);
  const kinds = new Set();
  let spent = 0;
  return order.filter(one => {
    const first = !kinds.has(one.kind);
    if (!first && spent + costOf(one) > budget) return false;
    kinds.add(one.kind);
    spent += costOf(one);
    return true;
  });
}

/**
 * The regions to look in: the one that is chosen; or those that have most of what is looked for, the
 * nearest first where distances count, as many as may be asked what they have.
 */
export function regionsOf({ q, region, all }, told, words, far) {
  const every = Object.keys(told);
  if (region) return { asked: every.filter(one => one === region), left: [] };
  const held = words && normalise(q) ? holders([words], q) : new Map(every.map(one => [one, told[one].meta]));
  const order = every.filter(one => held.has(one));
  if (far) order.sort((a, b) => (far.get(a) ?? Infinity) - (far.get(b) ?? Infinity));
  else order.sort((a, b) => held.get(b) - held.get(a));
  if (all === true) return { asked: order, left: [] };
  let spent = 0;
  const most = isCoded(q) ? CODED : LIGHT;
  const asked = order.filter((one, at) => (spent += told[one].bytes) <= most || !at);
  return { asked, left: order.filter(one => !asked.includes(one)) };
}

/**
 * The bundles to ask, and those that wait until the reader wants more. Which of them is settled by the
 * words alone, so that what a facet counts is what choosing it shows.
 */
export function bundlesOf({ q, region, category, kind, all }, bundles, lists, way) {
  const wanted = kind && { m: 'merchant', p: 'product' }[kind];
  const cut = way(category);
  const fits = one => (!wanted || one.kind === wanted)
    && (!one.category || !category || way(one.category).includes(category) || cut.includes(one.category));
  const held = normalise(q) ? holders(lists, q) : new Map(bundles.map(one => [one.bundle, one.kind === 'merchant' ? Infinity : one.records]));
  const every = bundles.filter(one => held.has(one.bundle));
  const fitting = every.filter(fits);
  if (all) return { here: fitting, left: [] };
  const budget = isCoded(q) ? CODED : region ? FIRST : EVERYWHERE;
  const first = chosen(every, held, budget).filter(fits);
  const here = first.length ? first : chosen(fitting, held, budget);
  return { here, left: fitting.filter(one => !here.includes(one)) };
}

/** How many answers are put in order before the first is shown, and of how many files at most. */
export const ranked = region => ({ most: 60, files: region ? 12 : 28 });

/** How much a word weighs that so many of so many records have, by Pagefind's own reckoning. */
const rarity = (all, having) => Math.log(1 + (all - having + 0.5) / (having + 0.5));

/** What stands for the file that a record is shown by: sixteen records that follow each other share one. */
const fileOf = (bundle, id) => `${bundle} ${parseInt(id.split('_').pop(), 16) >> 4}`;

/**
 * The answers of some bundles as one list. Pagefind weighs a word by how rare it is in each bundle, so
 * that bread is worth nothing among bakers; here it is weighed by all bundles of a kind, and merchants
 * and products each by their own best.
 */
export async function answers(bundles, base, ask) {
  const narrowed = Object.keys(base).some(name => name !== 'bundle');
  const told = await Promise.all(bundles.map(async one => {
    const [{ results }, whole] = await Promise.all([
      ask({ ...base, bundle: one.bundle }), narrowed ? ask({ bundle: one.bundle }) : null,
    ]);
    return { ...one, results, having: (whole?.results ?? results).length };
  }));
  const lists = ['merchant', 'product'].map(kind => {
    const mine = told.filter(one => one.kind === kind);
    const sum = name => mine.reduce((all, one) => all + one[name], 0);
    const weight = rarity(sum('records'), sum('having'));
    return mine.flatMap(({ bundle, results, records, having }) => {
      const by = weight / rarity(records, having);
      return results.map(({ id, score, data }) => ({ id, score: score * by, data, file: fileOf(bundle, id) }));
    }).sort((a, b) => b.score - a.score);
  });
  return together(...lists.filter(({ length }) => length));
}
