"""Work done: for each kind of edit, exactly which pages are rendered and written, and why."""

import json
import subprocess
import sys
import time

from halles.outcome import Outcome
from halles.read.scan import TICK
from halles.site import PACKAGE
from tests.images import picture, see_through
from tests.market import Market

ALIX = "content/merchants/nord/al/alix.yaml"
BERTHE = "content/merchants/nord/be/berthe.yaml"
COME = "content/merchants/nord/co/come.yaml"
APART = ("/en/", "/points/", "/donnees/", "/flux/", "/etat.json", "/.well-known/")
SHIPPED = PACKAGE.parent / "themes" / "marche" / "templates"


def french(outcome: Outcome) -> dict[str, str]:
    """Return why each French page was rendered; English ones have the same reasons.

    Files for machines are looked at apart (test_files_for_machines.py).
    """
    return {path: why for path, why in outcome.why.items() if not path.startswith(APART)}


def test_nothing_changed_nothing_done(market: Market) -> None:
    """A second build reads nothing, renders nothing, and touches no published file."""

    def times() -> dict[str, int]:
        return {p: (market.root / "output" / p).stat().st_mtime_ns for p in market.tree()}

    market.build()
    before = times()

    outcome = market.build()

    assert (0, 0, []) == (outcome.read, outcome.rendered, outcome.written)
    assert before == times()


def test_nothing_changed_leaves_the_ledger_as_it_is(market: Market) -> None:
    """Once the files have settled, a build that finds nothing new writes not a byte of its own."""
    time.sleep(2 * TICK / 1e9)  # a file as young as a tick is looked into once more
    market.build()
    ledger = (market.root / ".halles" / "ledger.db").read_bytes()
    market.build()

    assert ledger == (market.root / ".halles" / "ledger.db").read_bytes()


def test_a_folder_that_came_and_went_at_once_is_missed(market: Market) -> None:
    """What was too young to be remembered by its looks is remembered all the same."""
    path = "content/merchants/sud/zo/zoe.yaml"
    market.write(path, market.read(ALIX).replace("alix", "zoe").replace("nord", "sud"))
    market.build()
    market.remove("content/merchants/sud/zo")

    assert {"/commerces/zoe/", "/en/merchants/zoe/"} <= set(market.build().removed)


def test_what_is_swept_is_called_by_its_address(market: Market) -> None:
    """Whoever purges a cache purges what people ask for, not the file that answered them."""
    market.build()
    for file in ("vieux/index.html", "vieux/notes.html", "mon-index.html"):
        market.write(f"output/{file}", "?")
    market.remove(".halles")

    outcome = market.build()
    changes = json.loads(market.read(".halles/changes.json"))

    assert ["/mon-index.html", "/vieux/", "/vieux/notes.html"] == sorted(outcome.removed)
    assert "https://marche.example/vieux/" in changes["purge"]


def test_a_comment_is_read_and_shown_nowhere(market: Market) -> None:
    """Other bytes, the same record: one file is read, no page is rendered."""
    market.build()
    market.write(ALIX, "# bonjour\n" + market.read(ALIX))

    outcome = market.build()

    assert (1, 0) == (outcome.read, outcome.rendered)


def test_other_times_are_not_other_bytes(market: Market) -> None:
    """A fresh checkout has new times: digests decide, and nothing is read again."""
    market.build()
    (market.root / ALIX).touch()

    outcome = market.build()

    assert (0, 0) == (outcome.read, outcome.rendered)


def test_an_email_touches_one_page(market: Market) -> None:
    """Only a merchant's own page and card show its e-mail address."""
    market.build()
    market.edit(ALIX, "bonjour@alix.example", "salut@alix.example")

    outcome = market.build()

    written = ["/commerces/alix/", "/commerces/alix/fiche.vcf", "/en/merchants/alix/"]
    assert dict.fromkeys(written[:2], "sheet:alix changed") == french(outcome)
    assert written == sorted(p for p in outcome.written if not p.startswith("/donnees/"))


def test_a_phone_touches_the_merchant_and_its_products(market: Market) -> None:
    """Product pages say whom to call; listings do not."""
    market.build()
    market.edit(ALIX, "555-0101", "555-0109")

    assert {
        "/commerces/alix/": "sheet:alix changed",
        "/commerces/alix/fiche.vcf": "sheet:alix changed",
        "/commerces/alix/horaire.ics": "door:alix changed",
        "/produits/alix_miche/": "stall:alix changed",
        "/produits/alix_ficelle/": "stall:alix changed",
        "/produits/0624153607116/": "stall:alix changed",
    } == french(market.build())


