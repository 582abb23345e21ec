"""Other people's tools, run as they are: Lighthouse, the W3C's checker, two more from npm."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.audit.sheets import Output, Sheet
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.market import HERE

MODULES = HERE / "node_modules"
UNCLAIMED = {
    # A picture is required of a page where one buys (a merchant listing). Nobody buys here: a
    # product's page is a "product snippet", which wants a name and an offer, and has both.
    'Product: Required attribute "image" is missing',
}
"""What the validator of structured data holds against pages that claim no such thing."""
LOST = "/404[.]html$"
"""A server shows these pages in place of what is not there, and never by their own name."""
QUICK = ("-Xmx1g", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""How Java is told that it has half a minute to live: half the processor's time for the same words."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


class Score(NamedTuple):
    """What Lighthouse said of a page."""

    path: str
    scores: dict[str, int]
    """The performance is the median of the runs."""
    runs: list[int]
    culprits: list[str]


def lighthouse(base: str, sheets: Iterable[Sheet], runs: int) -> Iterator[Score]:
    """Yield the scores of pages on a phone, one after the other.

    A page that asks not to be found is not held to be found: that audit alone is left out.
    """
    targets = [
        {"url": base + sheet.path, "skip": [] if sheet.found else ["is-crawlable"]}
        for sheet in sheets
    ]
    job = {"chromium": CHROMIUM, "flags": FLAGS, "runs": runs, "targets": targets}
    script = Path(__file__).with_name("lighthouse.mjs")
    process = subprocess.Popen(
        ["node", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        for line in process.stdout:
            yield _score(json.loads(line), base)
    if process.returncode:
        raise RuntimeError("Lighthouse failed")


def _score(found: dict[str, Any], base: str) -> Score:
    runs = sorted(n if n is not None else 0 for n in found["performance"])
    scores = {name: found["scores"][name] or 0 for name in CATEGORIES}
    scores["performance"] = runs[len(runs) // 2]
    culprits = [
        f"{c['category']}: {c['id']}: {c['said']} {' '.join(c['where'])}".strip()
        for c in found["culprits"]
    ]
    culprits += [found["trouble"]] if found["trouble"] else []
    return Score(found["url"].removeprefix(base), scores, found["performance"], culprits)


def vnu(site: Output) -> list[str]:
    """Return each error that the W3C's checker finds in any HTML file of an output."""
    jar = MODULES / "vnu-jar/build/dist/vnu.jar"
    command = ["java", *QUICK, "-jar", str(jar), "--errors-only", "--format", "json", "--stdout"]
    ran = subprocess.run(
        [*command, "--skip-non-html", str(site.folder)], capture_output=True, text=True, check=False
    )
    if not ran.stdout:
        raise RuntimeError(f"the checker failed: {ran.stderr[-500:]}")
    start = site.folder.as_uri().replace("file://", "file:")
    return [
        f"{m.get('url', '').removeprefix(start)}:{m.get('lastLine', '')}: {m['message']}"
        for m in json.loads(ran.stdout)["messages"]
        if m["type"] in ("error", "non-document-error")
    ]


def structured(site: Output) -> tuple[int, list[str]]:
    """Return how many items of JSON-LD an output has, and each error in them."""
    script = HERE / "tests/tools/structured-data.mjs"
    ran = subprocess.run(
        ["node", str(script), str(site.folder)], capture_output=True, text=True, check=False
    )
    if ran.returncode > 1 or not ran.stderr.startswith("{"):
        raise RuntimeError(f"the validator failed: {ran.stderr[-500:]}")
    faults = [line.removeprefix(str(site.folder)) for line in ran.stdout.splitlines()]
    claimed = [fault for fault in faults if fault.partition(": ")[2] not in UNCLAIMED]
    return json.loads(ran.stderr)["items"], claimed


def linkinator(base: str, sheets: Iterable[Sheet]) -> list[str]:
    """Return each link of pages that does not answer; links that lead away are left alone."""
    pages = [base + sheet.path for sheet in sheets if sheet.kind != "404"]
    # Pages name themselves by the address they are meant for, where nobody answers yet.
    away = rf"^(?!{base.replace('.', '[.]')})"
    ran = subprocess.run(
        ["node", str(MODULES / "linkinator/build/src/cli.js"), *pages, "--format", "json",
         "--skip", away, "--skip", LOST, "--verbosity", "error"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not ran.stdout.startswith("{"):
        raise RuntimeError(f"linkinator failed: {ran.stderr[-500:]}")
    links = json.loads(ran.stdout)["links"]
    return [f"{x.get('parent', '')}: {x['url']}" for x in links if x["state"] == "BROKEN"]
