/*
 * What stands on a live map, and the list beside it: the pins of a region or of a view of the
 * province, what they say, the choices that sift them, and the card that answers to a pin.
 */

import { disc, fill, lang, make, readHash, short, sizeOf, writeHash } from './map-kit.js';
import { isOpen, status } from './openness.js';
import { filesOf, load, manifest, nameLang, pathOf, pointName, pointsOf, under } from './points.js';

const ROOMY = 4000, NARROW = 1500;
/** Zoom from which merchants of the province are shown one by one. */
const CLOSE = 8;
const LISTED = 40;
export async function pins(scene) {
  const { place } = scene;
  scene.told = place.querySelector('[data-told]');
  scene.markers = new Map();
  scene.cards = cardsOf();
  link(scene);
  const drawn = { region, province }[place.dataset.map];
  if (!drawn) return few(scene);
  scene.all = await manifest();
  scene.sift = sift(scene);
  answer(scene, scene.made.cluster);
  return drawn(scene);
}

// A pin, and what it says

const signs = new Map();

/** The sign of a trade: one for all its pins, drawn for those that are shown. */
function sign({ words }, icon) {
  if (!signs.has(icon)) {
    const html = `<svg class="icon"><use href="${words.icons}#${icon}"/></svg>`;
    signs.set(icon, L.divIcon({ className: 'pin', html, iconSize: [30, 38], iconAnchor: [15, 38], popupAnchor: [0, -34] }));
  }
  return signs.get(icon);
}

function pin(scene, point) {
  const name = pointName(point, short);
  const icon = sign(scene, point.icon ?? iconOf(scene, point));
  const marker = L.marker([point.lat, point.lon], { icon, title: name, alt: name, riseOnHover: true });
  marker.point = point;
  return marker;
}

/** What pins do is said once for all of them: a thousand that are never looked at cost little. */
function answer(scene, pins) {
  const turn = on => ({ layer }) => layer.point && light(scene, layer.point.id, on);
  pins.on('mouseover popupopen', turn(true)).on('mouseout popupclose', turn(false));
  pins.on('click keypress', ({ layer, originalEvent }) => {
    const asked = originalEvent.type !== 'keypress' || originalEvent.key === 'Enter';
    if (layer.point && asked && !layer.getPopup()) layer.bindPopup(() => card(scene, layer.point)).openPopup();
  });
  const pane = scene.map.getPane('markerPane');
  const focus = on => ({ target }) => {
    for (const [id, marker] of scene.markers) if (marker.getElement() === target) light(scene, id, on);
  };
  pane.addEventListener('focusin', focus(true));
  pane.addEventListener('focusout', focus(false));
}

const iconOf = ({ all }, { categories }) => all?.categories.get(categories[0])?.icon ?? 'stall';

function openLine(point) {
  const words = document.getElementById('hours-words')?.dataset;
  const until = document.body.dataset.until;
  if (!point.hours || !words || !until) return null;
  const [state, text] = status(point.hours, point.zone || words.zone, Date.now(), { until, words, lang }) ?? [];
  if (!text) return null;
  const line = make('p', { className: 'now', textContent: text });
  line.dataset.now = state;
  return line;
}

/** A merchant in a popup, or in the list of what is in view. */
function card(scene, point) {
  const { all } = scene;
  const name = make('a', { href: point.href ?? pathOf(point, short, all), textContent: pointName(point, short) });
  if (all && nameLang(point, short) !== short) name.lang = nameLang(point, short);
  const kinds = (point.categories ?? []).map(c => all?.categories.get(c)?.name(short)).filter(Boolean);
  const lines = [make('strong', {}, name)];
  if (kinds.length) lines.push(make('p', { textContent: kinds.slice(0, 3).join(', ') }));
  if (point.town) lines.push(make('p', { className: 'town', textContent: point.town }));
  const open = openLine(point);
  if (open) lines.push(open);
  for (const part of point.parts?.() ?? []) lines.push(part);
  return make('div', { className: 'said' }, ...lines);
}

// The list beside the map

function cardsOf() {
  const found = new Map();
  for (const row of document.querySelectorAll('.beside .cards > li, main.product .slate > ul > li')) {
    const href = row.querySelector('a[href]')?.getAttribute('href');
    const [, id] = /\/([^/]+)\/$/.exec(href ?? '') ?? [];
    if (id) found.set(id, row);
  }
  return found;
}

/** Show that a pin and a card are the same merchant's. */
function light(scene, id, on) {
  scene.cards.get(id)?.classList.toggle('is-lit', on);
  const marker = scene.markers.get(id);
  const shown = marker?.getElement() ? marker : marker && scene.made.cluster?.getVisibleParent(marker);
  for (const lit of scene.map.getPane('markerPane').querySelectorAll('.is-lit')) lit.classList.remove('is-lit');
  shown?.getElement()?.classList.toggle('is-lit', on);
}

