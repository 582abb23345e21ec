/*
 * The page of the search. What the reader asks is in the form and in the address, what is found
 * stands below it: finder.js looks, hits.js shows, position.js knows where the reader is. This
 * keeps them together, says how many there are, and keeps the place of whoever walks by keyboard.
 */

import { lang, read } from './choices.js';
import { band, facets } from './facets.js';
import { open } from './finder.js';
import { rows } from './hits.js';
import { isThere, stockOf } from './instock.js';
import { isOpen } from './openness.js';
import { manifest as pointsTold, pointsOf } from './points.js';
import { around, placeOf, places, position } from './position.js';
import { fold, normalise, placed } from './query.js';

const form = document.getElementById('search');
const words = document.getElementById('search-words').dataset;
const data = JSON.parse(document.getElementById('search-data').textContent);
const [found, browse] = ['found', 'browse'].map(id => document.getElementById(id));
const part = name => found.querySelector(`[data-${name}]`) ?? form.querySelector(`[data-${name}]`);
const [list, news, more, empty, chips, leads] = ['hits', 'news', 'more', 'empty', 'chips', 'leads'].map(part);
const stock = document.getElementById('stock-words')?.dataset;
const number = new Intl.NumberFormat(`${lang}-CA`);
const panel = document.getElementById('filters');
const A_PAGE = 10;
const FAR = 100;

const names = {
  region: new Map(data.regions),
  category: new Map(data.categories.map(([id, parent, name, icon]) => [id, { id, parent, name, icon }])),
  label: new Map(data.labels),
  /** A category and those above it, the highest first. */
  way(id) {
    const here = names.category.get(id);
    return here ? [...names.way(here.parent), id] : [];
  },
};
const row = rows({ words, names, icons: words.icons, stock, lang });
const showFacets = facets(part('facets'), { words, names, lang });

// The state: in the address, and in the form

const TEXTS = ['q', 'kind', 'region', 'category', 'label', 'price', 'near', 'radius', 'sort'];
const TICKS = ['open', 'stock', 'all'];
const NARROW = ['region', 'kind', 'category', 'label', 'price', 'near', 'sort', 'open', 'stock'];

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  const state = Object.fromEntries(TEXTS.map(name => [name, asked.get(name) ?? '']));
  for (const name of TICKS) state[name] = asked.get(name) === '1';
  return { ...state, service: asked.getAll('service') };
}

function fromForm() {
  const given = new FormData(form);
  const state = Object.fromEntries(TEXTS.map(name => [name, (given.get(name) ?? '').trim()]));
  for (const name of TICKS) state[name] = given.has(name);
  return { ...state, near: now.near, all: now.all && state.region === now.region, service: given.getAll('service') };
}

function address(state) {
  const asked = new URLSearchParams();
  for (const name of TEXTS) if (state[name]) asked.set(name, state[name]);
  for (const name of TICKS) if (state[name]) asked.set(name, '1');
  for (const one of state.service) asked.append('service', one);
  return asked.size ? `?${asked}` : location.pathname;
}

/** Put a state into the form; the facets' own fields are made anew with their counts. */
function intoForm(state) {
  for (const field of form.elements) {
    if (!field.name || field.closest('[data-facets]')) continue;
    if (field.type === 'radio') field.checked = field.value === state[field.name];
    else if (field.type === 'checkbox') field.checked = state[field.name];
    else if (field.value.trim() !== state[field.name]) field.value = state[field.name];
  }
}

let now = fromAddress();
let turn = 0;
let finder;
let online;
/** What this search has drawn: rows in order, and how to draw more. */
let drawing = null;
let place = null;

const asks = state => state.q || state.service.length || NARROW.some(name => state[name]);

/** Take up another state: a new page of the history where the reader chose, the same while typing. */
function go(state, { push }) {
  now = state;
  intoForm(state);
  history[push ? 'pushState' : 'replaceState'](null, '', address(state));
  look();
}

// Looking

/** Words after which a town may be named. */
const BESIDE = /(pr[eè]s|proche|autour|c[oô]t[eé]|environs|near|close|around)\s/i;

