"""stock, at the terminal: what is told, and the way back to an earlier snapshot."""

import fcntl
import json
from pathlib import Path
from typing import Any

import pytest

from halles.cli import BROKEN, DONE, MISUSED, main
from halles.cli.commands import stock_command
from halles.ledger import stores
from halles.site import engine
from halles.stock import folder
from halles.stock.folder import read_current
from tests.cli.terminal import Terminal
from tests.market import Market, differences, named, tree_of

HEAD = "store_code,id,quantity,price,sale_price,timestamp\n"
FIRST = (
    "alix,MICHE,12,6.50,,2026-06-01T08:00\nalix,FICELLE,1,2.00,,2026-06-01T08:00\n"
    "berthe,CONF,4,7.50,,2026-06-01T08:00\n"
)
SECOND = "alix,MICHE,2,6.50,6.00,2026-06-04T09:00\nalix,NIMPORTE,2,,,2026-06-04T09:00\n"
THIRD = "dalia,BRIE,0,9.00,,2026-06-04T11:00\n"


class StockTerminal(Terminal):
    """A terminal of a market that takes part in stock."""

    def take(self, rows: str) -> None:
        """Take a feed in, and build."""
        self.market.write("feed.csv", HEAD + rows)
        feed = str(self.market.root / "feed.csv")
        assert DONE == self.say("build", "--stock", feed, "--accept").code

    def lines(self, *words: str) -> list[dict[str, Any]]:
        """Return a command's answer for machines."""
        said = self.say(*words, "--json")
        assert (DONE, "") == (said.code, said.words)
        return [json.loads(line) for line in said.results.splitlines()]

    def stock(self) -> dict[str, bytes]:
        """Return what stands under data/stock/."""
        return tree_of(self.market.root / "data" / "stock")


@pytest.fixture
def bare(market: Market, capsys: pytest.CaptureFixture[str]) -> StockTerminal:
    """A terminal at a market that no feed has reached."""
    return StockTerminal(market, capsys)


@pytest.fixture
def terminal(bare: StockTerminal) -> StockTerminal:
    """A terminal at a market that took three feeds in, and was built after each."""
    for rows in (FIRST, SECOND, THIRD):
        bare.take(rows)
    return bare


# status


def test_status_is_a_line_a_store(terminal: StockTerminal) -> None:
    """First the snapshot and the way back; then who has been silent the longest."""
    said = terminal.say("stock", "status")
    head, titles, *rows = said.results.replace("\u00a0", " ").splitlines()

    assert (DONE, "") == (said.code, said.words)
    assert (
        "snapshot 3, Jun 4, 2026, 11 a.m.: feed.csv (full); 1 row, 0 of them set aside; "
        "3 snapshots to go back to" == head
    )
    assert "store   merchant  age  rows  in stock  limited" == titles[:46]
    assert ["berthe berthe 3 d 1 1 0 0 0 0 0", "alix alix 2 h 1 0 1 0 0 1 1",
            "dalia dalia 0 h 1 0 0 1 0 0 0"] == [" ".join(row.split()) for row in rows]  # fmt: skip
    assert 1 == len({len(line) for line in (titles, *rows)})