function link(scene) {
  const turn = on => ({ target }) => {
    const row = target.closest?.('li');
    for (const [id, one] of scene.cards) if (one === row) light(scene, id, on);
  };
  const ways = [['pointerover', true], ['focusin', true], ['pointerout', false], ['focusout', false]];
  const main = document.querySelector('main');
  const calls = ways.map(([name, on]) => [name, turn(on)]);
  for (const [name, call] of calls) main.addEventListener(name, call);
  scene.leaving.push(() => calls.forEach(([name, call]) => main.removeEventListener(name, call)));
}

// One shop, or those who sell a product: the page says all there is

function few(scene) {
  const { place, map } = scene;
  const given = place.dataset.pins.split(';').map(text => text.split(' '));
  const points = given.map(([id, lat, lon]) => {
    const row = scene.cards.get(id);
    const title = row?.querySelector('a[href]') ?? document.querySelector('h1');
    const parts = () => [...(row?.querySelectorAll('.stock, .cost') ?? [])].map(part => part.cloneNode(true));
    return { id, lat: +lat, lon: +lon, name: title.textContent.trim(), href: title.href ?? location.pathname, icon: 'stall', parts };
  });
  for (const point of points) scene.markers.set(point.id, pin(scene, point));
  const group = scene.made.cluster ?? L.featureGroup().addTo(map);
  for (const marker of scene.markers.values()) group.addLayer(marker);
  answer(scene, group);
  const box = L.latLngBounds(points.map(({ lat, lon }) => [lat, lon]));
  if (!readHash().view) map.fitBounds(box, { maxZoom: points.length > 1 ? 14 : 12, padding: [50, 50], animate: false });
  tell(scene, points.length);
  map.on('moveend', () => writeHash(map, {}));
}

function tell({ told, words }, count, more = '') {
  const text = count === 0 ? words.none : count === 1 ? words.one : fill(words.shown, { n: count.toLocaleString(lang) });
  told.textContent = more ? `${text}. ${more}` : text;
}

// What sifts

function sift(scene) {
  const { place, words, all, chosen } = scene;
  const form = make('form', { className: 'sift' });
  form.addEventListener('submit', event => event.preventDefault());
  const select = (name, label, none, options) => {
    if (!options.length) return null;
    const field = make('select', { name }, make('option', { value: '', textContent: none }),
      ...options.map(([value, text]) => make('option', { value, textContent: text })));
    field.value = chosen[name] ?? '';
    if (field.selectedIndex < 0) field.value = '';
    form.append(make('label', {}, `${label} `, field));
    return field;
  };
  const counts = all.regions.get(place.dataset.region)?.counts;
  const root = place.dataset.category;
  const within = root && under(all.categories, root);
  const depth = id => { let n = 0; for (let at = all.categories.get(id)?.parent; at; at = all.categories.get(at)?.parent) n += 1; return n; };
  const base = root ? depth(root) + 1 : 0;
  const branches = [...all.categories.values()]
    .filter(({ id }) => (!within || (within.has(id) && id !== root)) && (!counts || counts.get(id)))
    .map(({ id, name }) => [id, '\u00a0\u00a0'.repeat(depth(id) - base) + name(short)]);
  const category = select('categorie', words.category, words.every, branches);
  const label = select('marque', words.label, words.any, [...all.labels.values()].map(({ id, name }) => [id, name(short)]));
  const now = make('input', { type: 'checkbox', name: 'ouvert', checked: Boolean(chosen.ouvert) });
  form.append(make('label', { className: 'tick' }, now, ` ${words.now}`));
  place.prepend(form);
  const state = {
    form,
    get category() { return category?.value || root || ''; },
    get narrow() { return Boolean(category?.value || label?.value || now.checked); },
    get late() { return Boolean(label?.value || now.checked); },
    chosen: () => ({ categorie: category?.value, marque: label?.value, ouvert: now.checked ? '1' : '' }),
    /** Return those who answer to all choices. */
    of(points) {
      const zone = document.getElementById('hours-words')?.dataset.zone ?? 'America/Montreal';
      const inside = state.category && under(all.categories, state.category);
      const time = Date.now();
      return points.filter(point =>
        (!inside || point.categories.some(c => inside.has(c)))
        && (!label?.value || point.labels.includes(label.value))
        && (!now.checked || isOpen(point.hours, point.zone || zone, time, all.until)));
    },
    onChange(call) {
      form.addEventListener('change', call);
      scene.leaving.push(() => form.remove());
    },
  };
  return state;
}

/** Put these points on the map and no other; what stands there already stays. */
function put(scene, points) {
  const { made: { cluster }, markers } = scene;
  const wanted = new Set(points.map(({ id }) => id));
  const gone = [...markers].filter(([id]) => !wanted.has(id));
  if (gone.length > markers.size / 2) {
    cluster.clearLayers();
    markers.clear();
  } else {
    cluster.removeLayers(gone.map(([, marker]) => marker));
    for (const [id] of gone) markers.delete(id);
  }
  const fresh = points.filter(({ id }) => !markers.has(id)).map(point => {
    const marker = pin(scene, point);
    markers.set(point.id, marker);
    return marker;
  });
  cluster.addLayers(fresh);
}

// A region, or one category of it