/** Where distances are counted from: what the words or the address name, or where the reader is. */
async function whence(state) {
  if (state.near) {
    const all = await places(words.places).catch(() => null);
    return { here: (all && placeOf(all, state.near)) ?? position(), q: state.q };
  }
  const told = BESIDE.test(state.q) && (await places(words.places).catch(() => null));
  if (told) {
    const named = new Map(told.towns.map(town => [fold(town.name), town]));
    const { text, place } = placed(state.q, named);
    if (place) return { here: named.get(place), q: text, named: true };
  }
  return { here: position(), q: state.q };
}

let hours;
/** Who is open just now, by the points of a region and the root of a category. */
async function openNow(hit) {
  const { until } = await pointsTold();
  const category = names.way(hit.meta.category)[0];
  const key = `${hit.meta.region}/${category ?? ''}`;
  hours ??= new Map();
  if (!hours.has(key)) {
    hours.set(key, pointsOf({ region: hit.meta.region, category }).then(all => new Map(all.map(one => [one.id, one]))));
  }
  const known = await hours.get(key);
  return hit.shops.some(shop => {
    const { hours: code, zone } = known.get(shop) ?? {};
    return code && isOpen(code, zone || words.zone, Date.now(), until);
  });
}

/** Whether a record is what the reader wants beyond what Pagefind can tell; with its stock. */
async function weighed(hit, state) {
  const [offer, there] = await Promise.all([
    state.stock ? stockOf(hit) : null,
    state.open ? openNow(hit).catch(() => false) : true,
  ]);
  return there && (!state.stock || isThere(offer)) ? { hit, offer } : null;
}

/** Draw until there are so many rows, or no more: who is left out makes no page shorter. */
async function fill(drawn, many) {
  while (drawn.rows.length < many && !drawn.done) {
    const lot = [];
    while (lot.length < A_PAGE) {
      const { value, done } = await drawn.source.next();
      if (done) {
        drawn.done = true;
        break;
      }
      lot.push(value);
    }
    drawn.rows.push(...(await Promise.all(lot.map(hit => weighed(hit, drawn.state)))).filter(Boolean));
  }
}

async function look() {
  const mine = ++turn;
  const late = () => mine !== turn;
  const state = now;
  const asked = asks(state);
  found.hidden = !asked;
  browse.hidden = Boolean(asked);
  document.title = state.q ? `${state.q} – ${words.title}` : words.title;
  if (!asked) return say('');
  form.setAttribute('aria-busy', 'true');
  try {
    if (finder && navigator.onLine !== online) finder = undefined;
    online = navigator.onLine;
    finder ??= open(lang);
    finder.catch(() => (finder = undefined));
    const [engine, { here, q, named }] = await Promise.all([finder, whence(state)]);
    if (late()) return;
    if (!engine) return unable(words.off);
    place = here;
    const sort = state.sort || (here && (named || state.near) ? 'distance' : '');
    const wanted = {
      ...state, q, sort, kind: state.stock ? 'p' : state.kind,
      radius: state.radius && here ? state.radius * 1000 : undefined,
    };
    if (wanted.radius) wanted.sort = 'distance';
    form.elements.sort.value = wanted.sort;
    showPlaced(named || state.near ? here : position());
    const answer = await engine.find(wanted, { way: names.way, here });
    const drawn = { state, answer, rows: [], done: false, source: answer.draw, here, q: answer.instead || q };
    await fill(drawn, A_PAGE);
    if (late()) return;
    drawing = drawn;
    showAge(engine.kept);
    showInstead(answer, { q });
    show(drawn, 0);
    await beside(drawn, wanted, late);
  } catch (fault) {
    if (navigator.onLine) finder = undefined;
    if (!late()) unable(navigator.onLine ? words.failed : words.offline);
  } finally {
    if (!late()) form.removeAttribute('aria-busy');
  }
}

function unable(text) {
  list.replaceChildren();
  more.hidden = empty.hidden = true;
  browse.hidden = false;
  say(text);
}

/** Say it to those who hear the page; the same words twice are said once. */
function say(text) {
  if (news.textContent !== text) news.textContent = text;
}

// Showing