def test_status_in_french(terminal: StockTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same figures in the other words."""
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    head, titles, berthe, *_ = terminal.say("stock", "status").results.splitlines()

    assert head.startswith("instantané 3, 4 juin 2026, 11 h : feed.csv (complet) ; 1 ligne,".replace(
        "4 juin 2026, 11 h", "4\u00a0juin\u00a02026, 11\u00a0h"
    ))  # fmt: skip
    assert "magasin marchand âge lignes en stock" == " ".join(titles.split())[:36]
    assert " 3 j " in berthe


def test_status_for_machines(terminal: StockTerminal) -> None:
    """An object a line: the snapshot, then each store, with the names of the states."""
    head, berthe, alix, dalia = terminal.lines("stock", "status")

    assert {
        "snapshot": 3, "time": "2026-06-04T11:00-04:00", "rows": 1, "quarantined": 0, "before": 3,
        "feeds": [{"name": "feed.csv", "full": True}],
    } == head  # fmt: skip
    assert {
        "store": "alix", "merchant": "alix", "seen": "2026-06-04T09:00-04:00", "age": 7200,
        "rows": 1, "quarantined": 1, "in_stock": 0, "limited": 1, "out_of_stock": 0,
        "on_display_to_order": 0, "unknown": 1,
    } == alix  # fmt: skip
    assert ("berthe", "dalia", 0) == (berthe["store"], dalia["store"], dalia["age"])


@pytest.mark.parametrize("ledger", [None, b"rien", b""])
def test_status_does_without_a_ledger(terminal: StockTerminal, ledger: bytes | None) -> None:
    """Whose a store is stands in the ledger alone; the rest is told all the same."""
    path = terminal.market.root / ".halles" / "ledger.db"
    path.unlink()
    if ledger is not None:
        path.write_bytes(ledger)
    _, *rows = terminal.lines("stock", "status")

    assert ["", "", ""] == [row["merchant"] for row in rows]
    assert ledger == (path.read_bytes() if path.exists() else None)


def test_a_store_that_two_merchants_claim_is_told_with_both(terminal: StockTerminal) -> None:
    """Neither takes part, and the operator sees why."""
    path = "content/merchants/sud/el/elie.yaml"
    terminal.market.edit(path, "store_code: ELIE-1", "store_code: alix")
    terminal.say("build")

    assert "alix, elie" == terminal.lines("stock", "status")[2]["merchant"]


def test_whose_a_store_is_is_not_asked_of_another_halles(terminal: StockTerminal) -> None:
    """A ledger of another make is not read."""
    path = terminal.market.root / ".halles" / "ledger.db"

    assert {"alix", "berthe", "dalia", "come", "ELIE-1"} == set(stores(path, engine()))
    assert {} == stores(path, b"another")


@pytest.mark.parametrize(("question", "code"), [("status", DONE), ("show alix MICHE", MISUSED)])
def test_no_stock_yet_is_a_sentence(bare: StockTerminal, question: str, code: int) -> None:
    """Nothing is wrong with a site without stock; but there is no offer to show."""
    said = bare.say("stock", *question.split())

    assert (code, "", "no feed has been taken in yet.\n") == said
    assert not (bare.market.root / ".halles").exists()


# show


def test_show_tells_an_offer_and_its_history(terminal: StockTerminal) -> None:
    """What is known now, then each change, newest first."""
    said = terminal.say("stock", "show", "alix", "MICHE")
    now, history = said.results.replace("\u00a0", " ").split("\n\n")

    assert DONE == said.code
    assert [
        "store      alix",
        "offer      MICHE",
        "state      limited",
        "since      Jun 4, 2026, 9 a.m.",
        "confirmed  Jun 4, 2026, 9 a.m.",
        "quantity   2",
        "price      $6.50",
        "sale       $6.00",
    ] == now.splitlines()
    assert [
        "time state quantity price sale",
        "Jun 4, 2026, 9 a.m. limited 2 $6.50 $6.00",
        "Jun 1, 2026, 8 a.m. in stock 12 $6.50",
    ] == [" ".join(line.split()) for line in history.splitlines()]


def test_show_for_machines(terminal: StockTerminal) -> None:
    """One object; prices as content writes them, times by the site's clocks."""
    (known,) = terminal.lines("stock", "show", "alix", "FICELLE")

    assert {
        "store": "alix", "sku": "FICELLE", "state": "unknown", "said": "unknown",
        "since": "2026-06-04T09:00-04:00", "seen": "2026-06-01T08:00-04:00",
        "quantity": None, "price": "2.00", "sale": None, "sale_from": None, "sale_until": None,
        "history": [
            {"time": "2026-06-04T09:00-04:00", "state": "unknown", "quantity": None,
             "price": "2.00", "sale": None},
            {"time": "2026-06-01T08:00-04:00", "state": "limited", "quantity": 1,
             "price": "2.00", "sale": None},
        ],
    } == known  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "sku", "words"),
    [
        ("en", "CONF", "unknown: nothing confirmed it in 2 d; before that, in stock"),
        ("fr", "CONF", "inconnu : rien ne l'a confirmé en 2 j ; avant cela, en stock"),
    ],
)
def test_show_says_why_a_word_is_not_shown(
    terminal: StockTerminal, monkeypatch: pytest.MonkeyPatch, locale: str, sku: str, words: str
) -> None:
    """It has expired; what it was is told."""
    monkeypatch.setenv("LC_ALL", locale)
    text = terminal.market.read("halles.toml")
    terminal.market.write("halles.toml", text + "[stock]\nexpires_days = 2\n")

    assert words in terminal.say("stock", "show", "berthe", sku).results
    assert "unknown" == terminal.lines("stock", "show", "berthe", sku)[0]["state"]


