"""The benchmark measures what it says; how long anything took is not asked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import sites
from bench.measure import cost, last_object, weigh
from bench.table import US, Run, promises, rows_of

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    "cold",
    "unchanged",
    "merchant: new phone",
    "merchant: new name",
    "category renamed",
    "template: comment unseen",
    "template: comment seen",
]
MIB = 2**20


def bench(work: Path, *flags: str) -> tuple[str, list[dict[str, object]]]:
    """Run the benchmark on a tiny site; return what it printed, and its lines of JSON."""
    results = work / "results.jsonl"
    places = ["--work", str(work / "w"), "--json", str(results)]
    words = ["--sizes", "20", "-n", "1", "--no-floor", *places, *flags]
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "run.py"), *words],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    return done.stdout, [json.loads(line) for line in results.read_text("utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("source", ["shared", "demo"])
def test_every_scenario_gives_a_row(source: str, tmp_path: Path) -> None:
    """A table for people and lines for programs, each with every scenario."""
    if source == "shared" and not (sites.SHARED / "catalogue.py").is_file():
        pytest.skip("the neutral catalogue is not beside this checkout")

    printed, (conditions, *runs) = bench(tmp_path, "--source", source)

    assert "conditions" in conditions
    assert ROWS == [run["row"] for run in runs]
    assert all(f"| 20 | {row} | halles | 1 |" in printed for row in ROWS)
    assert f"sites {source}" in printed


@pytest.mark.slow
def test_edits_do_what_their_rows_say(tmp_path: Path) -> None:
    """Nothing is rendered when nothing changed; a comment that prints nothing writes nothing."""
    _, (_, *runs) = bench(tmp_path)
    done = {run["row"]: (run["rendered"], run["written"]) for run in runs}

    assert (0, 0) == done["unchanged"]
    assert (20, 0) == done["template: comment unseen"]
    assert (20, 20) == done["template: comment seen"]
    assert 0 not in {done[name][1] for name in ROWS if "new" in name}


def test_an_edited_file_returns_to_what_it_was(tmp_path: Path) -> None:
    """Each edit starts from the first text, and the last is undone."""
    site = sites.Site(merchants=1, root=tmp_path / "site", source="demo")
    file = tmp_path / "site" / "content" / "merchants" / "a.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: Alix\nphone: 418 555-0000\n", "utf-8")

    with sites.edited(site, file) as edit:
        edit(sites.new_name, 1)
        edit(sites.new_phone, 2)
        assert 'name: Alix\nphone: "418 555-0102"\n' == file.read_text("utf-8")

    assert "name: Alix\nphone: 418 555-0000\n" == file.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        '- id: pain\n  name: {fr: "Pain"}\n- id: vin\n  name: {fr: "Vin", en: "Wine"}\n',
        "- {id: pain, name: {fr: Pain, en: Bread}}\n- {id: vin, name: {fr: Vin, en: Wine}}\n",
        "- id: pain\n  name:\n    fr: Pain\n- id: vin\n  name:\n    fr: Vin\n    en: Wine\n",
    ],
)
def test_the_category_renamed_is_the_one_meant(text: str) -> None:
    """The French name of the category, and no other."""
    renamed = sites.new_category("vin")(text, 3)

    assert ("Vin 3" in renamed, "Pain 3" in renamed) == (True, False)
    assert text == renamed.replace('"Vin 3"', '"Vin"' if '"Vin"' in text else "Vin")


def test_memory_is_of_the_whole_tree() -> None:
    """Two children of 60 MiB each hold 120 MiB, though the largest process has but 60 and some.

    Asked of a fresh process: the kernel's mark counts what a command's parent held at its start.
    """
    child = "import time; held = bytearray(60 * 2**20); time.sleep(1.5)"
    parent = (
        f"import subprocess, sys\nwords = [sys.executable, '-c', {child!r}]\n"
        "for one in [subprocess.Popen(words), subprocess.Popen(words)]: one.wait()"
    )
    asked = (
        f"import sys\nfrom bench.measure import cost\n"
        f"took = cost([sys.executable, '-c', {parent!r}])\nprint(took.largest, took.memory)"
    )

    found = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    largest, memory = map(int, found.stdout.split())

    assert largest < 110 * MIB
    assert memory > 120 * MIB


def test_processor_time_is_of_children_too() -> None:
    """What a child burns is counted, though its parent slept."""
    child = "import time; t = time.process_time()\nwhile time.process_time() < t + 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"

    assert cost([sys.executable, "-c", parent]).cpu > 0.3


def test_a_command_that_outlives_its_time_is_killed() -> None:
    """With a code that is not 0, so that nobody takes its figures for a result."""
    assert cost([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.3).code < 0


def test_pages_and_bytes_are_counted(tmp_path: Path) -> None:
    """Pages are .html files; files and bytes are of everything, however deep."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "index.html").write_text("12345")
    (tmp_path / "robots.txt").write_text("123")

    found = weigh(tmp_path)

    assert (1, 2, 8) == (found.pages, found.files, found.size)


def test_only_the_last_line_is_the_object() -> None:
    """A build may say other things before."""
    assert {"pages": 1} == last_object('words\n{"pages": 1}\n')
    assert {} == last_object("")
    assert {} == last_object("a traceback")


def test_ratios_are_against_the_harder_hugo() -> None:
    """Time against the faster of the two, memory against the leaner."""
    runs = [
        Run(merchants=10, row="cold", tool=tool, wall=wall, cpu=wall, memory=memory, code=0)
        for tool, wall, memory in [
            (US, 2.0, 100), ("hugo", 8.0, 4000), ("hugo, its defaults", 10.0, 2000)
        ]
    ]  # fmt: skip

    said = promises(rows_of(runs))

    assert "| 10 | cold wall / fastest Hugo | ≤ 0.25 | 0.250 |" in said
    assert "| 10 | cold memory / leanest Hugo | ≤ 0.10 | 0.050 |" in said


def test_growth_is_against_a_tenth_of_the_site() -> None:
    """Ten times the merchants, the same change: how many times the time."""
    runs = [
        Run(merchants=size, row="unchanged", tool=US, wall=wall, cpu=wall, memory=1, code=0)
        for size, wall in [(10, 0.2), (100, 0.3)]
    ]

    assert "| 100 | unchanged, × a tenth of the site | ≤ 2 | 1.50 |" in promises(rows_of(runs))
