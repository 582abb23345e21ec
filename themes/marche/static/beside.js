/*
 * What stands beside the results of a search: counts, filters to take off, other ways in, and the
 * ways on where nothing was found. `change` takes up another state.
 */

import { lang } from './choices.js';
import { form, names, number, part, words } from './asked.js';
import { band } from './facets.js';
import { normalise } from './query.js';

const [empty, chips, leads] = ['empty', 'chips', 'leads'].map(part);
const FAR = 100;

export function beside({ change }) {
  /** Without a network: of which regions this is, and how old. */
  function age(kept) {
    const line = part('age');
    line.hidden = !kept;
    if (!kept) return;
    const date = new Intl.DateTimeFormat(`${lang}-CA`, { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZone: words.zone });
    line.textContent = kept.map(({ region, when }) =>
      words.age.replace('{region}', names.region.get(region) ?? region).replace('{when}', date.format(when * 1000))).join(' ');
  }

  function kinds(counts, state) {
    for (const tab of form.querySelectorAll('[data-tabs] label')) {
      const { value } = tab.querySelector('input');
      const n = counts && (value ? counts.kind[value] : counts.kind.m + counts.kind.p);
      // Of the kind that is not looked for nothing is known.
      tab.querySelector('small').textContent = counts && (!state.kind || state.kind === value) && !state.stock ? number.format(n) : '';
    }
  }

  function regions(counts, state, partly) {
    // Where only some of what may answer was asked, choosing a region asks more of it.
    const more = partly && !state.region ? '+' : '';
    for (const option of form.elements.region.options) {
      const { value } = option;
      const n = counts?.region[value] ?? 0;
      const known = counts && value && (state.region ? state.region === value : n || !more);
      option.textContent = (names.region.get(value) ?? words.everywhere) + (known ? ` (${number.format(n)}${more})` : '');
    }
  }

  const button = (text, act) => {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
    made.addEventListener('click', act);
    return made;
  };

  /** What narrows the search, each with the way to take it off. */
  function narrowed(state) {
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
        change(without);
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

  /** Regions, categories and pages that are called so. */
  function others(ways) {
    leads.replaceChildren(...ways.map(link));
    leads.hidden = !ways.length;
  }

  const size = bytes => {
    const [unit, n] = bytes < 1e6 ? ['kilobyte', Math.ceil(bytes / 1e4) * 10] : ['megabyte', bytes / 1e6];
    return new Intl.NumberFormat(`${lang}-CA`, { style: 'unit', unit, maximumFractionDigits: 1 }).format(n);
  };

  /** What was not looked through, since it has least of it and weighs: said, and a tap away. */
  function rest({ bundles, regions: far, asked, bytes }) {
    const [line, ask] = [part('left'), part('left').querySelector('button')];
    line.hidden = !bundles && !far.length;
    if (line.hidden) return;
    const told = asked.map(id => names.region.get(id) ?? id);
    line.querySelector('span').textContent = far.length
      ? words.lookedin.replace('{regions}', new Intl.ListFormat(`${lang}-CA`).format(told))
      : words.lookednot.replace('{n}', number.format(bundles));
    ask.textContent = (far.length ? words.askall : words.askrest).replace('{size}', size(bytes));
    ask.onclick = () => change({ all: true });
  }

  /** Nobody has such a word: what was looked for instead, which a tap makes the question. */
  function instead({ instead }, { q }) {
    const line = part('meant');
    line.hidden = !instead;
    if (!instead) return line.replaceChildren();
    const [before, after] = words.instead.replace('{q}', q).split('{meant}');
    line.replaceChildren(before, button(instead, () => change({ q: instead })), after);
  }

  /** Nothing found: ways to find more. */
  async function help(drawn, wanted, { engine, late }) {
    const { state } = drawn;
    const radius = state.radius ? Number(state.radius) : 0;
    const each = normalise(drawn.q).split(' ');
    const loose = [
      ...(each.length > 1 ? each.slice(0, 4).map(one => [words.tryonly.replace('{word}', one), { q: one }]) : []),
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
    // Elsewhere is not counted: that would take as much again as this search did.
    const alone = !['category', 'label', 'price', 'open', 'stock', 'radius'].some(name => state[name]) && !state.service.length;
    if (state.region && alone && (await engine.anywhere(drawn.q))) tried.push({ text: words.tryeverywhere, other: { region: '' } });
    if (late()) return;
    part('ways').replaceChildren(...tried.filter(({ total }) => total !== 0).map(({ text, other, total }) => {
      const item = document.createElement('li');
      const sure = total && !state.open && !state.stock && !other.radius && !wanted.radius;
      item.append(button(sure ? `${text} (${number.format(total)})` : text, () => change(other)));
      return item;
    }));
    part('clear').hidden = !chips.childElementCount;
    empty.querySelector('h2').textContent = state.q ? words.nothing.replace('{q}', state.q) : words.none;
  }

  return { age, kinds, regions, narrowed, others, rest, instead, help };
}