def test_a_price_touches_its_page_and_its_shop(market: Market) -> None:
    """A price stands on the product's page and the merchant's; other products' are links alone."""
    market.build()
    market.edit(ALIX, 'price: "6.50"', 'price: "6.75"')

    assert {
        "/commerces/alix/": "rack:alix changed",
        "/produits/alix_miche/": "offer:alix/MICHE changed",
    } == french(market.build())


def test_a_new_name_touches_the_listings(market: Market) -> None:
    """A name that keeps its place in the order changes the cards, and no count."""
    market.build()
    market.edit(ALIX, "name: Boulangerie Alix", "name: Boulangerie Alixe")

    why = french(market.build())

    assert "sheet:alix changed" == why["/commerces/alix/"]
    assert "card:alix changed" == why["/regions/nord/"]
    assert "/" not in why
    assert "/sitemap.xml" not in why
    assert "/regions/sud/" not in why


def test_a_closed_merchant_leaves_the_listings(market: Market) -> None:
    """Its page stays and says so; listings, counts and the sitemap lose it."""
    market.build()
    market.edit(COME, "status: open", "status: closed\nclosed_on: 2026-11-01")

    outcome = market.build()
    why = french(outcome)

    assert "sheet:come changed" == why["/commerces/come/"]
    assert {
        "/",
        "/regions/",
        "/regions/nord/",
        "/categories/fromage/",
        "/sitemap.xml",
    } <= why.keys()
    assert b"/commerces/come/" not in market.tree()["sitemap.xml"]
    assert b"closed" in market.tree()["en/merchants/come/index.html"].lower()


def test_a_product_comes_and_goes(market: Market) -> None:
    """A new product has a page; without it the page is removed, and its region's pack is lighter."""
    market.build()
    before = market.read(ALIX)
    market.write(ALIX, before + '  - {sku: BUN, name: Brioche, price: "3.00"}\n')

    assert "new page" == french(market.build())["/produits/alix_bun/"]

    market.write(ALIX, before)

    removed = set(market.build().removed)
    packs = {p for p in removed if p.startswith(("/hors-ligne/nord-", "/en/offline/nord-"))}
    assert {"/en/products/alix_bun/", "/produits/alix_bun/"} == removed - packs
    assert len(packs) == 2


def test_a_region_s_text_touches_its_first_page(market: Market) -> None:
    """An introduction stands on the first page of its region only."""
    market.build()
    market.write("content/regions/sud.md", market.read("content/regions/sud.md") + "\nEncore.\n")

    assert {"/regions/sud/": "text:region:sud changed"} == french(market.build())


def test_a_template_touches_its_pages(market: Market) -> None:
    """Every page of an edited template is rendered; where its bytes are the same, not written."""
    market.theme()
    market.build()
    base = market.root / "themes" / "mien" / "templates"
    base.mkdir()

    market.write(
        "themes/mien/templates/label.html",
        (SHIPPED / "label.html").read_text("utf-8") + "{# seen by nobody #}",
    )

    outcome = market.build()

    assert {"template label.html changed"} == set(outcome.why.values())
    assert {p for p in outcome.why if "/origine/" in p or "/origin/" in p} == set(outcome.why)
    assert [] == outcome.written


def test_a_category_s_name_touches_who_shows_it(market: Market) -> None:
    """A category's new name reaches its merchants, their products, its lists; no other merchant."""
    market.build()
    market.edit("content/categories.yaml", "fromage", "fromage")  # it must be there
    text = market.read("content/categories.yaml")
    market.write("content/categories.yaml", text.replace("Fromage", "Fromages fins"))

    why = french(market.build())

    assert "category:fromage changed" == why["/commerces/dalia/"]
    assert "/commerces/elie/" not in why
    assert "/commerces/alix/" not in why


def test_a_shared_product_s_price_touches_one_shop(market: Market) -> None:
    """Its page and the shop that changed it; the others who sell it show their own price."""
    market.build()
    market.edit(ALIX, 'price: "8.00"', 'price: "8.25"')

    assert {
        "/commerces/alix/": "rack:alix changed",
        "/produits/0624153607116/": "offer:alix/CONFITURE changed",
    } == french(market.build())


