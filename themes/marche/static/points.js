/*
 * Reads where merchants are: /points/manifest.json and the files that it names, each asked for
 * once a page. It touches no page; halles/points.py tells the format.
 */

const GRAIN = 1e5;
const EARTH = 6371008.8;
/** Stands for all root categories: the files in which each merchant is once. */
const EVERY = '_';
let told;
const files = new Map();

async function json(url, cache = 'default') {
  const answer = await fetch(url, { cache, signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) throw Error(`${answer.status} ${url}`);
  return answer.json();
}

/** What there is: categories, labels, regions and files. One that failed is asked for again. */
export function manifest() {
  told ??= json('/points/manifest.json', 'no-cache').then(read, fault => {
    told = undefined;
    throw fault;
  });
  return told;
}

function read({ v, pages, until, categories, labels, regions, files }) {
  if (v !== 1) throw Error('malformed');
  const languages = Object.keys(pages);
  const named = (id, names) => ({ id, name: lang => names[languages.indexOf(lang)] ?? names[0] });
  const ids = categories.map(([id]) => id);
  const each = languages.length;
  return {
    pages, until,
    categories: new Map(categories.map(([id, parent, ...rest]) => [id, { ...named(id, rest), parent: ids[parent] ?? '', icon: rest[each] }])),
    labels: new Map(labels.map(([id, ...names]) => [id, named(id, names)])),
    regions: new Map(regions.map(([id, ...rest]) => {
      const [n, box, counts] = rest.slice(each);
      return [id, { ...named(id, rest.slice(0, each)), n, box, counts: new Map(ids.map((c, i) => [c, counts[i]])) }];
    })),
    files: files.map(([region, root, url, n, box]) => ({ region, root, url, n, box })),
  };
}

/** A category and all that is below it. */
export function under(categories, id) {
  const found = new Set([id]);
  // Parents stand before their children.
  for (const { id: one, parent } of categories.values()) if (found.has(parent)) found.add(one);
  return found;
}

export function rootOf(categories, id) {
  let at = categories.get(id);
  while (at?.parent) at = categories.get(at.parent);
  return at?.id ?? EVERY;
}

/** Do what reads points; a file that has just gone is looked for once more, in a newer manifest. */
export async function anew(read) {
  try {
    return await read();
  } catch {
    told = undefined;
    return read();
  }
}

/** The points of one file. */
export function load(file) {
  if (!files.has(file.url)) {
    const asked = json(file.url).then(unpack, fault => {
      files.delete(file.url);
      throw fault;
    });
    files.set(file.url, asked);
  }
  return files.get(file.url);
}

function unpack({ ids, names, lat, lon, towns, town, categories, of, hours, open, labels, label }) {
  let [y, x] = [0, 0];
  const some = (table, at) => (at === -1 ? [] : [at].flat().map(i => table[i]));
  return ids.map((id, i) => {
    y += lat[i];
    x += lon[i];
    const [code = '', zone = ''] = (hours[open[i]] ?? '').split('@');
    return {
      id, name: names[i], lat: y / GRAIN, lon: x / GRAIN, town: towns[town[i]] ?? '',
      categories: some(categories, of[i]), hours: code, zone, labels: some(labels, label[i]),
    };
  });
}

export const pointName = ({ name }, lang) => (typeof name === 'string' ? name : name[lang === 'en' ? 1 : 0]);
/** The language that a name is really in. */
export const nameLang = ({ name }, lang) => (typeof name === 'string' ? 'fr' : lang);
export const pathOf = ({ id }, lang, { pages }) => `${pages[lang]}${id}/`;

/** The files that hold the points of a region, or of a category, or of both; of neither, those of all. */
export const filesOf = ({ files, categories }, { region, category }) => {
  const wanted = category ? rootOf(categories, category) : EVERY;
  return files.filter(({ region: one, root }) => root === wanted && (!region || one === region));
};

/** Every point of a region, a category (its branches too) or both; each merchant once. */
export function pointsOf(where) {
  return anew(async () => {
    const all = await manifest();
    const lists = await Promise.all(filesOf(all, where).map(load));
    return within(lists.flat(), where.category && under(all.categories, where.category));
  });
}

/** The points in some categories, if any are given. */
const within = (points, categories) =>
  categories ? points.filter(point => point.categories.some(category => categories.has(category))) : points;

const rad = degrees => (degrees * Math.PI) / 180;

export function metresBetween(a, b) {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2
    + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** How near the nearest place of a box can be. */
export function metresToBox({ lat, lon }, [south, west, north, east]) {
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  return metresBetween({ lat, lon }, { lat: clamp(lat, south, north), lon: clamp(lon, west, east) });
}

/**
 * The nearest points to a place, with `metres`, nearest first. Files are asked for by distance, a
 * handful at a time, until no file left could hold a nearer one.
 */
export function nearest(wanted) {
  return anew(() => near(wanted));
}

/** Without a network there are the points of the regions that the reader keeps, and no others. */
function without(fault) {
  if (navigator.onLine) throw fault;
  return [];
}

async function near({ lat, lon, category, label, most = 20, keep = () => true }) {
  const all = await manifest();
  const wanted = category && under(all.categories, category);
  const rest = filesOf(all, { category })
    .map(file => ({ file, far: metresToBox({ lat, lon }, file.box) }))
    .sort((a, b) => a.far - b.far);
  let found = [];
  while (rest.length && !(found.length >= most && found[most - 1].metres <= rest[0].far)) {
    const lists = await Promise.all(rest.splice(0, 4).map(({ file }) => load(file).catch(without)));
    found = [...found, ...within(lists.flat(), wanted)]
      .filter(point => (!label || point.labels.includes(label)) && keep(point))
      .map(point => ({ ...point, metres: point.metres ?? metresBetween({ lat, lon }, point) }))
      .sort((a, b) => a.metres - b.metres)
      .slice(0, most);
  }
  return found;
}