/** Without a network: of which regions this is, and how old. */
function showAge(kept) {
  const line = part('age');
  line.hidden = !kept;
  if (!kept) return;
  const date = new Intl.DateTimeFormat(`${lang}-CA`, { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZone: words.zone });
  line.textContent = kept.map(({ region, when }) =>
    words.age.replace('{region}', names.region.get(region) ?? region).replace('{when}', date.format(when * 1000))).join(' ');
}

const termsOf = q => normalise(q).split(/[^\p{L}\p{N}]+/u).map(fold).filter(term => term.length > 1 || /\d/.test(term));

function show(drawn, from) {
  const { rows: all, here, state, q } = drawn;
  const terms = termsOf(q);
  const shown = all.slice(from, from + A_PAGE);
  const made = shown.map(({ hit, offer }) => row(hit, { terms, here, offer }));
  if (from) list.append(...made);
  else list.replaceChildren(...made);
  drawn.shown = from + shown.length;
  more.hidden = drawn.done && drawn.shown >= all.length;
  empty.hidden = drawn.shown > 0;
  count(drawn);
  if (!state.stock) bringStock(drawn, shown, made, terms);
}

/** Rows do not wait for their stock: it is filled in where its place was kept. */
async function bringStock(drawn, shown, made, terms) {
  await Promise.all(shown.map(async ({ hit }, i) => {
    if (!stock || hit.meta.kind !== 'p') return;
    const offer = await stockOf(hit);
    if (!offer || !made[i].isConnected) return;
    const fresh = row(hit, { terms, here: drawn.here, offer });
    made[i].querySelector('.deal').replaceWith(fresh.querySelector('.deal'));
    made[i].classList.toggle('is-there', isThere(offer));
  }));
}

function count({ state, answer, shown, rows: all, done, counts }) {
  const sifted = state.open || state.stock || state.radius || (state.sort === 'distance' && place);
  if (!shown) return say(words.none);
  if (sifted && !(done && shown >= all.length)) return say(words.some.replace('{n}', number.format(shown)));
  const n = sifted ? all.length : answer.total;
  const kinds = counts && !state.kind && !sifted
    ? `${words.colon}${words.kinds.replace('{m}', number.format(counts.kind.m)).replace('{p}', number.format(counts.kind.p))}` : '';
  say((n === 1 ? words.one : words.many.replace('{n}', number.format(n))) + kinds);
}

/** What stands beside the rows, once they are there: counts, ways out, other ways in. */
async function beside(drawn, wanted, late) {
  const { answer, state } = drawn;
  showChips(state);
  const [counts, ways] = await Promise.all([answer.counts(panel.open), answer.places()]);
  if (late()) return;
  drawn.counts = counts;
  if (panel.open) showFacets(state, counts);
  showKinds(counts, state);
  showRegions(counts, state);
  showLeads(ways, answer.left, state);
  count(drawn);
  if (!drawn.shown) await help(drawn, wanted, late);
}

function showKinds(counts, state) {
  for (const tab of form.querySelectorAll('[data-tabs] label')) {
    const { value } = tab.querySelector('input');
    const n = counts && (value ? counts.kind[value] : counts.kind.m + counts.kind.p);
    // Of the kind that is not looked for nothing is known.
    tab.querySelector('small').textContent = counts && (!state.kind || state.kind === value) && !state.stock ? number.format(n) : '';
  }
}

function showRegions(counts, state) {
  for (const option of form.elements.region.options) {
    const n = option.value ? counts?.region[option.value] : undefined;
    const known = counts && (!state.region || state.region === option.value) && option.value;
    option.textContent = (names.region.get(option.value) ?? words.everywhere) + (known ? ` (${number.format(n ?? 0)})` : '');
  }
}

const button = (text, act) => {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  made.addEventListener('click', act);
  return made;
};

