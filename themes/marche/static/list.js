/*
 * The shopping list: what choices.js keeps, by shop, with what is known of its stock now. Each
 * shop's shard is asked for; without a network the list says what was last told, and when.
 */

import { fill, handOver, joined, lang, onChange, read, same, say, taken, write } from './choices.js';
import { NONE, firstTime, load, onSale, own, readManifest, readOffer, speech } from './shards.js';

const root = document.getElementById('list');
const words = root.dataset;
const states = document.getElementById('stock-words').dataset;
const speak = speech(states, document.documentElement.lang);
const find = name => root.querySelector(`[data-${name}]`);
const copy = name => document.getElementById(name).content.firstElementChild.cloneNode(true);
let before = null;
let stale = false;

/** Return the items by shop, in the order in which shops were first put down. */
function byShop(list) {
  const shops = new Map();
  for (const item of list) shops.set(item.shop, [...(shops.get(item.shop) ?? []), item]);
  return [...shops.values()];
}

/** Change one item, or take it away with null. */
function change(item, what) {
  const choices = read();
  if (!what) before = choices.list;
  const list = choices.list.flatMap(one => (same(one, item) ? (what ? { ...one, ...what } : []) : one));
  write({ ...choices, list });
}

// What is shown

function showItem(item) {
  const row = copy('list-item');
  const part = name => row.querySelector(`[data-${name}]`);
  const [tick, count, name] = [part('tick'), part('n'), part('name')];
  name.textContent = item.sku ? item.name : words.visit;
  if (item.sku && item.lang !== lang) name.lang = item.lang;
  if (item.at) name.href = item.at;
  for (const control of [tick, count, part('remove')]) {
    control.setAttribute('aria-label', fill(control.dataset.label, { name: item.name }));
  }
  tick.checked = item.done;
  row.classList.toggle('is-done', item.done);
  tick.addEventListener('change', () => change(item, { done: tick.checked }));
  count.value = item.n;
  count.hidden = !item.sku;
  count.addEventListener('change', () => change(item, { n: Math.max(1, Math.min(99, Math.round(count.value) || 1)) }));
  part('remove').addEventListener('click', () => {
    change(item, null);
    offerUndo(fill(words.removed, { name: item.name }));
  });
  const { told } = item;
  if (told?.state) {
    part('how').classList.add(`is-${told.state}`);
    part('how').textContent = states[told.state];
    part('how').hidden = false;
  }
  part('cost').textContent = told?.price ? speak.money(told.price) : item.cost;
  return row;
}

function showShop(items) {
  const [{ store, to, name, tel, phone, where, lang: tongue }] = items;
  const section = copy('list-shop');
  const part = name => section.querySelector(`[data-${name}]`);
  part('store').textContent = store || name;
  if (tongue !== lang) part('store').lang = tongue;
  if (to) part('store').href = to;
  part('where').textContent = where;
  part('tel').textContent = phone;
  if (tel) part('tel').href = `tel:${tel}`;
  part('tel').hidden = !phone;
  const time = Math.min(...items.flatMap(({ told }) => told?.time ?? []));
  if (time < Infinity) {
    part('checked').textContent = stale ? speak.say('stale', speak.moment(time)) : speak.checked(time, Date.now() / 1000);
    part('checked').hidden = false;
  }
  part('items').append(...items.map(showItem));
  return section;
}

function show() {
  const { list } = read();
  const [control] = [document.activeElement?.getAttribute('aria-label')];
  find('shops').replaceChildren(...byShop(list).map(showShop));
  find('empty').hidden = list.length > 0;
  for (const button of root.querySelectorAll('[data-whole]')) button.hidden = !list.length;
  find('undo').hidden = !before;
  // Shown anew, the list keeps the place of whoever walks it by keyboard.
  if (control) root.querySelector(`[aria-label="${CSS.escape(control)}"]`)?.focus();
}

