/*
 * The stock of what a search found: from the shards, each asked for once a page; without a
 * network, as it stood when the reader kept a region (mine.js), with the hour at which it did.
 */

import { NONE, firstTime, load, onSale, own, readManifest, readOffer } from './shards.js';
import { shardOf } from './shardof.js';

const FRESH = 60_000;
const shards = new Map();
let manifest;
let asked = 0;

/** The manifest, a minute old at most; null where the site tells of no stock. */
async function newest() {
  if (!document.querySelector('[data-live]')) return null;
  if (!manifest || Date.now() - asked > FRESH) {
    asked = Date.now();
    manifest = load('/stock/manifest.json', 'no-cache').then(told => told ?? null);
    manifest.catch(() => (manifest = null));
  }
  return manifest;
}

async function shardFor(family, name, told) {
  const number = shardOf(name, String(own(told, family)).length / 8);
  const { at, hash } = readManifest(told, family, number);
  if (hash === NONE) return { at, shard: {} };
  const url = `/stock/${family}${number}-${hash}.json`;
  if (!shards.has(url)) {
    const asking = load(url);
    asking.catch(() => shards.delete(url));
    shards.set(url, asking);
  }
  return { at, shard: await shards.get(url) };
}

/** One shop's word on one product; null where the shop takes no part. */
async function offerOf(shop, sku, told) {
  const { at, shard } = await shardFor('m', shop, told);
  const there = own(shard, shop);
  const time = firstTime(own(there, 't'), at);
  return there ? readOffer(own(own(there, 'o'), sku), time) ?? { state: 'unknown', time } : null;
}

const WORTH = ['in', 'limited', 'display', 'unknown', 'out'];
/** Of several shops, the one that has it, and asks least for it. */
const best = offers => offers.filter(Boolean).sort(
  (a, b) => WORTH.indexOf(a.state) - WORTH.indexOf(b.state) || (a.price ?? Infinity) - (b.price ?? Infinity),
)[0] ?? null;

async function live({ shops, skus }) {
  const told = await newest();
  if (!told) return null;
  const offers = await Promise.all(skus.slice(0, 8).map((sku, i) => offerOf(shops[i], sku, told)));
  return best(offers);
}

let packs;
/** What packs say of stock: each region's, as it was when the reader fetched it. */
async function keptOffers() {
  if (!('caches' in window)) return [];
  const names = (await caches.keys()).filter(name => name.startsWith('halles-pack-'));
  const answers = await Promise.all(names.map(async name => (await caches.open(name)).match('/hors-ligne/stock.json')));
  return Promise.all(answers.filter(Boolean).map(answer => answer.json()));
}

async function kept({ shops, skus }) {
  packs ??= keptOffers();
  const offers = (await packs).flatMap(({ at, shops: told }) => skus.map((sku, i) => {
    const row = own(own(told, shops[i]), sku);
    return row && { state: row[0], price: row[1], time: at, kept: true };
  }));
  return best(offers);
}

/** What is known of a product's stock: {state, price, sale, until, time}, `kept` if it is not today's. */
export async function stockOf(hit) {
  if (hit.meta.kind !== 'p' || !hit.skus.length) return null;
  return live(hit).catch(() => kept(hit)).catch(() => null);
}

export const isThere = offer => offer?.state === 'in' || offer?.state === 'limited';
export const priceNow = (offer, now) => (onSale(offer, now) ? offer.sale : offer.price);
