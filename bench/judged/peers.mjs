// The same questions to plain Pagefind over the pages, or to MiniSearch over halles's own records.
// node peers.mjs pagefind INDEX < questions.json   |   node peers.mjs minisearch RECORDS.jsonl < questions.json
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [who, place] = process.argv.slice(2);
const questions = JSON.parse(readFileSync(0));
const most = 20;
const answers = [];

if (who === 'pagefind') {
  globalThis.fetch = async address => new Response(await readFile(place + String(address).replace(/\?.*/, '').replace('/pagefind', '')));
  for (const lang of new Set(questions.map(question => question.lang))) {
    globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => `${lang}-CA` }) };
    const pagefind = await import(`${pathToFileURL(`${place}/pagefind.js`)}?${lang}`);
    await pagefind.options({ basePath: '/pagefind/' });
    await pagefind.init();
    for (const question of questions.filter(one => one.lang === lang)) {
      const { results } = await pagefind.search(question.q);
      const first = await Promise.all(results.slice(0, most).map(result => result.data()));
      answers.push({ ...question, urls: first.map(({ url }) => url) });
    }
  }
} else {
  const { default: MiniSearch } = await import('minisearch');
  const fold = word => word.toLowerCase().replace(/œ/g, 'oe').replace(/æ/g, 'ae').normalize('NFD').replace(/\p{M}/gu, '');
  for (const lang of new Set(questions.map(question => question.lang))) {
    const index = new MiniSearch({ fields: ['title', 'content'], idField: 'id', storeFields: ['url'], processTerm: fold,
      searchOptions: { boost: { title: 3 }, prefix: true, fuzzy: 0.2, combineWith: 'AND' } });
    readFileSync(place, 'utf8').split('\n').filter(Boolean).map(JSON.parse).filter(one => one.lang === lang)
      .forEach((one, id) => index.add({ ...one, id }));
    for (const question of questions.filter(one => one.lang === lang)) {
      const urls = [...new Set(index.search(question.q).map(({ url }) => url))].slice(0, most);
      answers.push({ ...question, urls });
    }
  }
}
process.stdout.write(JSON.stringify(answers));
