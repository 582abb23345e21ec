// Lighthouse on mobile settings: node tests/audit/lighthouse.mjs < {"chromium", "flags", "runs", "targets"}
// One line of JSON a target: its four scores, the performance of each run, and what cost points.
// The accessibility, best-practices and SEO of a page do not vary: the first run tells them.
import { readFileSync } from 'node:fs';
import * as chromeLauncher from 'chrome-launcher';
import lighthouse from 'lighthouse';

const { chromium, flags, runs, targets } = JSON.parse(readFileSync(0, 'utf8'));
const chrome = await chromeLauncher.launch({ chromePath: chromium, chromeFlags: ['--headless=new', ...flags] });

const culprits = (lhr) =>
  Object.entries(lhr.categories).flatMap(([category, { auditRefs }]) =>
    auditRefs
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
      .map(({ id }) => ({
        category,
        id,
        said: lhr.audits[id].displayValue ?? lhr.audits[id].title,
        where: (lhr.audits[id].details?.items ?? []).slice(0, 3)
          .map((item) => item.node?.snippet ?? item.description ?? item.url ?? '').filter(Boolean),
      })));

const percent = (score) => (score === null ? null : Math.round(score * 100));

/** One look at a page. What goes wrong in the browser and not on the page is tried again, twice. */
async function looked(url, settings) {
  for (let left = 2; ; left -= 1) {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: 'json', logLevel: 'silent', ...settings });
    if (!lhr.runtimeError || !left) return lhr;
  }
}

try {
  for (const { url, skip } of targets) {
    const found = { url, scores: {}, performance: [], culprits: [], trouble: null };
    for (let run = 0; run < runs; run += 1) {
      const lhr = await looked(url, {
        onlyCategories: run ? ['performance'] : ['performance', 'accessibility', 'best-practices', 'seo'],
        skipAudits: skip,
      });
      if (lhr.runtimeError) found.trouble = lhr.runtimeError.message;
      for (const [name, { score }] of Object.entries(lhr.categories)) found.scores[name] ??= percent(score);
      found.performance.push(percent(lhr.categories.performance.score));
      found.culprits.push(...culprits(lhr).filter(({ id }) => !found.culprits.some((c) => c.id === id)));
    }
    console.log(JSON.stringify(found));
  }
} finally {
  await chrome.kill();
}
