/*
 * A map is a picture until it is asked for: by its button, by an address that names a view
 * (#carte=…), or by coming into sight where the site has set it so. All that makes it live comes then,
 * and all of it at once: a slow line is slow to answer first of all.
 */

// Where the scripts of others stand: a few words, so that a tap need not wait to learn it.
const named = import('./map-parts.js');
named.catch(() => {});
let asked;
let brought;
let here;

/** What a map says in this language, asked for with the first one. */
function wordsOf(url) {
  asked ??= fetch(url).then(answer => (answer.ok ? answer.json() : Promise.reject(answer.status)));
  asked.catch(() => (asked = null));
  return asked;
}

function bring(tag, given) {
  return new Promise((done, fail) => {
    const element = Object.assign(document.createElement(tag), given);
    element.addEventListener('load', done);
    element.addEventListener('error', () => fail(Error(given.src ?? given.href)));
    document.head.append(element);
  });
}

/** Scripts and a sheet of others, checked by their digests, run in the order they are asked for; and our sheet. */
async function library(kind) {
  const { parts } = await named;
  const names = ['leaflet.js', kind !== 'merchant' && 'cluster.js', 'protomaps.js', `shell-${kind}.js`];
  const scripts = names.filter(name => parts[name]).map(name => {
    const [src, integrity] = parts[name];
    return bring('script', { src, integrity, async: false });
  });
  const [href, integrity] = parts['map.css'];
  const sheets = [{ href, integrity }, { href: new URL('./map-live.css', import.meta.url) }];
  return Promise.all([...sheets.map(sheet => bring('link', { rel: 'stylesheet', ...sheet })), ...scripts]);
}

function fetched({ map, region, category, words }) {
  import('./points.js').then(points => (map === 'region' ? points.pointsOf({ region, category }) : map === 'province' && points.manifest())).catch(() => {});
  brought ??= library(map);
  for (const early of [import('./map-pins.js'), import('./map-kit.js')]) early.catch(() => {});
  brought.catch(() => (brought = null));
  return Promise.all([wordsOf(words), import('./map-live.js'), brought]);
}

document.addEventListener('halles:position', ({ detail }) => (here = detail));

for (const place of document.querySelectorAll('[data-map]')) {
  const button = place.querySelector('[data-open]');
  const told = place.querySelector('[data-told]');
  let opened;

  async function open(event) {
    if (opened) return;
    opened = true;
    button.setAttribute('aria-disabled', 'true');
    place.classList.add('is-coming');
    try {
      const [words, { live }] = await fetched(place.dataset);
      await live(place, words, { asked: Boolean(event), here });
      place.dispatchEvent(new CustomEvent('halles:map'));
    } catch {
      told.textContent = place.dataset.failed;
      opened = false;
    }
    place.classList.remove('is-coming');
    button.removeAttribute('aria-disabled');
  }

  button.addEventListener('click', open);
  // A mouse that comes to the button will press it; a finger may only be scrolling past.
  button.addEventListener('pointerenter', ({ pointerType }) => pointerType === 'mouse' && fetched(place.dataset).catch(() => {}));
  place.addEventListener('halles:map-closed', () => (opened = false));
  if (location.hash.startsWith('#carte=')) open();
  else if (place.dataset.when === 'view') {
    const eye = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      eye.disconnect();
      open();
    });
    eye.observe(place);
  }
}