/** What narrows the search, each with the way to take it off. */
function showChips(state) {
  const money = new Intl.NumberFormat(`${lang}-CA`, { style: 'currency', currency: 'CAD', maximumFractionDigits: 0 });
  const level = { proved: words.proved, said: words.said };
  const [label, sure] = state.label.split(':');
  const told = [
    ['category', names.category.get(state.category)?.name],
    ['label', state.label && [names.label.get(label), level[sure]].filter(Boolean).join(', ')],
    ['price', state.price && band(state.price, words, money)],
    ['near', state.near && words.from.replace('{place}', state.near)],
    ['open', state.open && words.opennow], ['stock', state.stock && words.instock],
    ...state.service.map(id => ['service', words[`service${id[0].toUpperCase()}${id.slice(1)}`], id]),
  ].filter(([, text]) => text);
  chips.replaceChildren(...told.map(([name, text, value]) => {
    const without = name === 'service' ? { service: state.service.filter(id => id !== value) } : { [name]: typeof state[name] === 'boolean' ? false : '' };
    const chip = button(text, () => {
      go({ ...now, ...without }, { push: true });
      form.elements.q.focus();
    });
    chip.setAttribute('aria-label', words.without.replace('{name}', text));
    return chip;
  }));
  part('filtered').textContent = told.length ? number.format(told.length) : '';
}

function link({ url, title, kind }) {
  const item = document.createElement('li');
  const made = Object.assign(document.createElement('a'), { href: url, textContent: title });
  const small = Object.assign(document.createElement('small'), { textContent: words[`of${kind}`] ?? '' });
  item.append(made, ' ', small);
  return item;
}

/** Regions, categories and pages that are called so; and what was not looked through. */
function showLeads(ways, left, state) {
  leads.replaceChildren(...ways.map(link));
  leads.hidden = !ways.length;
  const rest = part('left');
  rest.hidden = !left.bundles;
  if (left.bundles) {
    const size = new Intl.NumberFormat(`${lang}-CA`, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });
    rest.querySelector('button').textContent = words.askall.replace('{size}', size.format(left.bytes / 1e6));
    rest.querySelector('button').onclick = () => go({ ...now, all: true }, { push: true });
  }
}

/** Nobody has such a word: what was looked for instead, which a tap makes the question. */
function showInstead({ instead }, { q }) {
  const line = part('meant');
  line.hidden = !instead;
  if (!instead) return line.replaceChildren();
  const [before, after] = words.instead.replace('{q}', q).split('{meant}');
  line.replaceChildren(before, button(instead, () => go({ ...now, q: instead }, { push: true })), after);
}

/** Nothing found: ways to find more. */
async function help(drawn, wanted, late) {
  const { state } = drawn;
  const engine = await finder;
  const radius = state.radius ? Number(state.radius) : 0;
  const each = normalise(drawn.q).split(' ');
  const loose = [
    ...(each.length > 1 ? each.slice(0, 4).map(one => [words.tryonly.replace('{word}', one), { q: one }]) : []),
    state.region && [words.tryeverywhere, { region: '' }],
    radius && radius < FAR && [words.tryfarther.replace('{km}', radius * 4), { radius: String(radius * 4) }],
    state.category && [words.trywithout.replace('{name}', names.category.get(state.category)?.name ?? state.category), { category: names.category.get(state.category)?.parent ?? '' }],
    state.label && [words.trywithout.replace('{name}', names.label.get(state.label.split(':')[0]) ?? state.label), { label: '' }],
    state.price && [words.trywithout.replace('{name}', words.prices), { price: '' }],
    state.service.length && [words.trywithout.replace('{name}', words.services), { service: [] }],
    state.open && [words.trywithout.replace('{name}', words.opennow), { open: false }],
    state.stock && [words.trywithout.replace('{name}', words.instock), { stock: false }],
    state.kind && [words.tryboth, { kind: '' }],
  ].filter(Boolean);
  const tried = await Promise.all(loose.map(async ([text, other]) => {
    const wider = { ...wanted, ...other, radius: other.radius ? other.radius * 1000 : wanted.radius };
    const { total } = await engine.find(wider, { way: names.way, here: drawn.here }).catch(() => ({ total: 0 }));
    return { text, other, total };
  }));
  if (late()) return;
  part('ways').replaceChildren(...tried.filter(({ total }) => total).map(({ text, other, total }) => {
    const item = document.createElement('li');
    const sure = !state.open && !state.stock && !other.radius && !wanted.radius;
    item.append(button(sure ? `${text} (${number.format(total)})` : text, () => go({ ...now, ...other }, { push: true })));
    return item;
  }));
  part('clear').hidden = !chips.childElementCount;
  empty.querySelector('h2').textContent = state.q ? words.nothing.replace('{q}', state.q) : words.none;
  browse.hidden = false;
}