@pytest.mark.parametrize(
    ("locale", "store", "sku", "words"),
    [
        ("en", "alx", "MICHE", "no feed ever named a store “alx”. Did you mean “alix”?"),
        ("fr", "alx", "MICHE", "aucun flux n'a nommé de magasin « alx ». Vouliez-vous dire « alix » ?"),
        ("en", "alix", "MICH", "no feed ever listed “MICH” in the store “alix”. Did you mean “MICHE”?"),
        ("fr", "alix", "ZZ", "aucun flux n'a donné de produit « ZZ » au magasin « alix »."),
        ("en", "{near}", "MICHE", "no feed ever named a store “{near}”."),
    ],
)  # fmt: skip
def test_an_unknown_name_is_told_with_the_nearest(
    terminal: StockTerminal,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    store: str,
    sku: str,
    words: str,
) -> None:
    """2, in a sentence."""
    monkeypatch.setenv("LC_ALL", locale)

    assert (MISUSED, "", words + "\n") == terminal.say("stock", "show", store, sku)


def test_times_beyond_the_calendar_are_no_traceback(terminal: StockTerminal) -> None:
    """A sale may be said to end with the year 9999, where clocks of the west show the next."""
    asked = stock_command._Asked(Path(), "en", False, "America/Montreal", 0)

    assert [None, "—"] == [asked.time(10**13), asked.when(-(10**12))]


# rollback


def test_rollback_says_what_it_went_back_to(terminal: StockTerminal) -> None:
    """And that a build is still to come; nothing of the site has changed yet."""
    before = terminal.market.tree()
    said = terminal.say("stock", "rollback")

    assert (DONE, "") == said[:2]
    assert (
        "snapshot 3 is undone. In force again: snapshot 2, Jun 4, 2026, 9 a.m.: feed.csv (full); "
        "2 rows, 1 of them set aside.\nThe next build will publish it.\n"
    ) == said.words.replace("\u00a0", " ")
    assert before == terminal.market.tree()
    assert 2 == len(read_current(terminal.market.root)[0].before)


