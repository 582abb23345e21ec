/*
 * What stands beside the results of a search: counts, filters to take off, other ways in, and the
 * ways on where nothing was found. `change` takes up another state.
 */

import { lang } from './choices.js';
import { form, names, number, part, words } from './asked.js';
import { band } from './facets.js';
import { distance } from './position.js';
import { asked, codeOf, fold, isCoded, known, telling } from './query.js';

const [empty, chips, leads] = ['empty', 'chips', 'leads'].map(part);
/** Regions, or places, that are told of: each is a search more, or a line. */
const FEW = 3;

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

  /** What is known of hours and stock only once all is shown: a number, or that there is none. */
  function ticks(counts) {
    const fields = ['open', 'stock'].map(name => form.elements[name]).filter(Boolean);
    const told = ({ name }) => Number.isInteger(counts[name]);
    for (const field of fields) field.parentElement.querySelector('small').textContent = told(field) ? number.format(counts[field.name]) : '';
    part('uncounted').hidden = fields.every(told);
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

  /**
   * Regions, labels and pages that are called so, and categories that have the words, or one of them where
   * nothing was found. That a page speaks of bicycles makes it no answer to them.
   */
  function others(ways, { q, shown }) {
    const every = shown ? 'every' : 'some';
    const isCalled = title => title.split('–').some(part => fold(part).startsWith(fold(q)));
    const has = words => asked(q)[every](one => words.some(word => known(one, word, true)));
    const meant = ways.filter(({ kind, title, content }) => (kind === 'category' ? has(fold(content).split(' ')) : isCalled(title))).slice(0, FEW);
    leads.replaceChildren(...meant.map(link));
    leads.hidden = !meant.length;
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

  /** As far as one has to go for the nearest, if there is one at all. */
  async function farther(find) {
    const { value } = await (await find({ radius: '' })).draw.next();
    if (!value) return null;
    const choices = [...form.elements.radius.options].map(option => option.value);
    const radius = choices.find(km => km * 1000 >= value.metres) ?? '';
    const text = radius ? words.tryfarther.replace('{km}', radius) : words.trywhole;
    return [text.replace('{far}', distance(value.metres)), { radius }];
  }

  /** Nothing found: ways to find more, those that would find nothing left out. */
  async function help(drawn, wanted, { engine, late }) {
    const { state, q } = drawn;
    const find = other => engine.find({ ...wanted, ...other, radius: other.radius === '' ? undefined : wanted.radius }, { way: names.way, here: drawn.here });
    const each = telling(q);
    const holding = state.region ? (await engine.holding(q)).filter(id => id !== state.region) : [];
    const most = holding.slice(0, FEW);
    const loose = [
      ...most.map(id => [words.tryin.replace('{region}', names.region.get(id) ?? id), { region: id, radius: '' }]),
      ...(each.length > 1 ? each.slice(0, 4).map(one => [words.tryonly.replace('{word}', one), { q: one }]) : []),
      state.category && [words.trywithout.replace('{name}', names.category.get(state.category)?.name ?? state.category), { category: names.category.get(state.category)?.parent ?? '' }],
      state.label && [words.trywithout.replace('{name}', names.label.get(state.label.split(':')[0]) ?? state.label), { label: '' }],
      state.price && [words.trywithout.replace('{name}', words.prices), { price: '' }],
      state.service.length && [words.trywithout.replace('{name}', words.services), { service: [] }],
      state.open && [words.trywithout.replace('{name}', words.opennow), { open: false }],
      state.stock && [words.trywithout.replace('{name}', words.instock), { stock: false }],
      state.kind && [words.tryboth, { kind: '' }],
    ].filter(Boolean);
    const tried = await Promise.all(loose.map(async ([text, other]) => {
      const { total, instead, left, draw } = await find(other).catch(() => ({ total: 0 }));
      if (!total || instead || (wanted.radius && other.radius !== '' && (await draw.next()).done)) return null;
      const sure = !state.open && !state.stock && (!wanted.radius || other.radius === '');
      return [sure ? `${text} (${number.format(total)}${left.bundles || left.regions.length ? '+' : ''})` : text, other, total];
    }));
    // Regions come first, the one with the most of it before the others.
    const elsewhere = tried.splice(0, most.length).filter(Boolean).sort(([, , a], [, , b]) => b - a);
    tried.unshift(...elsewhere);
    if (wanted.radius) tried.unshift(await farther(find).catch(() => null));
    // All of Québec is not counted: that would take as much again as this search did.
    if (state.region && (isCoded(q) || (elsewhere.length && holding.length > 1))) tried.push([words.tryeverywhere, { region: '', radius: '' }]);
    if (late()) return;
    part('ways').replaceChildren(...tried.filter(Boolean).map(([text, other]) => {
      const item = document.createElement('li');
      item.append(button(text, () => change(other)));
      return item;
    }));
    part('clear').hidden = !chips.childElementCount;
    const code = codeOf(q);
    const none = state.q ? (code && !state.region ? words.nocode : words.nothing).replace('{q}', state.q) : words.none;
    empty.querySelector('h2').textContent = [none, names.region.get(state.region)].filter(Boolean).join(' – ');
    part('hint').textContent = code ? words.checkcode : elsewhere.length ? '' : words.fewer;
  }

  return { age, kinds, ticks, regions, narrowed, others, rest, instead, help };
}