def test_another_bar_code_moves_one_page(market: Market) -> None:
    """The page of the old code goes, that of the new one comes, and the sitemap says so."""
    market.build()
    market.edit("content/merchants/sud/da/dalia.yaml", "4006381333931", "96385074")

    outcome = market.build()

    assert {
        "/commerces/dalia/": "rack:dalia changed",
        "/produits/96385074/": "new page",
        "/sitemap.xml": "urls: changed",
    } == french(outcome)
    assert ["/en/products/4006381333931/", "/produits/4006381333931/"] == sorted(outcome.removed)


def test_another_page_size_touches_listings_alone(market: Market) -> None:
    """Lists are cut elsewhere: their pages, and the sitemap and packs where one of them goes."""
    market.build()
    market.edit("halles.toml", "page_size = 2", "page_size = 50")

    outcome = market.build()
    listings = ("/regions/", "/categories/", "/origine/", "/campagnes/", "/sitemap.xml")
    packs = ("/hors-ligne/", "/choix/")

    assert all(path.startswith(listings + packs) for path in french(outcome))
    assert "/regions/nord/" in outcome.written
    assert {"/regions/nord/page/2/", "/en/regions/nord/page/2/"} <= set(outcome.removed)


def test_synonyms_are_shown_nowhere(market: Market) -> None:
    """What people type for a category is for the search, and on no page."""
    market.build()
    market.edit("content/categories.yaml", "fr: [miche]", "fr: [pagnotte]")

    outcome = market.build()

    assert (0, []) == (outcome.rendered, outcome.written)


def test_evidence_that_runs_out_touches_who_shows_it(market: Market) -> None:
    """The site's day passed a date: the pages that show the mark say so, and no other."""
    market.build()
    market.edit("content/merchants/est/fa/fanny.yaml", "2026-04-01", "2027-04-01")
    market.build()
    market.edit("content/merchants/est/fa/fanny.yaml", "2027-04-01", "2027-05-01")
    assert {"/commerces/fanny/": "sheet:fanny changed"} == french(market.build())

    market.edit("content/merchants/est/fa/fanny.yaml", "2027-05-01", "2027-05-02")

    why = french(market.build())
    assert {
        "/commerces/alix/": "over:2027-05-01 changed",
        "/commerces/fanny/": "sheet:fanny changed",
    } == {path: told for path, told in why.items() if path.startswith("/commerces/")}
    assert "over:2027-05-01 changed" == why["/regions/nord/"]
    assert "/regions/sud/" not in why
    page = market.tree()["commerces/alix/index.html"].decode()
    assert "is-certified" not in page
    assert "échue le 1 mai 2027" in page.replace("\u00a0", " ").replace("1er", "1")


def test_one_product_has_one_page_however_its_code_is_written(market: Market) -> None:
    """With 12 digits or 13: the sellers stand on one page, at the address of 13."""
    before = market.said().tree
    market.edit("content/merchants/nord/be/berthe.yaml", "0624153607116", "624153607116")
    market.build()

    assert before.keys() == market.tree().keys()
    page = market.tree()["produits/0624153607116/index.html"].decode()
    assert "Boulangerie Alix" in page
    assert "Chez Berthe" in page


def test_each_seller_shows_its_own_evidence(market: Market) -> None:
    """What one merchant proves of a product proves nothing for another's."""
    path = "content/merchants/nord/be/berthe.yaml"
    origin = "origin: {label: bio, number: B-7, checked_on: 2026-05-01}"
    market.edit(path, 'price: "7.50"}', f'price: "7.50", {origin}}}')
    market.build()
    page = market.tree()["produits/0624153607116/index.html"].decode()
    slate = page[page.index('class="slate"') :]

    assert 1 == page.count("plaque")
    assert slate.index("Chez Berthe") < slate.index("B-7") < slate.index("Boulangerie Alix")


def pictured(market: Market, more: str = "") -> None:
    """Give Alix a photo, and its loaf the same one; Berthe has another."""
    market.write("content/media/four.jpg", picture(form="JPEG"))
    market.write("content/media/b/tarte.png", see_through())
    market.edit(ALIX, "products:", "photos: [{file: media/four.jpg, alt: Le four}]\nproducts:")
    market.edit(ALIX, "description: Une miche.", "image: {file: media/four.jpg, alt: Une miche}")
    market.edit(BERTHE, "products:", "logo: {file: media/b/tarte.png, alt: Une tarte}\nproducts:")


