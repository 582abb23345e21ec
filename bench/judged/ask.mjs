// Asks questions of a built site's bundles as the page does: the site's own pagefind.js and query.js, files read from disk.
// node ask.mjs OUTPUT QUERY_JS < questions.json > answers.json
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [output, queries] = process.argv.slice(2);
const spent = { requests: 0, bytes: 0 };
globalThis.fetch = async address => {
  const body = await readFile(output + String(address).replace(/\?.*/, ''));
  spent.requests += 1;
  spent.bytes += body.length;
  return new Response(body);
};
const questions = JSON.parse(readFileSync(0));
const manifest = JSON.parse(await readFile(`${output}/pagefind/manifest.json`));
const { normalise, wordsOf, meant, rank } = await import(pathToFileURL(queries));
const { answers: answered, bundlesOf, ranked, regionsOf } = await import(new URL('choosing.js', pathToFileURL(queries)));

async function begin(lang) {
  globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => lang }) };
  const pagefind = await import(pathToFileURL(`${output}${manifest.site}pagefind.js`) + `?${lang}`);
  await pagefind.options({ basePath: manifest.site, metaCacheTag: '1', excerptLength: 24, mergeFilter: { bundle: 'site' } });
  await pagefind.init();
  const told = manifest.languages[lang];
  const words = wordsOf(JSON.parse(await readFile(output + told.words)));
  const files = new Map();
  for (const [id, { words: path }] of Object.entries(told.regions)) {
    const file = JSON.parse(await readFile(output + path));
    files.set(id, { ...file, list: wordsOf(file) });
    for (const { bundle, path: folder } of file.bundles) await pagefind.mergeIndex(folder, { metaCacheTag: '1', mergeFilter: { bundle } });
  }
  return { pagefind, words, regions: told.regions, files };
}

const answers = [];
for (const lang of Object.keys(manifest.languages)) {
  const mine = questions.filter(question => question.lang === lang);
  if (!mine.length) continue;
  const { pagefind, words, regions: known, files } = await begin(lang);
  for (const question of mine) {
    const right = meant([words], question.q);
    const state = { q: right || question.q, region: question.region ?? '', category: '', kind: '', all: question.all };
    const asked = normalise(state.q);
    const regions = regionsOf(state, known, words);
    const some = regions.asked.map(id => files.get(id));
    const look = async all => {
      const { here, left } = bundlesOf({ ...state, all }, some.flatMap(({ bundles }) => bundles), some.map(({ list }) => list), () => []);
      return { here, left, results: await answered(here, { ...question.filters }, filters => pagefind.search(asked, { filters })) };
    };
    let { here, left, results } = await look(state.all);
    // As seeking.js: nothing where there is most of it; there may be where there is less.
    if (!results.length && left.length) ({ here, left, results } = await look('here'));
    const told = await rank(results, state.q, question.most ? { most: question.most } : ranked(state.region));
    const first = await Promise.all(told.slice(0, question.most ?? 20).map(result => result.data()));
    answers.push({
      ...question, asked, total: results.length, bundles: here.length, left: left.length + regions.left.length,
      urls: first.map(({ url }) => url), titles: first.map(({ meta }) => meta.title),
    });
  }
}
process.stdout.write(JSON.stringify(answers));
