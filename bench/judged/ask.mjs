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
const { normalise, wordsOf, bundlesFor, meant, rank, together } = await import(pathToFileURL(queries));

async function begin(lang) {
  globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => lang }) };
  const pagefind = await import(pathToFileURL(`${output}${manifest.site}pagefind.js`) + `?${lang}`);
  await pagefind.options({ basePath: manifest.site, metaCacheTag: '1', excerptLength: 24, mergeFilter: { bundle: 'site' } });
  await pagefind.init();
  const words = [];
  for (const region of Object.values(manifest.languages[lang].regions)) {
    words.push(wordsOf(JSON.parse(await readFile(output + region.words))));
  }
  for (const { bundle, path } of manifest.languages[lang].bundles) {
    await pagefind.mergeIndex(path, { metaCacheTag: '1', mergeFilter: { bundle } });
  }
  return { pagefind, words };
}

const answers = [];
const kindOf = new Map(Object.values(manifest.languages).flatMap(({ bundles }) => bundles.map(({ bundle, kind }) => [bundle, kind])));
for (const lang of Object.keys(manifest.languages)) {
  const mine = questions.filter(question => question.lang === lang);
  if (!mine.length) continue;
  const { pagefind, words } = await begin(lang);
  for (const question of mine) {
    const right = meant(words, question.q);
    const asked = normalise(right || question.q);
    const bundles = bundlesFor(words, asked);
    const kinds = ['merchant', 'product'].map(kind => bundles.filter(name => kind === kindOf.get(name)));
    const asks = kinds.filter(names => names.length).map(any => pagefind.search(asked, { filters: { bundle: { any }, ...question.filters } }));
    const lists = (await Promise.all(asks)).map(({ results }) => results).filter(({ length }) => length);
    const results = together(...lists);
    const ranked = await rank(results, right || question.q, { most: question.most ?? 40 });
    const first = await Promise.all(ranked.slice(0, question.most ?? 40).map(result => result.data()));
    answers.push({
      ...question, asked, total: results.length, bundles: bundles.length,
      urls: first.map(({ url }) => url), titles: first.map(({ meta }) => meta.title),
    });
  }
}
process.stdout.write(JSON.stringify(answers));