async function region(scene) {
  const { place, map, sift } = scene;
  const { region, category } = place.dataset;
  const points = await pointsOf({ region, category });
  const show = () => {
    const found = sift.of(points);
    put(scene, found);
    const ids = new Set(found.map(({ id }) => id));
    // Cards whose merchant has no place answer to no choice: they stay while there is none.
    for (const [id, row] of scene.cards) row.hidden = sift.narrow && !ids.has(id);
    tell(scene, found.length);
  };
  show();
  sift.onChange(() => {
    show();
    writeHash(map, sift.chosen());
  });
  map.on('moveend', () => writeHash(map, sift.chosen()));
  scene.leaving.push(() => {
    for (const row of scene.cards.values()) row.hidden = false;
  });
}

// The province, by view

/** Regions stand close together on a phone: their discs are as small as a finger allows. */
const regionSize = count => Math.max(28, sizeOf(count) - (innerWidth < 700 ? 10 : 0));

/** Move discs as little as it takes so that none hides another, nor its corners: a finger must find each. */
function apart(discs) {
  for (let moved = true, i = 0; moved && i < 300; i += 1) {
    moved = false;
    for (const one of discs) {
      for (const other of discs) {
        if (other === one) break;
        const way = one.at.subtract(other.at);
        const room = (one.size + other.size) / 2 + 1;
        const [x, y] = [room - Math.abs(way.x), room - Math.abs(way.y)];
        if (x <= 0.5 || y <= 0.5) continue;
        moved = true;
        const step = x < y ? L.point(way.x < 0 ? -x / 2 : x / 2, 0) : L.point(0, way.y < 0 ? -y / 2 : y / 2);
        one.at = one.at.add(step);
        other.at = other.at.subtract(step);
      }
    }
  }
}

async function province(scene) {
  const { map, words, all, sift } = scene;
  const most = innerWidth < 700 ? NARROW : ROOMY;
  const discs = L.layerGroup().addTo(map);
  const laid = new Set();
  const around = document.querySelector('[data-in-view]');
  const otherwise = document.querySelector('[data-otherwise]');
  let turn = 0;

  function overview() {
    put(scene, []);
    discs.clearLayers();
    const shown = [...all.regions.values()].map(({ name, n, box: [s, w, north, e], counts }) => {
      const count = sift.category ? counts.get(sift.category) : n;
      return { count, size: regionSize(count), name: name(short), box: [[s, w], [north, e]], at: map.project([(s + north) / 2, (w + e) / 2]) };
    }).filter(({ count }) => count);
    const total = shown.reduce((sum, { count }) => sum + count, 0);
    apart(shown);
    for (const { count, size, name, box, at } of shown) {
      const marker = L.marker(map.unproject(at), { icon: disc(count, words, name, size), title: name });
      marker.on('click keypress', () => map.fitBounds(box, { padding: [20, 20], maxZoom: 12 }));
      discs.addLayer(marker);
    }
    tell(scene, total, sift.late ? words.sifting : words.closer);
    beside(null);
  }

  /** The list of what is in view says what the pins say. */
  function beside(found) {
    if (!around) return;
    around.hidden = !found;
    otherwise.hidden = Boolean(found);
    const rows = (found ?? []).slice(0, LISTED).map(point => make('li', {}, card(scene, point)));
    if (found?.length > LISTED) rows.push(make('li', { className: 'note', textContent: fill(words.more, { n: (found.length - LISTED).toLocaleString(lang) }) }));
    around.querySelector('ul').replaceChildren(...rows);
    scene.cards = cardsOf();
  }

  /** The ground of each region in view, once one is close enough for the province's to be coarse. */
  function layGround(box) {
    if (map.getZoom() < CLOSE) return;
    for (const { id, box: [s, w, n, e] } of all.regions.values()) {
      if (laid.has(id) || scene.made.pmtiles || !box.intersects([[s, w], [n, e]])) continue;
      laid.add(id);
      scene.groundOf(id).then(ground => ground.addTo(map), () => laid.delete(id));
    }
  }

  async function show() {
    const mine = ++turn;
    const box = map.getBounds().pad(0.1);
    layGround(box);
    const files = filesOf(all, { category: sift.category })
      .filter(({ box: [s, w, n, e] }) => box.intersects([[s, w], [n, e]]));
    const sum = files.reduce((total, { n }) => total + n, 0);
    if (map.getZoom() < CLOSE || sum > 2 * most) return overview();
    const lists = await Promise.all(files.map(load)).catch(() => null);
    if (mine !== turn) return;
    if (!lists) return (scene.told.textContent = words.failed);
    const found = sift.of(lists.flat()).filter(({ lat, lon }) => box.contains([lat, lon]));
    if (found.length > most) return overview();
    discs.clearLayers();
    put(scene, found);
    const inside = found.filter(({ lat, lon }) => map.getBounds().contains([lat, lon]));
    tell(scene, inside.length);
    beside(inside);
  }

  sift.onChange(() => {
    show();
    writeHash(map, sift.chosen());
  });
  map.on('moveend', () => {
    show();
    writeHash(map, sift.chosen());
  });
  scene.leaving.push(() => beside(null));
  await show();
}
