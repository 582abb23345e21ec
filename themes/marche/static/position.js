/*
 * Where the reader is: by one tap, a postal code or a town. A position stays in the page: it is not
 * sent, not in the address, and not kept unless the reader says so. [data-around] holds the form
 * and its words (templates/_around.html); whoever needs to know listens to `halles:position`.
 */

import { lang, read, write } from './choices.js';
import { fold } from './query.js';

export const language = lang;

const MOST = 8;
/** A name as people type it: without accents, and "St" for "Saint". */
export const folded = text => fold(text).replace(/\bst(e?)\b/g, 'saint$1');

let asked;
/** Towns and postal codes with their centres, asked for once. */
export function places(url) {
  asked ??= fetch(url, { signal: AbortSignal.timeout(20_000) }).then(async answer => {
    if (!answer.ok) throw Error(answer.status);
    const { grain, towns, codes } = await answer.json();
    return {
      towns: towns.map(([name, region, lat, lon]) => ({ name, region, lat: lat / grain, lon: lon / grain, key: folded(name) })),
      codes: new Map(Object.entries(codes).map(([code, [lat, lon]]) => [code, { name: code, lat: lat / grain, lon: lon / grain }])),
    };
  });
  asked.catch(() => (asked = undefined));
  return asked;
}

/** The towns that begin so, then those in which a word does. */
export function towns(all, text) {
  const key = folded(text);
  if (!key) return [];
  const begin = all.filter(town => town.key.startsWith(key));
  const within = all.filter(town => !town.key.startsWith(key) && town.key.includes(` ${key}`));
  return [...begin, ...within].slice(0, MOST);
}

/** A postal code, or its first half, at the end of a text: what stands before it, and both halves. */
export function postal(text) {
  const found = /(?:^|\s)([a-z]\d[a-z])\s*(\d[a-z]\d)?\s*$/i.exec(text);
  return found && { before: text.slice(0, found.index).trim(), code: found[1].toUpperCase(), rest: found[2] };
}

/** The place that a text names, if it names one: a postal code, or a town. */
export function placeOf({ towns: all, codes }, text) {
  const said = postal(text);
  if (said && !said.before) return codes.get(said.code) ?? null;
  const key = folded(text);
  return all.find(town => town.key === key) ?? null;
}

let here = null;
export const position = () => here;

function tell(place, kept) {
  here = place;
  const detail = place && { lat: place.lat, lon: place.lon, accuracy: place.accuracy, name: place.name, kept };
  document.dispatchEvent(new CustomEvent('halles:position', { detail }));
}

/** Have a form ask for the place; what was kept before is used at once. */
export function around(root, regionName) {
  const words = root.dataset;
  const find = name => root.querySelector(`[data-${name}]`);
  const [input, box, news, keep, forget] = ['place', 'options', 'whereabouts', 'keep', 'forget'].map(find);
  let shown = [];
  let at = -1;

  const say = text => (news.textContent = text);
  const said = place => (place.name ? words.from.replace('{place}', place.name) : words.found);

  function close() {
    box.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function take(place, kept = false) {
    close();
    input.value = place.name ?? '';
    say(said(place));
    forget.hidden = false;
    root.classList.add('is-set');
    if (keep.checked) write({ ...read(), place });
    tell(place, kept);
  }

  function mark(next) {
    at = next;
    [...box.children].forEach((option, i) => option.setAttribute('aria-selected', i === at));
    if (at >= 0) input.setAttribute('aria-activedescendant', box.children[at].id);
    box.children[at]?.scrollIntoView({ block: 'nearest' });
  }

  async function offer() {
    const all = await places(words.places).catch(() => null);
    if (!all) return say(words.unreachable);
    shown = towns(all.towns, input.value);
    box.replaceChildren(...shown.map((town, i) => {
      const option = document.createElement('li');
      Object.assign(option, { id: `${input.id}-${i}`, role: 'option' });
      const where = document.createElement('small');
      where.textContent = regionName(town.region);
      option.append(town.name, ' ', where);
      option.setAttribute('aria-selected', 'false');
      option.addEventListener('pointerdown', event => event.preventDefault());
      option.addEventListener('click', () => take(town));
      return option;
    }));
    box.hidden = !shown.length;
    input.setAttribute('aria-expanded', String(!!shown.length));
    at = -1;
  }

  async function named() {
    if (at >= 0) return take(shown[at]);
    const all = await places(words.places).catch(() => null);
    if (!all) return say(words.unreachable);
    const place = placeOf(all, input.value) ?? towns(all.towns, input.value)[0];
    if (place) take(place);
    else say(words.unknown);
  }

  input.addEventListener('input', offer);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    const { key } = event;
    if (key === 'Escape' && !box.hidden) close();
    else if (key === 'ArrowDown' && shown.length && !box.hidden) mark((at + 1) % shown.length);
    else if (key === 'ArrowUp' && shown.length && !box.hidden) mark((at <= 0 ? shown.length : at) - 1);
    else if (key === 'Enter') named();
    else return;
    event.preventDefault();
  });
  find('locate').addEventListener('click', () => {
    if (!navigator.geolocation) return say(words.unable);
    say(words.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => take({ lat: latitude, lon: longitude, accuracy }),
      () => say(words.refused),
      { maximumAge: 300_000, timeout: 15_000 },
    );
  });
  keep.addEventListener('change', () => {
    const place = keep.checked && here;
    write({ ...read(), place: place || null });
  });
  forget.addEventListener('click', () => {
    keep.checked = false;
    write({ ...read(), place: null });
    input.value = '';
    forget.hidden = true;
    say(words.forgotten);
    root.classList.remove('is-set');
    tell(null);
    input.focus();
  });

  const kept = read().place;
  keep.checked = !!kept;
  if (kept) take(kept, true);
  root.hidden = false;
  return { take };
}

const metres = new Intl.NumberFormat(`${lang}-CA`, { style: 'unit', unit: 'kilometer', maximumFractionDigits: 1 });
const kilometres = new Intl.NumberFormat(`${lang}-CA`, { style: 'unit', unit: 'kilometer', maximumFractionDigits: 0 });
/** A distance in words: as far as the crow flies. */
export const distance = m => (m < 9950 ? metres : kilometres).format(Math.max(m, 100) / 1000);