function offerUndo(text) {
  show();
  say(text);
  find('undone').textContent = text;
  find('undo').querySelector('button').focus();
}

// What is asked of the site

/** What a shard says of an item, or nothing if its shop is not there. */
function readTold(shard, { shop, sku }, at) {
  const there = own(shard, shop);
  const offer = there && readOffer(own(own(there, 'o'), sku), own(there, 't'), at);
  if (!offer) return there && { state: 'unknown', price: 0, time: firstTime(own(there, 't'), at) };
  const price = onSale(offer, Date.now() / 1000) ? offer.sale : offer.price;
  return { state: offer.state, price: Number.isSafeInteger(price) ? price : 0, time: offer.time };
}

/** The shard that a shop's page names today: their number may have changed. */
async function shardOf(shop) {
  const text = shop.to && (await (await fetch(shop.to)).text());
  return /<body data-stock="(m\d+)"/.exec(text)?.[1] ?? '';
}

async function news(items, manifest) {
  const ask = async name => {
    const { at, hash } = readManifest(manifest, 'm', Number(name.slice(1)));
    const shard = hash === NONE ? {} : await load(`/stock/${name}-${hash}.json`);
    return items.map(item => (item.sku ? readTold(shard, item, at) : undefined));
  };
  let [{ shard: name }] = items;
  let told = name ? await ask(name).catch(() => []) : [];
  if (!told.some(Boolean) && items.some(({ sku }) => sku)) {
    name = await shardOf(items[0]);
    told = name ? await ask(name) : [];
  }
  return items.map((item, i) => ({ ...item, shard: name, told: told[i] }));
}

async function refresh() {
  if (document.hidden || !('live' in words)) return;
  const shops = byShop(read().list);
  if (!shops.length) return;
  let fresh = [];
  try {
    const manifest = await load('/stock/manifest.json', 'no-cache');
    if (manifest === undefined) return;
    fresh = (await Promise.all(shops.map(items => news(items, manifest)))).flat();
    stale = false;
  } catch {
    stale = true;
  }
  // The reader may have gone on writing the list meanwhile.
  const choices = read();
  const list = choices.list.map(item => {
    const now = fresh.find(one => same(one, item));
    return now ? { ...item, shard: now.shard, told: now.told } : item;
  });
  if (fresh.length) write({ ...choices, list });
  else show();
}

// What the reader may do with the whole of it

function asText() {
  return byShop(read().list)
    .map(items => {
      const [{ store, name, where, phone }] = items;
      const rows = items.map(({ sku, name, n, done }) => `${done ? '[x]' : '[ ]'} ${sku ? `${n} × ${name}` : words.visit}`);
      return [store || name, [where, phone].filter(Boolean).join(' · '), ...rows].filter(Boolean).join('\n');
    })
    .join('\n\n');
}

const doing = {
  print: () => print(),
  text: () => handOver(`${words.file}.txt`, 'text/plain;charset=utf-8', `${asText()}\n`),
  json: () => handOver(`${words.file}.json`, 'application/json', JSON.stringify({ list: read().list }, null, 1)),
  empty() {
    const choices = read();
    before = choices.list;
    write({ ...choices, list: [] });
    offerUndo(words.emptied);
  },
  undo() {
    write({ ...read(), list: before });
    before = null;
    show();
    say(words.restored);
    document.getElementById('list-title').focus();
  },
};
for (const button of root.querySelectorAll('button[data-do]')) {
  button.addEventListener('click', doing[button.dataset.do]);
}
find('import').addEventListener('change', async ({ target }) => {
  const given = target.files[0] && (await taken(target.files[0]));
  if (given) write(joined(read(), given));
  find('told').textContent = given ? fill(words.imported, { n: given.list.length }) : words.refused;
  target.value = '';
  refresh();
});

root.hidden = false;
onChange(show);
show();
refresh();
setInterval(refresh, 60_000);
addEventListener('online', refresh);
addEventListener('offline', refresh);
document.addEventListener('visibilitychange', refresh);
