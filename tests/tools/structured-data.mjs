// Try the JSON-LD of every page of a folder, or of some pages: node tests/tools/structured-data.mjs output/
// One line an error, `page: path: message`; exit code 1 if there is any. Warnings are counted.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Validator from '@adobe/structured-data-validator';

const pages = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path).sort().flatMap((name) => pages(join(path, name)))
    : path.endsWith('.html') ? [path] : [];

const validator = new Validator();
const counts = { pages: 0, items: 0, errors: 0, warnings: 0 };
for (const page of process.argv.slice(2).flatMap(pages)) {
  counts.pages += 1;
  const html = readFileSync(page, 'utf8');
  for (const [, json] of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
    const found = JSON.parse(json);
    const jsonld = {};
    for (const item of found['@graph'] ?? [found]) {
      for (const type of [item['@type']].flat()) (jsonld[type] ??= []).push(item);
      counts.items += 1;
    }
    for (const issue of await validator.validate({ jsonld, microdata: {}, rdfa: {} })) {
      if (issue.severity !== 'ERROR') { counts.warnings += 1; continue; }
      counts.errors += 1;
      const at = issue.path.map((step) => step.property ?? step.type).join('.');
      console.log(`${page}: ${at}: ${issue.issueMessage}`);
    }
  }
}
console.error(JSON.stringify(counts));
process.exit(counts.errors ? 1 : 0);
