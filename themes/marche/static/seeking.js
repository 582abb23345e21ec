/*
 * The page of the search. What the reader asks is in the form and in the address, what is found
 * stands below it: finder.js looks, hits.js shows, position.js knows where the reader is. This
 * keeps them together, says how many there are, and keeps the place of whoever walks by keyboard.
 */

import { lang, read } from './choices.js';
import { NARROW, address, asks, form, found, fromAddress, fromForm, intoForm, names, number, part, words } from './asked.js';
import { beside } from './beside.js';
import { facets } from './facets.js';
import { open } from './finder.js';
import { rows } from './hits.js';
import { isThere, stockOf } from './instock.js';
import { isOpen } from './openness.js';
import { manifest as pointsTold, pointsOf } from './points.js';
import { around, placeOf, places, position, postal } from './position.js';
import { fold, normalise, placed, spelt } from './query.js';

const browse = document.getElementById('browse');
const [list, news, more, empty] = ['hits', 'news', 'more', 'empty'].map(part);
const stock = document.getElementById('stock-words')?.dataset;
const panel = document.getElementById('filters');
const A_PAGE = 10;

const row = rows({ words, names, icons: words.icons, stock, lang });
const side = beside({ change: other => go({ ...now, ...other }, { push: true }) });
const showFacets = facets(part('facets'), { words, names, lang });

let now = fromAddress();
let turn = 0;
let finder;
let online;
/** What this search has drawn: rows in order, and how to draw more. */
let drawing = null;
let place = null;

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
  const code = postal(state.q);
  const told = (code || BESIDE.test(state.q)) && (await places(words.places).catch(() => null));
  const there = code && told?.codes.get(code.code);
  if (there) return { here: there, q: code.before, named: true };
  // A whole code is nothing else; its first half may be a model, or water.
  if (told && code?.rest && !code.before) return { unknown: true };
  if (told) {
    const named = new Map(told.towns.map(town => [fold(town.name), town]));
    const { text, place } = placed(state.q, named);
    if (place) return { here: named.get(place), q: text, named: true };
  }
  return { here: position(), q: state.q };
}

/** The points of each region and root of a category that were asked for: they tell hours. */
const hours = new Map();
const hoursKey = ({ meta }) => `${meta.region}/${names.way(meta.category)[0] ?? ''}`;

/** Whether somebody who has it is open just now. */
async function openNow(hit) {
  const { until } = await pointsTold();
  const key = hoursKey(hit);
  if (!hours.has(key)) {
    const [region, category] = key.split('/');
    hours.set(key, pointsOf({ region, category }).then(all => new Map(all.map(one => [one.id, one]))));
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
    drawn.done ||= drawn.rows.length >= drawn.answer.total;
  }
}

/** Why a question cannot be asked, if it cannot. */
function unaskable({ q }) {
  const letters = fold(q).length;
  return !q || letters > 1 ? '' : letters ? words.oneletter : words.noword.replace('{q}', q);
}

/** Look for what is asked. A site that was built anew meanwhile is opened anew, once. */
async function look(again = false) {
  const mine = ++turn;
  const late = () => mine !== turn;
  const state = now;
  const asked = asks(state);
  found.hidden = !asked;
  browse.hidden = Boolean(asked);
  document.title = state.q ? `${state.q} – ${words.title}` : words.title;
  if (!asked) return say('');
  const why = unaskable(state);
  if (why) return unable(why);
  form.setAttribute('aria-busy', 'true');
  try {
    if (finder && navigator.onLine !== online) finder = undefined;
    online = navigator.onLine;
    finder ??= open(lang, again ? 'reload' : undefined);
    finder.catch(() => (finder = undefined));
    const [engine, { here, q, named, unknown }] = await Promise.all([finder, whence(state)]);
    if (late()) return;
    if (!engine) return unable(words.off);
    if (unknown) return unable(asker.dataset.unknown);
    place = here;
    const sort = state.sort || (here && (named || state.near) ? 'distance' : '');
    const wanted = {
      ...state, q, sort, kind: state.stock ? 'p' : state.kind,
      radius: state.radius && here ? state.radius * 1000 : undefined,
    };
    if (wanted.radius) wanted.sort = 'distance';
    form.elements.sort.value = wanted.sort;
    showPlaced(named || state.near ? here : position());
    const where = { way: names.way, here };
    let answer = await engine.find(wanted, where);
    // Nothing where there is most of it: there may be where there is less.
    if (!answer.total && answer.left.bundles) answer = await engine.find({ ...wanted, all: 'here' }, where);
    const drawn = { state, answer, rows: [], done: false, source: answer.draw, here };
    await fill(drawn, A_PAGE);
    if (late()) return;
    // Where what was meant is not there either, it is no answer.
    answer.instead = drawn.rows.length ? spelt(answer.instead, q, drawn.rows.map(({ hit }) => hit)) : '';
    drawn.q = answer.instead || q;
    if (engine.stale || ((answer.instead || !drawn.rows.length) && !again && (await engine.outdated()))) throw Error('stale');
    if (late()) return;
    drawing = drawn;
    found.classList.remove('is-mute');
    side.age(engine.kept);
    side.instead(answer, { q });
    show(drawn, 0);
    await showBeside(drawn, wanted, { engine, late });
  } catch {
    if (late()) return;
    if (navigator.onLine) finder = undefined;
    if (navigator.onLine && !again) return look(true);
    unable(navigator.onLine ? words.failed : words.offline);
  } finally {
    if (!late()) form.removeAttribute('aria-busy');
  }
}

