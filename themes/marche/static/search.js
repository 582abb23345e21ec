/*
 * The door of the search: what looks and shows is heavy, and comes in with the first tap into the
 * form, or at once where the address asks something.
 */

const form = document.getElementById('search');
const words = document.getElementById('search-words').dataset;
let coming;

function comeIn() {
  coming ??= (() => {
    // All at once, rather than each when another names it.
    for (const href of words.modules.split(' ')) {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
    }
    return import('./seeking.js');
  })();
  return coming;
}

for (const element of document.querySelectorAll('[data-scripted]')) element.hidden = false;
for (const event of ['focusin', 'pointerdown', 'input', 'submit']) {
  form.addEventListener(event, happened => {
    if (event === 'submit') happened.preventDefault();
    comeIn().then(({ warm }) => warm(event));
  }, { once: true });
}
addEventListener('popstate', comeIn, { once: true });
if (location.search) comeIn();
