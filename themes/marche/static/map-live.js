/*
 * Makes a map live once map.js has brought Leaflet and the shell of its archetype: lays the built-in
 * backdrop under it, and keeps the address, the reader's place and the keyboard in step with it.
 * What is on it comes from map-pins.js.
 */

import { read } from './choices.js';
import { disc, fill, make, readHash } from './map-kit.js';
import { pins } from './map-pins.js';
import { filesOf, manifest } from './points.js';

/** As halles/maps has them: all that is ever drawn, how much of it around a picture, and all regions' name. */
const DRAWN = [[36, -100], [72, -44]], AROUND = 0.4, PROVINCE = '_';
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
// The backdrop

const SVG = 'http://www.w3.org/2000/svg';

/** A region's picture as it lies on the earth; it is the file that pages show. */
function ground(href, [south, west, north, east, height], pane = 'ground') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 6400 ${height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${href}#all`);
  svg.append(use);
  return L.svgOverlay(svg, [[south, west], [north, east]], { pane, className: 'ground' });
}

/** The same, of a region that the page does not show: the file says what it is a picture of. */
async function groundOf(region, pane) {
  const href = `/carte/${region}.svg`;
  const [, frame] = /data-frame="([^"]+)"/.exec(await (await fetch(href)).text());
  return ground(href, frame.split(' ').map(Number), pane);
}

/** All regions beneath a region's own picture, once the reader looks beyond it. */
function layFar(map, drawn) {
  const look = () => {
    if (drawn.contains(map.getBounds())) return;
    map.off('moveend', look);
    groundOf(PROVINCE, 'far').then(far => far.addTo(map), () => map.on('moveend', look));
  };
  map.on('moveend', look);
  look();
}

// The reader

function markReader(map, words, shown, place, near) {
  let marks = [];
  const show = (place, near) => {
    for (const mark of marks.splice(0)) mark.remove();
    if (!place) return;
    const at = [place.lat, place.lon];
    const icon = L.divIcon({ className: 'reader', iconSize: [22, 22] });
    marks = [L.marker(at, { icon, title: words.here, alt: words.here, keyboard: false, zIndexOffset: 900 })];
    if (place.accuracy > 30) marks.push(L.circle(at, { radius: place.accuracy, className: 'about', interactive: false, renderer: L.svg() }));
    for (const mark of marks) mark.addTo(map);
    if (near && shown.contains(at)) map.setView(at, Math.max(map.getZoom(), 13));
  };
  const moved = ({ detail }) => show(detail, true);
  show(place, near);
  document.addEventListener('halles:position', moved);
  return () => document.removeEventListener('halles:position', moved);
}

// Tiles of others

function offerTiles(place, map, { tiles }, words) {
  const { host } = place.dataset;
  if (!tiles || !host) return;
  const button = make('button', { type: 'button' });
  const line = make('p', { className: 'tiles' }, fill(words.tiles, { host }), ' ', button);
  const show = () => (button.textContent = map.hasLayer(tiles) ? words.back : fill(words.ask, { host }));
  button.addEventListener('click', () => {
    if (map.hasLayer(tiles)) tiles.remove();
    else tiles.addTo(map);
    place.classList.toggle('is-tiled', map.hasLayer(tiles));
    show();
  });
  show();
  place.querySelector('figcaption').prepend(line);
}

