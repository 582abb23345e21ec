/*
 * A map is a picture until it is asked for: by its button, by an address that names a view
 * (#carte=…), or by coming into sight where the site has set it so. All that makes it live comes then.
 */

let asked;
/** What a map says in this language, asked for with the first one. */
function wordsOf(url) {
  asked ??= fetch(url).then(answer => (answer.ok ? answer.json() : Promise.reject(answer.status)));
  asked.catch(() => (asked = null));
  return asked;
}

for (const place of document.querySelectorAll('[data-map]')) {
  const button = place.querySelector('[data-open]');
  const told = place.querySelector('[data-told]');
  let opened;

  /** All at once, though one module names the next: a slow line is slow to answer first of all. */
  function fetched() {
    wordsOf(place.dataset.words);
    for (const early of [import('./map-kit.js'), import('./map-parts.js'), import('./map-pins.js'), import('./openness.js')]) early.catch(() => {});
    const { map, region, category } = place.dataset;
    import('./points.js').then(points => (map === 'region' ? points.pointsOf({ region, category }) : map === 'province' && points.manifest())).catch(() => {});
    return import('./map-live.js');
  }

  async function open(event) {
    if (opened) return;
    opened = true;
    button.setAttribute('aria-disabled', 'true');
    place.classList.add('is-coming');
    try {
      const [words, { live }] = await Promise.all([wordsOf(place.dataset.words), fetched()]);
      await live(place, words, { asked: Boolean(event) });
      place.dispatchEvent(new CustomEvent('halles:map'));
    } catch {
      told.textContent = place.dataset.failed;
      opened = false;
    }
    place.classList.remove('is-coming');
    button.removeAttribute('aria-disabled');
  }

  button.addEventListener('click', open);
  // Whoever is about to ask for it waits less.
  for (const sign of ['pointerenter', 'focus']) button.addEventListener(sign, fetched, { once: true });
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
