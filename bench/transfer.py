"""What each interaction of the search and "near me" transfers and takes: a table, and JSON.

A built site is served over HTTP, packed as a host would pack it, to real Chromium with slow 4G and
a processor of a quarter of the speed. Each interaction begins with an empty cache unless it says
that it is warm.

    python bench/transfer.py --site DIR [--region montreal] [--query pain] [--json FILE] [--files]
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.host import SLOW_4G, SLOWER, served  # noqa: E402
from tests.browser.conftest import CHROMIUM, FLAGS  # noqa: E402

BARS = {"first search in a region": (250, 2500), "near me": (150, None)}
"""KB transferred and ms, by the issue."""


@dataclass(frozen=True, slots=True)
class Row:
    """What an interaction cost."""

    what: str
    requests: int
    kilobytes: float
    """Bodies and headers, as they went over the wire."""
    milliseconds: float
    """From what the reader does, the last letter typed, to what is shown."""
    ours: float
    """Kilobytes of these that are scripts and styles."""
    left_origin: int
    """Requests to another origin."""
    violations: int
    """Of the content security policy."""
    files: list[tuple[str, float]] = field(default_factory=list)
    """What came, in the order in which it did, with its bytes."""


class Tab:
    """A reader's tab on a slow phone, that counts what comes in."""

    def __init__(self, browser: Any, base: str, place: dict[str, float]) -> None:
        self.base = base
        self.context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="fr-CA", geolocation=place,
            permissions=["geolocation"],
        )  # fmt: skip
        self.page = self.context.new_page()
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("Network.enable")
        self.cdp.send("Network.emulateNetworkConditions", SLOW_4G)
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.kinds: dict[str, tuple[str, str]] = {}
        self.got: list[tuple[str, str, float]] = []
        self.away = self.violations = 0
        self.cdp.on("Network.responseReceived", self._answered)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.page.on("request", self._asked)
        self.page.on("console", self._said)

    def _answered(self, event: dict[str, Any]) -> None:
        path = event["response"]["url"].removeprefix(self.base)
        self.kinds[event["requestId"]] = event["type"], path

    def _finished(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:
            known = self.kinds.get(event["requestId"], ("", ""))
            self.got.append((*known, event["encodedDataLength"]))

    def _asked(self, request: Any) -> None:
        self.away += not request.url.startswith((self.base, "blob:", "data:"))

    def _said(self, message: Any) -> None:
        self.violations += "Content Security Policy" in message.text

    def measured(self, what: str, act: Callable[[Any], None], ready: str) -> Row:
        """Do something, wait until ``ready`` holds, and return what it cost."""
        self.got.clear()
        start = time.perf_counter()
        act(self.page)
        if getattr(act, "func", None) is _typed:
            start = time.perf_counter()
        self.page.wait_for_function(ready, timeout=60_000)
        taken = 1000 * (time.perf_counter() - start)
        self.page.wait_for_timeout(1500)  # what comes after the answer is paid for as well
        ours = sum(n for kind, _, n in self.got if kind in ("Script", "Stylesheet"))
        whole = sum(n for _, _, n in self.got)
        files = [(path, n) for _, path, n in self.got]
        return Row(
            what, len(files), whole / 1000, taken, ours / 1000, self.away, self.violations, files
        )

    def close(self) -> None:
        """Be gone, with all that was cached."""
        self.context.close()


HITS = "() => document.querySelector('.hits li')"
SETTLED = f"() => ({HITS})() && !document.querySelector('#search[aria-busy]')"
FAR = "() => document.querySelector('.hits .far, .answers .far')"
ASK = """([q, region]) => {
  const form = document.getElementById('search');
  document.querySelector('.hits').replaceChildren();
  form.elements.region.value = region;
  form.elements.q.value = q;
  form.requestSubmit();
}"""
IN_STOCK = """() => {
  document.querySelector('.hits').replaceChildren();
  document.querySelector('[name=stock]').click();
}"""
WARM = """async queries => {
  const input = document.getElementById('q');
  const list = document.querySelector('.hits');
  const times = [];
  for (const text of queries) {
    const shown = new Promise(done => new MutationObserver((_, watch) => {
      watch.disconnect();
      done();
    }).observe(list, { childList: true }));
    input.value = text;
    const start = performance.now();
    input.form.requestSubmit();
    await shown;
    times.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 800));
  }
  return times;
}"""


def rows(browser: Any, base: str, flags: argparse.Namespace) -> Iterator[Row]:
    """Yield what each interaction cost."""
    place = {"latitude": flags.lat, "longitude": flags.lon}

    def tab(path: str = "") -> Tab:
        opened = Tab(browser, base, place)
        if path:
            opened.page.goto(base + path)
            opened.page.wait_for_load_state("networkidle")
        return opened

    one = tab()
    form = "() => document.getElementById('q')"
    yield one.measured("the search page", lambda p: p.goto(f"{base}/recherche/"), form)
    yield one.measured("first search in a region", partial(_typed, flags), HITS)
    second = [flags.other, flags.region]
    yield one.measured("another word there", lambda p: p.evaluate(ASK, second), SETTLED)
    times = one.page.evaluate(WARM, [flags.query, flags.other, flags.query, flags.other])
    warm = max(times[2:])
    yield Row("both again, warm: the slower", 0, 0, warm, 0, one.away, one.violations)
    if one.page.query_selector("[name=stock]"):
        yield one.measured("in stock only", lambda p: p.evaluate(IN_STOCK), SETTLED)
    yield one.measured("near me, in the search", _near(".near-me summary"), FAR)
    one.close()
    for what, asked in (
        ("a search by its address, cold", f"q={flags.query}&region={flags.region}"),
        ("all of Québec by its address, cold", f"q={flags.query}"),
        ("a bar code by its address, cold", flags.code and f"q={flags.code}&region={flags.region}"),
    ):
        if asked:
            two = tab()
            yield two.measured(what, partial(_go, f"{base}/recherche/?{asked}"), HITS)
            two.close()
    for path in (f"/categories/{flags.category}/", f"/regions/{flags.region}/"):
        three = tab(path)
        yield three.measured(f"near me, on {path}", _near("[data-near]"), FAR)
        three.close()


def _typed(flags: argparse.Namespace, page: Any) -> None:
    """Choose a region and type a word as a thumb does: what it will take comes in meanwhile."""
    page.locator("[name=region]").select_option(flags.region)
    page.locator("#q").press_sequentially(flags.query, delay=200)


def _go(address: str, page: Any) -> None:
    page.goto(address)


def _near(opener: str) -> Callable[[Any], None]:
    """Return the two taps of "near me": open the question, and give the position."""

    def tapped(page: Any) -> None:
        page.locator(opener).click()
        page.locator("[data-locate]").click()

    return tapped


def table(found: list[Row]) -> str:
    """Return rows as a table in Markdown."""
    lines = [
        "| interaction | requests | KB | of these scripts, styles | ms |",
        "| --- | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {r.what} | {r.requests} | {r.kilobytes:.1f} | {r.ours:.1f} | {r.milliseconds:.0f} |"
        for r in found
    ]
    away, broken = max(r.left_origin for r in found), max(r.violations for r in found)
    lines += ["", f"Requests that left the origin: {away}. Violations of the policy: {broken}."]
    return "\n".join(lines)


def main() -> None:
    """Measure a built site."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "output", help="the output/ of a site")
    parser.add_argument("--region", default="montreal")
    parser.add_argument("--category", default="boulangerie")
    parser.add_argument("--query", default="pain")
    parser.add_argument("--other", default="fromage")
    parser.add_argument("--code", default="", help="a bar code that somebody in the region sells")
    parser.add_argument("--lat", type=float, default=45.5231)
    parser.add_argument("--lon", type=float, default=-73.5817)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--files", action="store_true", help="tell of each file that came")
    flags = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with served(flags.site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        found = []
        for row in rows(browser, base, flags):
            print(f"{row.what}: {row.kilobytes:.1f} KB, {row.milliseconds:.0f} ms", file=sys.stderr)
            for path, size in row.files if flags.files else ():
                print(f"    {size:8.0f} {path}", file=sys.stderr)
            found.append(row)
        browser.close()
    print(table(found))
    if flags.json:
        told = {"network": SLOW_4G, "cpu": SLOWER, "rows": [asdict(row) for row in found]}
        flags.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
