/*
 * Says whether a shop is open, by its own clock: [data-hours] holds its minutes (halles/openings.py
 * tells how), data-zone its time zone, #hours-words the words, <body data-until> the last day that
 * holidays are known of. Past that day nothing is said. Writes text only. Whoever adds such
 * elements to a page says so: the event `halles:hours` on the document.
 */

import { key, local, status } from './openness.js';

const words = document.getElementById('hours-words').dataset;
const { until } = document.body.dataset;
const { lang } = document.documentElement;

function show() {
  if (document.hidden) return;
  const time = Date.now();
  for (const place of document.querySelectorAll('[data-hours]')) {
    const [state, text] = status(place.dataset.hours, place.dataset.zone ?? words.zone, time, { until, words, lang }) ?? [];
    place.hidden = !text;
    if (!text || place.textContent === text) continue;
    place.textContent = text;
    place.dataset.now = state;
  }
  const { day } = local(document.querySelector('[data-hours]')?.dataset.zone ?? words.zone, time);
  for (const row of document.querySelectorAll('tr[data-day]')) row.hidden = row.dataset.day < key(day);
}

setInterval(show, 60_000);
document.addEventListener('visibilitychange', show);
document.addEventListener('halles:hours', show);
show();
