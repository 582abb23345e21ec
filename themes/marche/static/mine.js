/*
 * The page of the reader's choices: everything that is kept, shown, changed, handed over or wiped;
 * and the switches of what works offline. The worker is /sw.js; "?visited" has it keep visited pages.
 */

import { fill, handOver, joined, lang, onChange, read, say, taken, write } from './choices.js';
import { drop, fetchPack, ours, packed, searched } from './pack.js';

const root = document.getElementById('choices');
const words = root.dataset;
const find = name => root.querySelector(`[data-${name}]`);
const date = new Intl.DateTimeFormat(`${lang}-CA`, {
  day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit', timeZone: words.zone,
});
const said = seconds => date.format(seconds * 1000);

// The region, the list and what was looked at

function show() {
  const { list, region, place, seen } = read();
  find('spot').textContent = place ? place.name || `${place.lat}, ${place.lon}` : words.nothing;
  find('unplace').hidden = !place;
  find('home').value = region;
  find('listed').textContent = list.length;
  find('seen').checked = !!seen;
  find('looked').replaceChildren(
    ...(seen ?? []).map(({ at, name, when }) => {
      const [row, link, time] = ['li', 'a', 'small'].map(tag => document.createElement(tag));
      [link.href, link.textContent, time.textContent] = [at, name, said(when)];
      row.append(link, ' ', time);
      return row;
    }),
  );
  find('raw').textContent = localStorage.getItem('halles') ?? words.nothing;
}

find('home').addEventListener('change', ({ target }) => write({ ...read(), region: target.value }));
find('unplace').addEventListener('click', () => {
  write({ ...read(), place: null });
  find('spot').focus();
});
find('seen').addEventListener('change', ({ target }) => write({ ...read(), seen: target.checked ? [] : null }));
find('export').addEventListener('click', () =>
  handOver(`${words.file}.json`, 'application/json', JSON.stringify(read(), null, 1)),
);
find('import').addEventListener('change', async ({ target }) => {
  const given = target.files[0] && (await taken(target.files[0]));
  if (given) write(joined(read(), given));
  find('told').textContent = given ? fill(words.imported, { n: given.list.length }) : words.refused;
  target.value = '';
});
find('wipe').addEventListener('click', async () => {
  if (!confirm(words.sure)) return;
  await offline?.stop();
  write({});
  find('told').textContent = words.wiped;
});

// Offline

const worker = () => navigator.serviceWorker.getRegistration('/');
const visits = async () => new URL((await worker())?.active?.scriptURL ?? location).searchParams.has('visited');
const forget = async start => Promise.all((await ours(start)).map(name => caches.delete(name)));

/** Have the worker that is asked for, or none if there is nothing for it to do. */
async function want(visited) {
  const packs = await ours('halles-pack-');
  if (!visited) for (const name of ['halles-pages', 'halles-charts']) await forget(name);
  if (!visited && !packs.length) return stop();
  await navigator.serviceWorker.register(visited ? '/sw.js?visited' : '/sw.js');
  await navigator.serviceWorker.ready;
}

async function stop() {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  await forget('halles-');
  await showOffline();
}

async function showOffline() {
  const names = await ours('halles-pages');
  const kept = names.length ? (await (await caches.open(names[0])).keys()).length : 0;
  find('visited').checked = await visits();
  find('kept').textContent = fill(words.kept, { n: kept });
  const option = find('pack')?.selectedOptions[0];
  if (!option) return;
  const there = await packed(option.value);
  const newer = there && there.list !== option.dataset.list;
  find('there').textContent = there ? fill(newer ? words.newer : words.there, { when: said(there.when) }) : '';
  const tell = blanks => (find('fetch').textContent = fill(there ? words.again : words.fetch, blanks));
  tell(option.dataset);
  find('drop').hidden = !there;
  const { bytes } = await searched(option.value, words);
  const chosen = find('pack').selectedOptions[0] === option;
  if (chosen && bytes) tell({ ...option.dataset, size: sized(bytes + Number(option.dataset.bytes)) });
}

/** A size as people say it, two figures of it. */
function sized(bytes) {
  const [unit, scale] = bytes < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6];
  const format = { style: 'unit', unit, maximumSignificantDigits: 2 };
  return new Intl.NumberFormat(`${lang}-CA`, format).format(bytes / scale);
}

let stopped = null;

/** Fetch a region's pages, its search and its points. */
async function fetchAll({ value: region, dataset }) {
  const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate?.()) ?? {};
  const { bytes, list } = await searched(region, words);
  if (quota - usage < 2 * (Number(dataset.bytes) + bytes)) throw Error(words.noroom);
  const bar = find('progress');
  const told = (done, total) => ([bar.max, bar.value] = [total, done]);
  await fetchPack(region, words, { list: dataset.list, extra: list, signal: stopped.signal, told });
}

async function fetchOrGiveUp() {
  const option = find('pack').selectedOptions[0];
  const before = await packed(option.value);
  stopped = new AbortController();
  find('busy').hidden = false;
  find('fetch').disabled = true;
  try {
    await fetchAll(option);
    await want(await visits());
    say(words.fetched);
  } catch (fault) {
    // Half a pack is none; one that was whole before still is, page by page.
    if (!before) await drop(option.value);
    const known = [words.noroom, words.reload].includes(fault.message);
    find('trouble').textContent = stopped.signal.aborted ? words.stopped : known ? fault.message : words.failed;
    stopped.abort();
  }
  find('busy').hidden = true;
  find('fetch').disabled = false;
  await showOffline();
}

function offer() {
  const place = find('offline');
  if (!place) return null;
  if (!('serviceWorker' in navigator && 'caches' in window)) {
    find('unable').hidden = false;
    return null;
  }
  find('visited').addEventListener('change', async ({ target }) => {
    await want(target.checked).catch(() => (find('trouble').textContent = words.failed));
    await showOffline();
  });
  place.hidden = false;
  showOffline();
  if (!find('pack')) return { stop };
  find('pack').addEventListener('change', showOffline);
  find('fetch').addEventListener('click', () => {
    find('trouble').textContent = '';
    fetchOrGiveUp();
  });
  find('stop').addEventListener('click', () => stopped?.abort());
  find('drop').addEventListener('click', async () => {
    await drop(find('pack').value);
    await want(await visits());
    await showOffline();
    find('fetch').focus();
  });
  return { stop };
}

const offline = offer();
root.hidden = false;
onChange(show);
show();