def test_a_picture_s_bytes_touch_who_shows_it(market: Market) -> None:
    """The record is the same, the file is not: the pages that show it, and its own files."""
    pictured(market)
    market.build()
    before = {path for path in market.tree() if path.startswith("media/")}
    market.write("content/media/four.jpg", picture(50, 50, "JPEG"))

    outcome = market.build()
    pages = {path: why for path, why in french(outcome).items() if not path.startswith("/media/")}

    assert 0 == outcome.read
    assert {
        "/commerces/alix/": "picture:media/four.jpg changed",
        "/produits/alix_miche/": "picture:media/four.jpg changed",
    } == pages
    assert {f"/{path}" for path in before if "-40." in path} == set(outcome.removed)
    assert 3 == sum(path.startswith("/media/") for path in outcome.written)


def test_a_picture_that_goes_takes_its_files_along(market: Market) -> None:
    """The pages that showed it are shown without it, and the notice is at each line."""
    pictured(market)
    market.build()
    market.remove("content/media/four.jpg")

    outcome = market.build()
    told = [(n.path, n.code) for n in outcome.notices if n.code.startswith("picture-")]

    assert [(ALIX, "picture-missing")] * 2 == told
    assert {"/commerces/alix/", "/produits/alix_miche/"} == french(outcome).keys()
    assert 3 == len(outcome.removed)
    assert b"<picture" not in market.tree()["commerces/alix/index.html"]
    kept = {path.name for path in (market.root / ".halles/media").iterdir()}
    assert kept <= {path.removeprefix("media/") for path in market.tree()}


def test_a_picture_used_twice_is_drawn_once(market: Market) -> None:
    """By two records, or from two files: the same bytes have one set of files."""
    pictured(market)
    market.build()
    drawn = {path for path in market.tree() if path.startswith("media/") and "-40." in path}
    market.write("content/media/encore.jpg", picture(form="JPEG"))
    market.edit(BERTHE, "logo:", "photos: [{file: media/encore.jpg, alt: Le four}]\nlogo:")

    outcome = market.build()

    assert 3 == len(drawn)
    assert not [path for path in outcome.written if path.startswith("/media/")]
    market.remove("content/media/four.jpg")
    assert not [path for path in market.build().removed if path.startswith("/media/")]


def test_a_picture_is_not_drawn_again_for_want_of_a_ledger(market: Market) -> None:
    """What stands beside the ledger is kept, and put back into place."""
    pictured(market)
    market.build()
    tree = market.tree()
    drawn = {p: p.stat().st_mtime_ns for p in (market.root / ".halles" / "media").iterdir()}
    (market.root / ".halles" / "ledger.db").unlink()
    market.remove("output/media")
    market.build()

    assert tree == market.tree()
    assert drawn == {p: p.stat().st_mtime_ns for p in (market.root / ".halles" / "media").iterdir()}


def test_a_file_that_nobody_names_is_left_alone(market: Market) -> None:
    """It is neither looked at nor published, and touches nothing."""
    pictured(market)
    market.build()
    market.write("content/media/rebut.jpg", picture(90, 90, "JPEG"))

    outcome = market.build()

    assert (0, []) == (outcome.rendered, outcome.written)


def test_a_region_s_name_is_drawn_anew(market: Market) -> None:
    """The picture to share of a region has another address; that of the others stays."""
    market.build()
    market.edit("content/regions/est.md", "name: L'Est", "name: Le Levant")

    shares = [p for p in french(market.build()) if p.startswith("/media/fr-")]

    assert 1 == len(shares)
    assert shares[0].startswith("/media/fr-region-est-")


# Hours, and what a merchant has besides a page

DATED = "content/merchants/est/fa/fanny.yaml"


def test_hours_touch_the_merchant_and_the_listings_that_say_if_it_is_open(market: Market) -> None:
    """Its page, its calendar, and the cards; not its address card, nor its products."""
    market.build()
    market.edit(ALIX, "Mo-Fr 08:00-17:30", "Mo-Fr 08:00-18:00")

    why = french(market.build())

    assert why.pop("/commerces/alix/") == "sheet:alix changed"
    assert why.pop("/commerces/alix/fiche.vcf") == "sheet:alix changed"
    assert why.pop("/commerces/alix/horaire.ics") == "door:alix changed"
    assert set(why.values()) == {"card:alix changed"}
    assert not [path for path in why if path.startswith("/produits/")]


def test_a_day_that_passes_touches_no_hours(market: Market) -> None:
    """The days that are told are those of a window, which stands still for half a year."""
    market.edit(DATED, "2026-04-01", "2026-05-02")
    market.build()
    market.edit(DATED, "2026-05-02", "2026-06-30")

    assert {"/commerces/fanny/": "sheet:fanny changed"} == french(market.build())


