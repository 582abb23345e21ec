// Asks a built site for each value of each facet: what is counted beside it, and what choosing it shows.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const [output, lang, query] = process.argv.slice(2);
globalThis.fetch = async address => new Response(await readFile(output + String(address).replace(/\?.*/, '')));
globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => lang }) };
const { site, languages } = JSON.parse(await readFile(`${output}/pagefind/manifest.json`));
const pagefind = await import(pathToFileURL(`${output}${site}pagefind.js`));
await pagefind.options({ basePath: site, metaCacheTag: '1', mergeFilter: { bundle: 'site' } });
await pagefind.init();
const files = await Promise.all(Object.values(languages[lang].regions).map(({ words }) => readFile(output + words)));
const bundles = files.flatMap(file => JSON.parse(file).bundles);
const names = bundles.map(({ bundle }) => bundle);
for (const { bundle, path } of bundles) await pagefind.mergeIndex(path, { metaCacheTag: '1', mergeFilter: { bundle } });
await pagefind.filters();
const ask = filters => pagefind.search(query || null, { filters: { bundle: { any: names }, ...filters } });
const all = await ask({});
const wrong = [];
// What a record shows tells whether it is under a value, where it shows one.
const shown = {
  town: ({ town }, value) => !town || town === value,
  price: ({ price }, value) => (value === '-' ? !price : Number(price) >= Number(value)),
  fresh: ({ added = '-' }, value) => added.startsWith(value),
};
let values = 0;
for (const [facet, counts] of Object.entries(all.filters)) {
  if (facet === 'bundle') continue;
  for (const [value, count] of Object.entries(counts)) {
    const { results } = await ask({ [facet]: value });
    values += 1;
    if (results.length !== count) wrong.push(`${facet} ${value}: ${count} told, ${results.length} shown`);
    const strangers = (await Promise.all(results.slice(0, 40).map(one => one.data()))).filter(({ meta }) => shown[facet] && !shown[facet](meta, value));
    if (strangers.length) wrong.push(`${facet} ${value}: ${strangers[0].url} has none of it`);
  }
}
process.stdout.write(JSON.stringify({ total: all.results.length, values, wrong }));