function unable(text) {
  list.replaceChildren();
  more.hidden = empty.hidden = true;
  found.classList.add('is-mute');
  browse.hidden = false;
  say(text);
}

/** Say it to those who hear the page; the same words twice are said once. */
function say(text) {
  if (news.textContent !== text) news.textContent = text;
}

// Showing

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
  side.ticks({});
  (state.stock ? Promise.resolve() : bringStock(drawn, shown, made, terms)).then(() => countTicks(drawn));
}

/** How many each tick would leave, where all that was found is shown, and known without asking for more. */
async function countTicks(drawn) {
  const { rows: all, state, shown, done } = drawn;
  if (!done || shown < all.length) return;
  const there = all.filter(({ hit, offer }) => hit.meta.kind === 'p' && isThere(offer)).length;
  const known = all.every(({ hit }) => hours.has(hoursKey(hit)));
  const open = known && (await Promise.all(all.map(({ hit }) => openNow(hit).catch(() => false)))).filter(Boolean).length;
  // In stock means products, whatever was looked for before.
  if (drawn === drawing) side.ticks({ open, stock: state.kind !== 'm' && there });
}

/** Rows do not wait for their stock: it is filled in where its place was kept. */
async function bringStock(drawn, shown, made, terms) {
  await Promise.all(shown.map(async ({ hit }, i) => {
    if (!stock || hit.meta.kind !== 'p') return;
    const offer = await stockOf(hit);
    shown[i].offer = offer;
    if (!offer || !made[i].isConnected) return;
    const fresh = row(hit, { terms, here: drawn.here, offer });
    made[i].querySelector('.deal').replaceWith(fresh.querySelector('.deal'));
    made[i].classList.toggle('is-there', isThere(offer));
  }));
}

/** Whether there is something that was not asked, and may have more. */
const isPartial = ({ left }) => Boolean(left.bundles || left.regions.length);

function count({ state, answer, shown, rows: all, done, counts }) {
  const sifted = state.open || state.stock || state.radius || (state.sort === 'distance' && place);
  if (!shown) return say(words.none);
  if (sifted && !(done && shown >= all.length)) return say(words.some.replace('{n}', number.format(shown)));
  const n = sifted ? all.length : answer.total;
  const partly = isPartial(answer) ? words.partly : '';
  const kinds = counts && !state.kind && !sifted
    ? `${words.colon}${words.kinds.replace('{m}', number.format(counts.kind.m)).replace('{p}', number.format(counts.kind.p))}` : '';
  say((n === 1 ? words.one : words.many.replace('{n}', number.format(n))) + partly + kinds);
}

/** What stands beside the rows, once they are there: counts, ways out, other ways in. */
async function showBeside(drawn, wanted, { engine, late }) {
  const { answer, state } = drawn;
  side.narrowed(state);
  side.rest(answer.left);
  const [counts, ways] = await Promise.all([answer.counts(panel.open), answer.places()]);
  if (late()) return;
  drawn.counts = counts;
  if (panel.open) showFacets(state, counts);
  side.kinds(counts, state);
  side.regions(counts, state, isPartial(answer));
  side.others(ways, drawn);
  count(drawn);
  if (drawn.shown) return;
  await side.help(drawn, wanted, { engine, late });
  if (!late()) browse.hidden = false;
}

// What the reader does

let typing;
form.addEventListener('input', event => {
  if (event.target.name !== 'q') return;
  clearTimeout(typing);
  // The first letters of a word would fetch the bundles of many others: they are waited for.
  const q = event.target.value.trim();
  if (finder && q.length > 2) finder.then(engine => engine?.prepare(fromForm(now))).catch(() => null);
  const short = q.split(' ').pop().length < 4;
  if (!q || q.length > 2) typing = setTimeout(() => go(fromForm(now), { push: false }), short ? 500 : 250);
});
form.addEventListener('change', event => {
  const { name } = event.target;
  if (!name || name === 'q') return;
  clearTimeout(typing);
  const state = fromForm(now);
  // A distance needs a place to be counted from.
  if ((name === 'sort' && state.sort === 'distance') || name === 'radius') askPlace();
  go(state, { push: true });
});
form.addEventListener('submit', event => {
  event.preventDefault();
  clearTimeout(typing);
  go(fromForm(now), { push: address(fromForm(now)) !== location.search });
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
  try {
    await fill(drawn, from + A_PAGE);
  } catch {
    return drawn === drawing && look();
  }
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
  if (event === 'submit' || form.elements.q.value.trim() !== now.q) go(fromForm(now), { push: false });
  finder ??= open(lang);
  online = navigator.onLine;
  await finder.then(engine => engine?.warm(form.elements.region.value), () => (finder = undefined));
}
