/*
 * What is asked: in the address, and in the form of the page of the search, with the words that the
 * page says it by.
 */

import { lang } from './choices.js';

export const form = document.getElementById('search');
export const words = document.getElementById('search-words').dataset;
const data = JSON.parse(document.getElementById('search-data').textContent);
export const found = document.getElementById('found');
export const part = name => found.querySelector(`[data-${name}]`) ?? form.querySelector(`[data-${name}]`);
export const number = new Intl.NumberFormat(`${lang}-CA`);

export const names = {
  region: new Map(data.regions),
  category: new Map(data.categories.map(([id, parent, name, icon]) => [id, { id, parent, name, icon }])),
  label: new Map(data.labels),
  /** A category and those above it, the highest first. */
  way(id) {
    const here = names.category.get(id);
    return here ? [...names.way(here.parent), id] : [];
  },
};

const TEXTS = ['q', 'kind', 'region', 'category', 'label', 'price', 'near', 'radius', 'sort'];
const TICKS = ['open', 'stock', 'all'];
/** What may be asked without a word; a region alone asks nothing yet. */
export const NARROW = ['kind', 'category', 'label', 'price', 'near', 'sort', 'open', 'stock'];

export function fromAddress() {
  const asked = new URLSearchParams(location.search);
  const state = Object.fromEntries(TEXTS.map(name => [name, asked.get(name) ?? '']));
  for (const name of TICKS) state[name] = asked.get(name) === '1';
  return { ...state, service: asked.getAll('service') };
}

/** The state that the form has; `before` says what no field does. */
export function fromForm(before) {
  const given = new FormData(form);
  const state = Object.fromEntries(TEXTS.map(name => [name, (given.get(name) ?? '').trim()]));
  for (const name of TICKS) state[name] = given.has(name);
  return { ...state, near: before.near, all: before.all && state.region === before.region && state.q === before.q, service: given.getAll('service') };
}

export function address(state) {
  const asked = new URLSearchParams();
  for (const name of TEXTS) if (state[name]) asked.set(name, state[name]);
  for (const name of TICKS) if (state[name]) asked.set(name, '1');
  for (const one of state.service) asked.append('service', one);
  return asked.size ? `?${asked}` : location.pathname;
}

/** Put a state into the form; the facets' own fields are made anew with their counts. */
export function intoForm(state) {
  for (const field of form.elements) {
    if (!field.name || field.closest('[data-facets]')) continue;
    if (field.type === 'radio') field.checked = field.value === state[field.name];
    else if (field.type === 'checkbox') field.checked = state[field.name];
    else if (field.value.trim() !== state[field.name]) field.value = state[field.name];
  }
}

/** Whether a state asks anything. */
export const asks = state => Boolean(state.q || state.service.length || NARROW.some(name => state[name]));
