/*
 * Brings an open page up to date with the stock, from /stock/manifest.json and the shard that
 * <body data-stock="m17"> names. m: one merchant's offers; p: a product that several sell. A page
 * without a shard, a listing, learns when stock was last told of: [data-newest]. What is missing,
 * malformed or out of reach leaves the page as it stands.
 * It writes text and classes, never HTML.
 */

import { STATES, firstTime, isCount, latest, onSale, own, readOffer, speech } from './shards.js';

/** What a shard says of an element, or null. */
function readFact(family, { shard, at }, element) {
  const { merchant, sku } = element.dataset;
  if (family === 'p') {
    const gtin = element.closest('[data-gtin]')?.dataset.gtin;
    return readOffer(own(own(shard, gtin), merchant), at);
  }
  const shop = own(shard, merchant);
  const time = firstTime(own(shop, 't'), at);
  return sku === undefined ? own(shop, 'o') && { time } : readOffer(own(own(shop, 'o'), sku), time);
}

// What is written on the page, where it differs

/** An element's own part, not that of an offer within it. */
const part = (element, kind) =>
  [element, ...element.querySelectorAll(`[data-${kind}]`)].find(
    found => kind in found.dataset && found.closest('[data-merchant]') === element,
  );

const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

const plain = text => text.replace(/\s+/g, ' ').trim();

/** Put words in an element, or hide it; tell whether others stood there. */
function put(element, ...nodes) {
  if (!element) return false;
  const text = plain(nodes.map(node => node.textContent ?? node).join(''));
  const differs = plain(element.textContent) !== text;
  if (differs) element.replaceChildren(...nodes);
  element.hidden = !text;
  return differs;
}

function putState(element, state, text) {
  if (!element || !text || element.classList.contains(`is-${state}`)) return false;
  element.classList.remove(...STATES.map(name => `is-${name}`));
  element.classList.add(`is-${state}`);
  element.textContent = text;
  return true;
}

function putPrice(element, offer, now, { money }) {
  if (!element || !isCount(offer.price)) return false;
  if (!onSale(offer, now)) return put(element, money(offer.price));
  const stands = (kind, cents) =>
    plain(element.querySelector(`[data-${kind}]`)?.textContent ?? '') === plain(money(cents));
  // With the day on which it ends, which was baked.
  if (stands('was', offer.price) && stands('now', offer.sale)) return false;
  const [was, price] = [make('s', money(offer.price)), make('b', money(offer.sale))];
  was.dataset.was = price.dataset.now = '';
  return put(element, was, ' ', price);
}

/** Say when something was last confirmed. */
function putTime(element, time, now, speak) {
  const clock = time ? [make('time', speak.checked(time, now))] : [];
  for (const node of clock) node.dateTime = new Date(time * 1000).toISOString();
  put(element, ...clock);
}

/** Show what is known; tell whether state or price changed. */
function show(element, fact, now, speak) {
  const { state, left, time } = fact;
  putTime(part(element, 'verified'), time, now, speak);
  if (!state) return {};
  // A quantity beside "sold out" or "to order" would contradict it.
  const some = isCount(left) && left > 0 && (state === 'in' || state === 'limited');
  put(part(element, 'quantity'), some ? speak.count('left', left) : '');
  const turned = putState(part(element, 'state'), state, speak.say(state));
  const since = part(element, 'since');
  // For good: a state that went and came back has not held since the day that was baked.
  if (turned && since) since.hidden = true;
  return { turned, repriced: putPrice(part(element, 'price'), fact, now, speak) };
}

function watch(family, number, words) {
  const speak = speech(words, document.documentElement.lang);
  const elements = document.querySelectorAll('[data-merchant]');
  const news = document.getElementById('stock-news');
  const newest = document.querySelector('[data-newest]');
  const stale = document.querySelector('[data-stale]:not(#stock-words)');
  const known = new Map();
  let shown = { at: Number(document.body.dataset.at) || 0 };
  let opened = false;
  let hush;
  let busy = false;
  let again = false;

  /** Say it anew even if it was just said, and not for ever: it has only "just" changed. */
  function tell(text) {
    clearTimeout(hush);
    news.textContent = '';
    setTimeout(() => (news.textContent = text), 100);
    hush = setTimeout(() => (news.textContent = ''), 30_000);
  }

  async function refresh() {
    const found = await latest(family, number, shown).catch(() => null);
    shown = found ?? shown;
    // What a newer shard no longer names keeps the time at which it was last heard of.
    for (const element of elements) {
      const fact = readFact(family, shown, element);
      if (fact) known.set(element, fact);
    }
    // All is shown again, failed or not: at midnight "today" ends, and a sale at its hour.
    const now = Date.now() / 1000;
    putTime(newest, shown.at, now, speak);
    const changes = Array.from(known, ([element, fact]) => show(element, fact, now, speak));
    // To someone who has just opened the page, a price it was not built with is no news.
    const told = changes.some(({ turned, repriced }) => turned || (opened && repriced));
    if (told && news) tell(speak.say('changed'));
    put(stale, found || !shown.at ? '' : speak.say('stale', speak.moment(shown.at)));
    opened ||= found;
  }

  /** One refresh at a time; what is asked for meanwhile follows, once. */
  async function wake() {
    again = true;
    if (busy || document.hidden) return;
    busy = true;
    while (again) {
      again = false;
      await refresh();
    }
    busy = false;
  }

  setInterval(wake, 60_000);
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  wake();
}

const [, family, number] = /^([mp])(\d+)$/.exec(document.body.dataset.stock) ?? [];
const words = document.getElementById('stock-words')?.dataset;
if (words && (family || document.querySelector('[data-newest]'))) watch(family, Number(number), words);
