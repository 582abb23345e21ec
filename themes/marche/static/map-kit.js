/* What the parts of a live map share: words, the address, and the disc that stands for several. */

export const { lang } = document.documentElement;
export const short = lang.slice(0, 2);
export const fill = (text, blanks) => text.replace(/\{(\w+)\}/g, (_, name) => blanks[name]);

export function make(tag, given = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), given);
  element.append(...inside);
  return element;
}

// The address: #carte=zoom/lat/lon, and what was chosen

export function readHash() {
  const [view, ...rest] = location.hash.slice(1).split('&');
  const [, zoom, lat, lon] = /^carte=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(view) ?? [];
  const chosen = Object.fromEntries(new URLSearchParams(rest.join('&')));
  return { view: zoom && { zoom: +zoom, lat: +lat, lon: +lon }, chosen };
}

export function writeHash(map, chosen) {
  const { lat, lng } = map.getCenter();
  const rest = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value)).toString();
  const view = `#carte=${+map.getZoom().toFixed(2)}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
  history.replaceState(history.state, '', rest ? `${view}&${rest}` : view);
}

export const sizeOf = count => (count < 10 ? 34 : count < 100 ? 42 : 52);

/** What stands for several merchants: their number, in a disc of three sizes. */
export function disc(count, words, name = '', size = sizeOf(count)) {
  const text = count.toLocaleString(lang);
  const says = fill(words.group, { n: text });
  const number = make('span', { textContent: text });
  number.setAttribute('aria-hidden', 'true');
  const told = make('span', { className: 'unseen', textContent: name ? `${name}\u00a0: ${says}` : says });
  return L.divIcon({ html: make('span', {}, number, told), className: 'disc', iconSize: [size, size] });
}
