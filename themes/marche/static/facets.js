/*
 * The filters of a search, as fields of its form, each value with how many it would show. A value
 * that would show nothing is left out, unless it is what is chosen.
 */

import { BANDS as ALL } from './finder.js';

const make = (tag, attributes, ...inside) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...inside.filter(Boolean));
  return element;
};

const BANDS = ALL.map(String);

/** The text of a band of prices: from one bound up to the next. */
export function band(value, words, money) {
  const next = BANDS[BANDS.indexOf(value) + 1];
  if (value === '0') return words.under.replace('{price}', money.format(next));
  if (!next) return words.over.replace('{price}', money.format(value));
  return words.between.replace('{low}', money.format(value)).replace('{high}', money.format(next));
}

export function facets(panel, { words, names, lang }) {
  const money = new Intl.NumberFormat(`${lang}-CA`, { style: 'currency', currency: 'CAD', maximumFractionDigits: 0 });
  const number = new Intl.NumberFormat(`${lang}-CA`);

  function choice(type, name, value, text, count, checked, deep = 0) {
    const input = make('input', { type, name, value, checked });
    const label = make('label', { className: `pick deep-${deep}` }, input, make('span', { textContent: text }));
    if (count !== undefined) label.append(' ', make('small', { textContent: number.format(count) }));
    return label;
  }

  function group(title, choices, open) {
    if (!choices.length) return null;
    const [seen, rest] = [choices.slice(0, 9), choices.slice(9)];
    const more = rest.length ? make('details', { open }, make('summary', { textContent: words.more }), ...rest) : null;
    return make('fieldset', {}, make('legend', { textContent: title }), ...seen, more);
  }

  /** Where one value is taken: all of them first, then those that would show something. */
  function one(name, title, every, values, state, counts) {
    const shown = values.filter(({ value }) => counts?.[value] || state[name] === value);
    if (!shown.length) return null;
    const picks = shown.map(({ value, text, deep }) =>
      choice('radio', name, value, text, counts?.[value] ?? 0, state[name] === value, deep));
    const hidden = shown.slice(8).some(({ value }) => value === state[name]);
    return group(title, [choice('radio', name, '', every, undefined, !state[name]), ...picks], hidden);
  }

  /** The trunk of the tree, and the branches on the way to what is chosen. */
  function branches(chosen, parent = '', deep = 0) {
    const way = new Set(names.way(chosen));
    return [...names.category.values()].filter(one => one.parent === parent).flatMap(({ id, name }) => [
      { value: id, text: name, deep }, ...(way.has(id) ? branches(chosen, id, deep + 1) : []),
    ]);
  }

  function labels(counts) {
    return [...names.label].flatMap(([id, name]) => [
      { value: id, text: name },
      ...(counts?.[`${id}:proved`] ? [{ value: `${id}:proved`, text: words.proved, deep: 1 }] : []),
      ...(counts?.[`${id}:said`] ? [{ value: `${id}:said`, text: words.said, deep: 1 }] : []),
    ]);
  }

  /** Show how many each would show; the field that has the focus keeps it. */
  return (state, counts) => {
    const { name, value } = panel.contains(document.activeElement) ? document.activeElement : {};
    const opened = new Set([...panel.querySelectorAll('fieldset:has(details[open]) > legend')].map(one => one.textContent));
    const services = Object.keys(words).filter(one => one.startsWith('service-') || /^service[A-Z]/.test(one));
    const parts = [
      one('category', words.categories, words.allcategories, branches(state.category), state, counts?.category),
      one('label', words.labels, words.alllabels, labels(counts?.label), state, counts?.label),
      group(words.services, services.map(key => [key.slice(7).toLowerCase(), words[key]])
        .filter(([id]) => counts?.service[id] || state.service.includes(id))
        .map(([id, text]) => choice('checkbox', 'service', id, text, counts?.service[id] ?? 0, state.service.includes(id)))),
      state.kind !== 'm' && one('price', words.prices, words.allprices, BANDS.map(value => ({ value, text: band(value, words, money) })), state, counts?.price),
    ].filter(Boolean);
    panel.replaceChildren(...parts);
    for (const legend of panel.querySelectorAll('legend')) {
      const details = opened.has(legend.textContent) && legend.parentElement.querySelector('details');
      if (details) details.open = true;
    }
    if (name) panel.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.focus();
  };
}