def test_rollback_in_french_and_for_machines(
    terminal: StockTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in other words, or as one object."""
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")

    assert "l'instantané 3 est défait" in terminal.say("stock", "rollback").words
    (done,) = terminal.lines("stock", "rollback")
    assert (2, 1, 1) == (done["left"], done["snapshot"], done["before"])


def test_after_a_rollback_the_site_is_what_it_was(bare: StockTerminal) -> None:
    """The next build shows the earlier state, as a clean build of the same data/ does."""
    bare.take(FIRST)
    earlier = named(bare.market.tree())
    bare.take(SECOND)
    assert earlier != named(bare.market.tree())
    bare.say("stock", "rollback")
    now = bare.market.said()

    assert [] == list(differences(now, bare.market.clean()))
    assert earlier == now.tree
    again = bare.market.build()
    assert ([], []) == (again.written, again.removed)


@pytest.mark.parametrize("back", [1, 2, 3])
@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("again", [THIRD, SECOND, FIRST])
def test_a_feed_after_a_rollback_builds_as_if_from_nothing(
    terminal: StockTerminal, back: int, built: bool, again: str
) -> None:
    """However far back, whether or not it was published, and be it the very feed that was undone."""
    for _ in range(back):
        assert DONE == terminal.say("stock", "rollback").code
    if built:
        assert [] == list(differences(terminal.market.said(), terminal.market.clean()))
    terminal.take(again)

    assert [] == list(differences(terminal.market.said(), terminal.market.clean()))


def test_no_kept_file_is_written_again(terminal: StockTerminal) -> None:
    """A number comes again only once nothing is named by it; what is kept keeps its bytes."""
    terminal.say("stock", "rollback")
    before = terminal.stock()
    current, _ = read_current(terminal.market.root)
    kept = {name for s in (current.snapshot, *current.before) for name in s.files()}
    assert kept == before.keys() - {"current.json"}
    terminal.take(THIRD.replace("BRIE", "POT"))

    assert kept <= terminal.stock().keys()
    assert [] == [name for name in kept if before[name] != terminal.stock()[name]]


def test_there_is_an_end_to_going_back(bare: StockTerminal) -> None:
    """Before the first feed there is no stock; before that, nothing: 2, and nothing changes."""
    assert (MISUSED, "", "there is no earlier snapshot to go back to.\n") == bare.say(
        "stock", "rollback"
    )
    bare.take(FIRST)
    assert "the state before any feed" in bare.say("stock", "rollback").words
    assert [] == list(differences(bare.market.said(), bare.market.clean()))
    assert "no feed has been taken in yet.\n" == bare.say("stock", "status").words
    before = bare.stock()

    assert MISUSED == bare.say("stock", "rollback").code
    assert before == bare.stock()


def test_a_broken_snapshot_can_be_gone_back_from(terminal: StockTerminal) -> None:
    """A build cannot use it; going back is the remedy."""
    current, _ = read_current(terminal.market.root)
    (terminal.market.root / "data" / "stock" / current.snapshot.offers).unlink()

    assert MISUSED == terminal.say("build").code
    assert DONE == terminal.say("stock", "rollback").code
    assert [] == list(differences(terminal.market.said(), terminal.market.clean()))


def test_a_snapshot_without_its_files_is_not_gone_back_to(terminal: StockTerminal) -> None:
    """2: the newest stays as it is."""
    current, _ = read_current(terminal.market.root)
    (terminal.market.root / "data" / "stock" / current.before[0].offers).unlink()
    before = terminal.stock()
    said = terminal.say("stock", "rollback")

    assert (MISUSED, before) == (said.code, terminal.stock())
    assert current.before[0].offers in said.words


@pytest.mark.parametrize("step", ["replace_current", "tidy"])
def test_a_rollback_is_all_or_nothing(
    terminal: StockTerminal, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed before current.json is replaced, it was nothing; after that, it was all."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(folder, step, killed)
        assert BROKEN == terminal.say("stock", "rollback").code
    current, _ = read_current(terminal.market.root)

    assert (3 if step == "replace_current" else 2) == current.snapshot.number
    assert [] == list(differences(terminal.market.said(), terminal.market.clean()))
    terminal.take(THIRD)
    assert [] == list(differences(terminal.market.said(), terminal.market.clean()))


def test_a_rollback_waits_for_no_build(terminal: StockTerminal) -> None:
    """2: what a build stands on is not drawn away from under it."""
    before = terminal.stock()
    with (terminal.market.root / ".halles/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = terminal.say("stock", "rollback")

    assert (MISUSED, before) == (said.code, terminal.stock())
    assert "another command is at work on this site" in said.words


@pytest.mark.parametrize("question", ["status", "show alix MICHE", "rollback"])
def test_a_folder_that_is_no_site_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    """2, and no folder is made."""
    assert MISUSED == main(["stock", *question.split(), "--root", str(tmp_path / "nulle-part")])
    assert "halles.toml" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("question", ["status", "show alix MICHE", "rollback"])
def test_a_current_json_that_is_none_is_told(terminal: StockTerminal, question: str) -> None:
    """2, with its path."""
    terminal.market.write("data/stock/current.json", "{")
    said = terminal.say("stock", *question.split())

    assert (MISUSED, "") == said[:2]
    assert "current.json" in said.words


@pytest.mark.parametrize(
    "words",
    [["stock", "--root", "{}", "show", "alix", "MICHE", "--json"],
     ["--json", "--root", "{}", "stock", "show", "alix", "MICHE"],
     ["stock", "show", "--json", "alix", "--root={}", "MICHE"],
     ["stock", "--json", "show", "alix", "MICHE", "--root", "{}"]],
)  # fmt: skip
def test_flags_of_a_question_may_stand_anywhere(terminal: StockTerminal, words: list[str]) -> None:
    """Before the command, before the question, among its words or behind them."""
    expected = terminal.say("stock", "show", "alix", "MICHE", "--json").results

    assert DONE == main([word.replace("{}", str(terminal.market.root)) for word in words])
    assert expected == terminal.streams.readouterr().out


@pytest.mark.parametrize("built", [True, False])
def test_a_state_that_was_damaged_is_said_with_its_way_back(
    terminal: StockTerminal, built: bool
) -> None:
    """A build names the folder and what to do, as stock status does; then the way back works."""
    if not built:
        terminal.market.remove(".halles")
    current = read_current(terminal.market.root)[0].snapshot
    (terminal.market.root / "data/stock" / current.offers).write_bytes(b"PAR1")
    words = ("--stock", str(terminal.market.root / "feed.csv")) if built else ()
    said = terminal.say("build", *words)

    assert MISUSED == said.code
    assert "cannot be read" in said.words
    assert "stock rollback" in said.words
    assert DONE == terminal.say("stock", "rollback").code
    assert DONE == terminal.say("build").code


def test_a_table_of_offers_that_was_damaged_is_made_again(terminal: StockTerminal) -> None:
    """It holds no meaning: it goes, and the next build makes it."""
    (wares,) = (terminal.market.root / ".halles").glob("wares-*.parquet")
    wares.write_bytes(b"PAR1")
    terminal.market.write("feed.csv", HEAD + THIRD.replace("T11", "T12"))
    words = ("build", "--stock", str(terminal.market.root / "feed.csv"))
    said = terminal.say(*words)

    assert BROKEN == said.code
    assert f"{wares} was damaged" in said.words
    assert DONE == terminal.say(*words).code