/** Names, words and ways that Leaflet does not have in French, and a keyboard that can leave. */
function makeReachable(place, map, words) {
  const at = map.getContainer();
  at.setAttribute('role', 'region');
  at.setAttribute('aria-label', place.querySelector('.chart').getAttribute('aria-label'));
  map.attributionControl.setPrefix(false);
  map.zoomControl.remove();
  L.control.scale({ imperial: false }).addTo(map);
  L.control.zoom({ position: 'bottomright', zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  // Enter or Escape: into what opened, and back to where one was.
  let from = null;
  let opened = false;
  at.addEventListener('keydown', event => {
    if (event.key === 'Escape' && opened) {
      event.stopPropagation();
      map.closePopup();
    }
    if (event.key === 'Enter' || event.key === ' ') from = document.activeElement;
  });
  map.on('popupopen', ({ popup }) => {
    opened = true;
    const close = popup.getElement().querySelector('.leaflet-popup-close-button');
    if (close) close.setAttribute('aria-label', words.close);
    if (from) popup.getElement().querySelector('a[href]:not(.leaflet-popup-close-button)')?.focus();
  });
  map.on('popupclose', () => {
    opened = false;
    if (from?.isConnected) from.focus();
    from = null;
  });
}

/**
 * What is in view at first: of a region, what the picture shows and whoever stands outside of it; of
 * the province, the regions in which there is somebody.
 */
async function inView({ map, region, category }, [south, west, north, east]) {
  const frame = L.latLngBounds([south, west], [north, east]);
  if (map !== 'region' && map !== 'province') return frame;
  const all = await manifest();
  const here = map === 'region' ? filesOf(all, { region, category })
    : [...all.regions.values()].filter(({ counts }) => !category || counts.get(category));
  const held = here.reduce((box, { box: [s, w, n, e] }) => box.extend([[s, w], [n, e]]), L.latLngBounds([]));
  return map === 'region' ? frame.extend(held) : held.isValid() ? held : frame;
}

export async function live(place, words, { asked, here }) {
  const frame = place.dataset.frame.split(' ').map(Number);
  const shown = await inView(place.dataset, frame);
  const box = make('div', { className: 'live' });
  const pass = make('a', { className: 'skip', href: '#apres-la-carte', textContent: words.pass });
  const after = make('span', { id: 'apres-la-carte', tabIndex: -1 });
  place.querySelector('.plot').append(pass, box, after);
  if (still) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
    L.MarkerClusterGroup?.mergeOptions({ animate: false });
  }
  L.Popup.mergeOptions({ maxWidth: 260, autoPanPadding: [24, 24] });
  place.classList.add('is-live');
  const halles = { cluster: cluster => disc(cluster.getChildCount(), words) };
  const made = globalThis.hallesMaps[place.dataset.map](box, halles);
  const { map } = made;
  map.createPane('far').style.zIndex = 90;
  map.createPane('ground').style.zIndex = 100;
  const { view, chosen } = readHash();
  if (view) map.setView([view.lat, view.lon], view.zoom, { animate: false });
  else map.fitBounds(shown, { animate: false, padding: place.dataset.map === 'province' ? [30, 30] : [0, 0] });
  if (made.pmtiles) made.pmtiles.addTo(map);
  else {
    const href = place.querySelector('.chart use').getAttribute('href').split('#')[0];
    ground(href, frame).addTo(map);
    map.setMaxBounds(DRAWN);
    const [south, west, north, east] = frame;
    if (!href.endsWith(`/${PROVINCE}.svg`)) layFar(map, L.latLngBounds([south, west], [north, east]).pad(AROUND));
    // Where each of its shops is, the picture of all regions is too coarse.
    for (const region of place.dataset.regions?.split(' ') ?? []) {
      groundOf(region).then(more => more.addTo(map), () => {});
    }
  }
  makeReachable(place, map, words);
  offerTiles(place, map, made, words);
  const leaving = [markReader(map, words, shown, here ?? read().place, Boolean(here) && !view)];
  const shut = make('button', { type: 'button', className: 'shut', textContent: words.shut });
  shut.addEventListener('click', () => {
    for (const leave of leaving) leave();
    map.remove();
    for (const element of [pass, box, after, shut]) element.remove();
    place.querySelector('.tiles')?.remove();
    place.querySelector('[data-told]').textContent = '';
    place.classList.remove('is-live', 'is-tiled');
    history.replaceState(history.state, '', location.pathname + location.search);
    place.dispatchEvent(new CustomEvent('halles:map-closed'));
    place.querySelector('[data-open]').focus();
  });
  place.querySelector('figcaption').append(shut);
  if (asked) box.focus({ preventScroll: true });
  await pins({ place, map, made, words, chosen, shown, groundOf, leaving });
}
