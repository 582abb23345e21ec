/*
 * Tells from a shop's code (halles/openings.py) whether it is open, by its own clock, and in words
 * if asked. It touches no page. `until` is the last day that holidays are known of: past that day
 * nothing is told.
 */

const DAY = 1440;

const clocks = {}, times = {};
/** The day and the minutes since midnight in a zone; reckoned once, however many shops ask. */
export function local(zone, time) {
  if (times[zone]?.time === time) return times[zone];
  clocks[zone] ??= new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23', year: '2-digit', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit',
  });
  const part = {};
  for (const { type, value } of clocks[zone].formatToParts(time)) part[type] = value;
  const day = Date.UTC(2000 + +part.year, part.month - 1, part.day);
  return (times[zone] = { time, day, minute: part.hour * 60 + +part.minute });
}

const days = {};
/** The name of a day of the week. */
function nameOf(day, lang) {
  days[lang] ??= new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' });
  return days[lang].format(day);
}

export const key = day => new Date(day).toISOString().slice(2, 10).replaceAll('-', '');
const weekday = day => (new Date(day).getUTCDay() + 6) % 7;

/** What a shop says of a day: a list of [opens, closes], or '?' or '!'. */
function hoursOf(code, day) {
  const [week, ...others] = code.split(';');
  const name = key(day);
  let found = week.split('|')[weekday(day)];
  for (const other of others) {
    const [, first, last, mark, rest] = /^(\d+)(?:-(\d+))?([:!?])(.*)$/.exec(other);
    if (last ? first <= name && name <= last : first === name)
      found = last ? rest.split('|')[weekday(day)] : mark === ':' ? rest : mark + '*';
  }
  return /^[?!]/.test(found) ? found : found.split(',').filter(Boolean).map(pair => pair.split('-').map(Number));
}

function clock(minute, words, lang) {
  const m = minute % DAY, h = Math.floor(m / 60), rest = String(m % 60).padStart(2, '0');
  if (!m) return words.midnight;
  return lang.startsWith('fr')
    ? `${h}\u00a0h` + (m % 60 ? `\u00a0${rest}` : '')
    : `${h % 12 || 12}` + (m % 60 ? `:${rest}` : '') + `\u00a0${h < 12 ? 'a.m.' : 'p.m.'}`;
}

/** The opening that holds just now, if one does: its end counts from the midnight that was. */
function held(pairs, minute) {
  const open = [...pairs(-1).map(([o, c]) => [o - DAY, c - DAY]), ...pairs(0)];
  return open.find(([o, c]) => o <= minute && minute < c);
}

/** true, false, or null where nobody knows. */
export function isOpen(code, zone, time, until) {
  const { day, minute } = local(zone, time);
  if (!code || key(day) > until) return null;
  const at = n => hoursOf(code, day + n * 864e5);
  const pairs = n => (typeof at(n) === 'string' ? [] : at(n));
  if (held(pairs, minute)) return true;
  return typeof at(0) === 'string' ? null : false;
}

/** How a shop stands, and in words: ['open' | 'ask' | 'shut', text]; null past `until`. */
export function status(code, zone, time, { until, words, lang }) {
  const say = (name, blanks) => words[name].replace(/\{(\w+)\}/g, (_, blank) => blanks[blank]);
  const { day, minute } = local(zone, time);
  if (key(day) > until) return null;
  const at = n => hoursOf(code, day + n * 864e5);
  const pairs = n => (typeof at(n) === 'string' ? [] : at(n));
  const now = held(pairs, minute);
  if (now) {
    let end = now[1], n = 1;
    // A door that closes at midnight to open at midnight does not close.
    for (; n < 8 && end === n * DAY; n++) {
      const next = pairs(n).find(([o]) => !o);
      if (!next) break;
      end = n * DAY + next[1];
    }
    return ['open', n < 8 ? say('open', { time: clock(end, words, lang) }) : words.always];
  }
  const today = at(0);
  if (today[0] === '!') return ['ask', words.law];
  if (today[0] === '?') return ['ask', today[1] ? words.ask : words.unsure];
  for (let n = 0; n < 8; n++) {
    const found = at(n);
    if (found[0] === '?' || key(day + n * 864e5) > until) break;
    const next = pairs(n).find(([o]) => n || o > minute);
    if (!next) continue;
    const blanks = { day: nameOf(day + n * 864e5, lang), time: clock(next[0], words, lang) };
    return ['shut', say(['today', 'tomorrow'][n] ?? 'later', blanks)];
  }
  return ['shut', words.shut];
}