def test_a_half_year_that_begins_touches_each_page_with_hours_and_no_other(market: Market) -> None:
    """On 1 July the window moves: pages that tell hours are rendered, for that reason."""
    market.edit(DATED, "2026-04-01", "2026-06-30")
    market.build()
    market.edit(DATED, "2026-06-30", "2026-07-01")

    why = french(market.build())

    assert why.pop("/commerces/fanny/") == "sheet:fanny changed"
    assert {"almanac changed"} == set(why.values())
    assert {"/commerces/alix/", "/commerces/alix/horaire.ics", "/regions/nord/"} <= why.keys()
    assert not [path for path in why if path.startswith(("/produits/", "/commerces/berthe/"))]


def test_holidays_are_looked_up_once_a_half_year(market: Market) -> None:
    """The library takes a tenth of a second to load: the ledger keeps what it said."""
    market.build()
    market.edit(ALIX, "555-0101", "555-0109")
    script = (
        "import sys; from pathlib import Path; from halles.outcome import Options; from halles.site import build; "
        f"build(Path({str(market.root)!r}), Options(executor='inline')); "
        "print([n for n in ('holidays', 'segno') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        cwd=PACKAGE.parent,
    )  # fmt: skip

    assert "[]" == done.stdout.strip()


def test_extras_come_and_go_with_the_setting(market: Market) -> None:
    """A poster and a widget in each language, one code, one calendar, one card; or none."""
    market.edit("halles.toml", "page_size", 'extras = ["poster", "widget"]\npage_size')
    market.build()
    there = {
        "commerces/alix/affiche/index.html", "en/merchants/alix/poster/index.html",
        "commerces/alix/qr.svg", "widget/alix/index.html", "en/widget/alix/index.html",
    }  # fmt: skip
    assert there <= market.tree().keys()
    assert "commerces/alix/horaire.ics" not in market.tree()
    assert "commerces/fanny/affiche/index.html" not in market.tree(), "a closed shop has none"

    market.edit("halles.toml", 'extras = ["poster", "widget"]\n', "")
    market.build()

    assert not there & market.tree().keys()
    assert {"commerces/alix/horaire.ics", "commerces/alix/fiche.vcf"} <= market.tree().keys()
    assert "commerces/come/horaire.ics" not in market.tree(), "nor has one without hours"


def test_a_moved_centre_redraws_the_plan_and_nothing_else(market: Market) -> None:
    """Where a region lies is seen on the front page and on the list of regions alone."""
    market.build()
    path = "content/regions/nord.md"
    lines = market.read(path).splitlines(keepends=True)
    moved = ["centre: {lat: 44.1, lon: -70.2}\n" if x.startswith("centre:") else x for x in lines]
    assert moved != lines
    market.write(path, "".join(moved))

    assert {"/", "/regions/"} == {p for p in french(market.build()) if p.endswith("/")}


def test_a_merchant_that_moves_moves_the_middle_of_its_town(market: Market) -> None:
    """The page of the search says where the towns are; a new phone number moves none."""
    market.edit("halles.toml", "on = false", "on = true")
    market.build()
    market.edit(ALIX, "555-0101", "555-0109")
    quiet = market.build()
    assert not [path for path in quiet.why if "towns" in path or "recherche" in path]
    market.edit(ALIX, "lat: 48.4488", "lat: 48.5588")
    outcome = market.build()

    (came,) = (path for path in outcome.written if "/towns." in path)
    assert {"/recherche/", "/en/search/"} <= set(outcome.written)
    assert 1 == len([path for path in outcome.removed if "/towns." in path])
    told = json.loads((market.root / "output" / came[1:]).read_bytes())
    assert ["Rimouski", "nord", 48559, -68523] in told["towns"]
    assert [48559, -68523] == told["codes"]["G5L"]


def test_a_table_of_postal_codes_goes_before_the_merchants(market: Market) -> None:
    """What it says of a code is said; what it does not is still their middle."""
    market.build()
    market.write("data/postal-codes.csv", "code,lat,lon\nG5L 1A1,48.1,-68.2\nX,,\n")
    outcome = market.build()

    (came,) = (path for path in outcome.written if "/towns." in path)
    told = json.loads((market.root / "output" / came[1:]).read_bytes())
    assert [48100, -68200] == told["codes"]["G5L"]
