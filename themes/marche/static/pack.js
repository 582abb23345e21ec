/*
 * A region on the device: its pages, what its search asks for, where its merchants are, and how
 * its stock stood. Kept in a cache of its own, that the worker and instock.js read from.
 */

import { lang } from './choices.js';
import { manifest as points } from './points.js';
import { firstTime, load, own } from './shards.js';

const PACK = `halles-pack-${lang}-`;
const LIST = '/hors-ligne.json';
const STOCK = '/hors-ligne/stock.json';
const SEARCH = '/pagefind/manifest.json';
/** Bytes of a point, about. */
const A_POINT = 50;

export const ours = async start => (await caches.keys()).filter(name => name.startsWith(start));

/** What is known of a region's pack: when it was fetched, and from which list. */
export async function packed(region) {
  if (!(await caches.has(PACK + region))) return null;
  return (await (await caches.open(PACK + region)).match(LIST))?.json();
}

export const drop = region => caches.delete(PACK + region);

const missing = () => null;

/** What searching in a region takes besides its pages: bundles, points, towns; and their size. */
export async function searched(region, { search }) {
  const [told, where] = await Promise.all([
    search && load(SEARCH, 'no-cache').catch(missing), points().catch(missing),
  ]);
  const mine = own(told?.languages?.[lang]?.regions, region);
  const files = where?.files.filter(file => file.region === region) ?? [];
  const bytes = [mine ? told.siteBytes + mine.bytes + mine.whole : 0, ...files.map(({ n }) => A_POINT * n)].reduce((a, b) => a + b, 0);
  async function list() {
    const bundles = mine ? (await load(mine.words)).bundles : [];
    const folders = mine ? [told.site, ...bundles.map(({ path }) => path)] : [];
    const inside = await Promise.all(folders.map(async path => [`${path}files.json`, ...((await load(`${path}files.json`)) ?? [])]));
    // The page of the search names the towns of today.
    const towns = search && /data-places="([^"]+)"/.exec(await (await fetch(search)).text())?.[1];
    return [
      ...inside.flat(), ...(mine ? [SEARCH, search, mine.words] : []),
      ...(where ? ['/points/manifest.json', towns, ...files.map(({ url }) => url)] : []),
    ].filter(Boolean);
  }
  return { bytes, list };
}

/** The stock that a merchant's page was built with: shop, product, state and price in cents. */
function stockIn(html, shops) {
  for (const row of new DOMParser().parseFromString(html, 'text/html').querySelectorAll('[data-merchant][data-sku]')) {
    const { merchant, sku } = row.dataset;
    const state = /is-(\w+)/.exec(row.querySelector('[data-state]')?.className)?.[1];
    const digits = (row.querySelector('[data-now]') ?? row.querySelector('[data-price]'))?.textContent.replace(/\D/g, '');
    if (state) (shops[merchant] ??= {})[sku] = [state, Number(digits) || 0];
  }
}

async function keptCopy(answer, body) {
  const headers = new Headers(answer.headers);
  // The body is no longer packed as the server sent it.
  for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  headers.set('x-kept', Date.now());
  return new Response(body, { headers });
}

/** Fetch a region, six files at a time; what it no longer has goes. `told` hears of each file. */
export async function fetchPack(region, source, { list, extra, signal, told }) {
  const cache = await caches.open(PACK + region);
  const answer = await fetch(list, { signal });
  if (!answer.ok) throw Error(source.reload);
  const pages = [...(await answer.json()).pages, ...(await extra())];
  const live = document.querySelector('[data-live]');
  const stock = live && (await load('/stock/manifest.json', 'no-cache').catch(missing));
  const shops = {};
  const left = [...new Set(pages)];
  const wanted = new Set([...left, STOCK]);
  const total = left.length;
  let done = 0;
  async function some() {
    for (let at = left.pop(); at; at = left.pop()) {
      const page = await fetch(at, { signal, cache: 'no-cache' });
      if (page.ok) {
        const body = await page.blob();
        if (at.startsWith(source.merchants)) stockIn(await body.text(), shops);
        await cache.put(at, await keptCopy(page, body));
      } else if (page.status !== 404) throw Error(page.status);
      told((done += 1), total);
    }
  }
  await Promise.all(Array.from({ length: 6 }, some));
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
  await cache.put(STOCK, new Response(JSON.stringify({ at: firstTime(own(stock, 'at')), shops })));
  const kept = { list, when: Math.floor(Date.now() / 1000) };
  await cache.put(LIST, new Response(JSON.stringify(kept)));
}

/** What can be searched without a network: each region's bundles, as its own pack has them. */
export async function keptSearch() {
  if (!('caches' in window)) return null;
  const found = { site: '', words: '', regions: {}, kept: [] };
  for (const name of await ours(PACK)) {
    const region = name.slice(PACK.length);
    const cache = await caches.open(name);
    const [told, list] = await Promise.all([SEARCH, LIST].map(async at => (await cache.match(at))?.json()));
    const mine = told?.v === 2 && own(told.languages[lang]?.regions, region);
    if (!mine || !list) continue;
    found.site = told.site;
    found.regions[region] = mine;
    found.kept.push({ region, when: list.when });
  }
  return found.kept.length ? found : null;
}