// What the reader does

let typing;
form.addEventListener('input', event => {
  if (event.target.name !== 'q') return;
  clearTimeout(typing);
  // The first letters of a word would fetch the bundles of many others.
  const q = event.target.value.trim();
  if (!q || q.length > 2) typing = setTimeout(() => go(fromForm(), { push: false }), 250);
});
form.addEventListener('change', event => {
  const { name } = event.target;
  if (!name || name === 'q') return;
  clearTimeout(typing);
  const state = fromForm();
  // A distance needs a place to be counted from.
  if ((name === 'sort' && state.sort === 'distance') || name === 'radius') askPlace();
  go(state, { push: true });
});
form.addEventListener('submit', event => {
  event.preventDefault();
  clearTimeout(typing);
  go(fromForm(), { push: address(fromForm()) !== location.search });
});
form.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown' && event.target.name === 'q') {
    list.querySelector('a')?.focus();
    event.preventDefault();
  }
});
list.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...list.querySelectorAll('li > a')];
  const at = links.indexOf(event.target) + step;
  if (at < 0) form.elements.q.focus();
  else links[at]?.focus();
  event.preventDefault();
});
more.addEventListener('click', async () => {
  const drawn = drawing;
  const from = drawn.shown;
  await fill(drawn, from + A_PAGE);
  if (drawn !== drawing) return;
  show(drawn, from);
  list.children[from]?.querySelector('a').focus();
});
part('clear').addEventListener('click', () => {
  go({ ...fromAddress(), ...Object.fromEntries(NARROW.map(name => [name, typeof now[name] === 'boolean' ? false : ''])), service: [], radius: '' }, { push: true });
  form.elements.q.focus();
});
addEventListener('popstate', () => {
  now = fromAddress();
  intoForm(now);
  look();
});

// Where the reader is

/** What can be asked only where distances have a beginning. */
function showPlaced(there) {
  const name = there && (there.name || now.near);
  nearby.textContent = name ? words.nearto.replace('{place}', name) : there ? words.nearhere : nearme;
  for (const field of form.querySelectorAll('[data-placed]')) field.hidden = !there;
}

const asker = document.querySelector('[data-around]');
function askPlace() {
  if (!position() && !now.near) {
    asker.closest('details').open = true;
    asker.querySelector('[data-locate]').focus();
  }
}
document.addEventListener('halles:position', ({ detail }) => {
  // A town may stand in the address; a position never does.
  showPlaced(detail);
  if (detail?.kept) return;
  if (detail) asker.closest('details').open = false;
  const state = { ...now, near: detail?.name ?? '' };
  if (detail && !now.sort) state.sort = 'distance';
  if (!detail) Object.assign(state, { sort: now.sort === 'distance' ? '' : now.sort, radius: '' });
  go(state, { push: true });
});

const [nearby] = [form.querySelector('[data-nearby]')];
const nearme = nearby.textContent;
const wide = matchMedia('(min-width:56rem)');
panel.open = wide.matches;
wide.addEventListener('change', () => (panel.open = wide.matches));
// What the filters hold is asked for once somebody looks at them.
panel.addEventListener('toggle', async () => {
  const drawn = drawing;
  if (!panel.open || !drawn || drawn.counts?.category) return;
  const counts = await drawn.answer.counts(true);
  if (drawn !== drawing) return;
  drawn.counts = counts;
  showFacets(drawn.state, counts);
});
// A reader who has a region looks there first; an address that asks something knows better.
if (!location.search && names.region.has(read().region)) form.elements.region.value = read().region;
else if (location.search) intoForm(now);
around(asker, id => names.region.get(id) ?? '');
if (now.near) asker.querySelector('[data-place]').value = now.near;
showPlaced(position() ?? (now.near ? { name: now.near } : null));
if (location.search) look();

/** Have at hand what the first search will need; what was asked while this came is looked for. */
export async function warm(event) {
  if (event === 'submit' || form.elements.q.value.trim() !== now.q) go(fromForm(), { push: false });
  finder ??= open(lang);
  online = navigator.onLine;
  await finder.then(engine => engine?.warm(form.elements.region.value), () => (finder = undefined));
}
