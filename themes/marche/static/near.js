/*
 * "Near me" on the front page, and that of a region, a category or a product. Its link leads to the search; here
 * the question is asked and answered in place. Nothing is loaded before the tap; the form that
 * asks, and its words, are those of the page that the link leads to.
 */

const link = document.querySelector('[data-near]');

const make = (tag, type, ...inside) => {
  const element = document.createElement(tag);
  if (type) element.className = type;
  element.append(...inside.filter(Boolean));
  return element;
};

/** The form that asks where the reader is, from the page of the search; its style comes along. */
async function form() {
  const answer = await fetch(link.href.split('?')[0], { signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) throw Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const style of page.querySelectorAll('link[rel=stylesheet]')) {
    if (document.querySelector(`link[href="${style.getAttribute('href')}"]`)) continue;
    const copy = document.importNode(style);
    const there = new Promise(resolve => copy.addEventListener('load', resolve));
    document.head.append(copy);
    await there;
  }
  const data = JSON.parse(page.getElementById('search-data').textContent);
  return { asker: document.importNode(page.querySelector('[data-around]'), true), data };
}

/** Sellers of a product, those who have it first, the nearest of them first; each with its distance. */
function bySeller(reader, places, { distance, metresBetween }) {
  const spots = new Map(places.dataset.pins.split(';').map(pin => {
    const [id, lat, lon] = pin.split(' ');
    return [id, { lat: Number(lat), lon: Number(lon) }];
  }));
  const list = document.querySelector('.slate > ul');
  const shops = [...list.querySelectorAll(':scope > li')].map(row => {
    const spot = spots.get(row.querySelector('[data-shop]')?.dataset.shop ?? row.dataset.merchant);
    const metres = spot ? metresBetween(reader, spot) : Infinity;
    const there = row.querySelector('.is-in, .is-limited') ? 0 : row.querySelector('.is-out') ? 2 : 1;
    if (spot) row.querySelector('div').append(make('p', 'far', distance(metres)));
    return { row, metres, there };
  });
  shops.sort((a, b) => a.there - b.there || a.metres - b.metres);
  list.replaceChildren(...shops.map(({ row }) => row));
  return shops.length;
}

/** The nearest merchants of the page's category, wherever regions end. */
async function byPlace(reader, box, { icons, names }, { distance, lang, points }) {
  const { category = '' } = link.dataset;
  const [told, found] = [await points.manifest(), await points.nearest({ ...reader, category, most: 10 })];
  const rows = found.map(point => {
    const name = make('a', '', points.pointName(point, lang));
    name.href = points.pathOf(point, lang, told);
    name.lang = points.nameLang(point, lang);
    const kinds = point.categories.slice(0, 2).map(id => told.categories.get(id)?.name(lang)).filter(Boolean);
    const row = make('li', '', name, make('p', 'town', make('b', 'far', distance(point.metres)), point.town && ` · ${point.town}`), make('p', '', kinds.join(', ')));
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${icons}#${names.get(point.categories[0]) ?? 'stall'}`);
    svg.append(use);
    row.prepend(svg);
    if (point.hours) {
      const now = make('p', 'now');
      now.dataset.hours = point.hours;
      if (point.zone) now.dataset.zone = point.zone;
      now.hidden = true;
      row.append(now);
    }
    return row;
  });
  box.replaceChildren(make('ul', 'cards', ...rows));
  document.dispatchEvent(new Event('halles:hours'));
  return rows.length;
}

async function openHere() {
  const place = make('section', 'nearby');
  const [{ asker, data }, position, points] = await Promise.all([
    form(), import('./position.js'), import('./points.js'),
  ]);
  const [heading, box] = [make('h2', 'unseen', link.textContent), make('div', 'answers')];
  place.append(heading, asker, box);
  link.closest('p, nav').after(place);
  const names = new Map(data.categories.map(([id, , , icon]) => [id, icon]));
  const tools = { distance: position.distance, lang: position.language, metresBetween: points.metresBetween, points };
  const pins = document.querySelector('[data-pins]');
  if (!pins && document.querySelector('main.product')) throw Error('nobody knows where they are');
  const icons = document.querySelector('use')?.getAttribute('href').split('#')[0];
  document.addEventListener('halles:position', async ({ detail }) => {
    box.replaceChildren();
    for (const far of document.querySelectorAll('.slate .far')) far.remove();
    if (!detail) return;
    try {
      if (pins) bySeller(detail, pins, tools);
      else await byPlace(detail, box, { icons, names }, tools);
    } catch {
      location.assign(link.href);
    }
  });
  const regions = new Map(data.regions);
  position.around(asker, id => regions.get(id) ?? '');
  asker.querySelector('[data-locate]').focus();
}

link?.addEventListener('click', event => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.getAttribute('aria-expanded') === 'true') return;
  link.setAttribute('aria-expanded', 'true');
  // Whatever goes wrong, the link still leads where it says.
  openHere().catch(() => location.assign(link.href));
});
