/*
 * What a search found, as rows: text and marks, never HTML. Words are those of the page (data-… of
 * #search and of #stock-words).
 */

import { isThere, priceNow } from './instock.js';
import { distance } from './position.js';
import { fold } from './query.js';
import { metresTo } from './drawing.js';
import { speech } from './shards.js';

const make = (tag, type, ...inside) => {
  const element = document.createElement(tag);
  if (type) element.className = type;
  element.append(...inside.filter(Boolean));
  return element;
};

const A_FEW = 30;
/** Ends a word that the index parts from the next, with which it is written as one (halles/search/texts.py). */
const GOES_ON = '\u2060 ';

/**
 * What a record says besides what its row does: about the first word that was looked for, which is
 * marked; its beginning, where it was found by others.
 */
function excerpt({ content, locations }) {
  const [head, words] = content.split('\n').map(line => line.match(/\S+\s*/g) ?? []);
  const found = new Set(locations.map(place => place - head.length));
  const first = words.findIndex((_, place) => found.has(place));
  let from = Math.max(0, Math.min(first - A_FEW / 3, words.length - A_FEW));
  while (words[from - 1]?.endsWith(GOES_ON)) from -= 1;
  const parts = words.slice(from, from + A_FEW).flatMap((word, i) => {
    const [, before, letters, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u.exec((i + 1 < A_FEW ? word : word.trimEnd()).replace(GOES_ON, ''));
    return found.has(from + i) && letters ? [before, make('mark', '', letters), after] : before + letters + after;
  });
  return [from && '… ', ...parts, from + A_FEW < words.length && '…'];
}

/** A text in which the words that were looked for are marked, accents or not. */
export function marked(text, terms) {
  const plain = [...text].map(char => char.normalize('NFD')[0].toLowerCase());
  const at = plain.join('');
  // An accent more would put all that follows out of place.
  if (at.length !== text.length) return [text];
  const begins = terms.flatMap(term => [...at.matchAll(new RegExp(`(?<![a-z0-9])${term}`, 'g'))].map(({ index }) => [index, index + term.length]));
  begins.sort(([a], [b]) => a - b);
  const parts = [];
  let done = 0;
  for (const [from, to] of begins) {
    if (from < done) continue;
    parts.push(text.slice(done, from), make('mark', '', text.slice(from, to)));
    done = to;
  }
  return [...parts, text.slice(done)].filter(Boolean);
}

/** Return what makes a row of a hit. */
export function rows({ words, names, icons, stock, lang }) {
  const speak = stock && speech(stock, lang);
  const states = stock ?? {};

  function told(offer) {
    const said = offer.time && (offer.kept ? speak.say('kept', speak.moment(offer.time)) : speak.checked(offer.time, Date.now() / 1000));
    const time = said && make('time', '', said);
    if (time) time.dateTime = new Date(offer.time * 1000).toISOString();
    return [make('span', `state is-${offer.state}`, states[offer.state]), ' ', time];
  }

  function price(hit, offer) {
    const now = Date.now() / 1000;
    if (offer && Number.isSafeInteger(offer.price)) {
      const cents = priceNow(offer, now);
      return [cents < offer.price && make('s', '', speak.money(offer.price)), cents < offer.price && ' ', make('b', '', speak.money(cents))];
    }
    // Of what is out of date no price is told; where no feed tells one, the record's own.
    const dollars = Number(hit.meta.price);
    if (offer?.state === 'unknown' || !dollars) return [];
    const money = new Intl.NumberFormat(`${lang}-CA`, { style: 'currency', currency: 'CAD' });
    return [make('b', '', hit.meta.shops > 1 ? words.fromprice.replace('{price}', money.format(dollars)) : money.format(dollars))];
  }

  function where({ meta, spots }, here, terms) {
    const region = names.region.get(meta.region);
    const away = here ? metresTo({ spots }, here) : Infinity;
    const town = [meta.town, region !== meta.town && region].filter(Boolean).join(', ');
    return [away < Infinity && make('b', 'far', distance(away)), away < Infinity && town && ' · ', ...marked(town, terms)];
  }

  /** A row; `offer` is what is known of its stock. */
  return (hit, { terms, here, offer }) => {
    const { meta } = hit;
    const category = names.category.get(meta.category);
    const row = make('li', meta.kind === 'p' ? 'is-product' : 'is-merchant');
    const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    picture.setAttribute('class', 'icon');
    picture.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${icons}#${category?.icon ?? 'stall'}`);
    picture.append(use);
    const link = make('a', '', ...marked(meta.title, terms));
    link.href = hit.url;
    const sellers = meta.shops > 1 ? words.shops.replace('{n}', meta.shops) : meta.shop;
    const trade = meta.kind === 'p' ? [sellers && words.at.replace('{shop}', sellers), category?.name] : [category?.name];
    row.append(picture, link, make('p', 'town', ...where(hit, here, terms)));
    row.append(make('p', 'trade', ...marked(trade.filter(Boolean).join(' · '), terms)));
    const said = new Set([...row.querySelectorAll('mark')].map(one => fold(one.textContent)));
    // Its place is kept, for what the stock will say.
    if (meta.kind === 'p') row.append(make('p', 'deal', ...price(hit, offer), ' ', ...(offer ? told(offer) : [])));
    const label = meta.label && names.label.get(meta.label);
    if (label) {
      const sure = meta.level === 'proved';
      row.append(make('p', 'origin mark', make('span', `plaque is-${sure ? 'certified' : 'declared'}`, label), ' ', make('span', 'level', sure ? words.proved : words.said)));
    }
    // What the row says already need not be said again.
    const more = said.size < terms.length ? excerpt(hit).filter(Boolean) : [];
    if (more.length) row.append(make('p', 'excerpt', ...more));
    row.classList.toggle('is-there', isThere(offer));
    return row;
  };
}
