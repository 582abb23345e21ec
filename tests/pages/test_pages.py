"""The pages of the example site, as a browser, a search engine and a reader find them."""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from lxml import html

from tests.example import BASE, Example, file_at

ENGLISH = "/en/"
OWN = ("/liste/", "/choix/", "/hors-ligne/", "/en/list/", "/en/choices/", "/en/offline/")
"""Pages of the reader's own: nobody else would find anything there."""
ONE_PAGE = 30 * 1024
"""What a page and its style may weigh on the wire."""


@pytest.fixture(scope="module")
def site(short_lists: Example) -> Example:
    """Return the example site; a short page size, so that many listings have several pages."""
    return short_lists


def each(site: Example, query: str) -> Iterator[tuple[str, Any]]:
    """Yield what an XPath finds on each page."""
    for path, page in site.pages.items():
        yield from ((path, found) for found in page.xpath(query))


def one_of_each_kind(site: Example) -> dict[str, str]:
    """Return an address for each kind of page, in each language."""
    found: dict[str, str] = {}
    for path, page in site.pages.items():
        (kind,) = page.xpath("//main/@class")
        found.setdefault(f"{page.get('lang')} {kind} {'/page/' in path}", path)
    return found


def strictly(body: bytes) -> None:
    """Parse a page as the standard says, and raise at the first parse error."""
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body.decode())


# Whole pages


def test_the_example_is_worth_looking_at(site: Example) -> None:
    """Every kind of page is there, in both languages, and the content has no error."""
    kinds = {kind.partition(" ")[2] for kind in one_of_each_kind(site)}
    expected = {"home", "regions", "region", "shelf", "category", "categories", "merchant", "product", "label", "page", "campaign", "poster", "widget", "search", "data", "404", "list", "choices", "offline", "explorer"}  # fmt: skip

    assert expected == {kind.split()[0] for kind in kinds}
    assert [] == site.outcome.failed
    assert [] == [n for n in site.outcome.notices if n.severity == "error"]


def test_one_page_of_each_kind_parses_strictly(site: Example) -> None:
    """Without a single parse error, by the standard's own algorithm."""
    for path in one_of_each_kind(site).values():
        strictly(site.body(path))


@pytest.mark.slow
def test_every_page_parses_strictly(site: Example) -> None:
    """Not one parse error in the whole site."""
    for path in site.pages:
        strictly(site.body(path))


def test_every_page_has_one_h1_and_a_title(site: Example) -> None:
    """A heading with words in it, a title with words in it, and the headings skip no level."""
    for path, page in site.pages.items():
        (heading,) = page.xpath("//h1")
        (title,) = page.xpath("//title/text()")
        levels = [int(h.tag[1]) for h in page.xpath("//main//*[self::h1 or self::h2 or self::h3]")]

        assert (path, True, True) == (
            path,
            bool(heading.text_content().strip()),
            bool(title.strip()),
        )
        assert [] == [b for a, b in pairwise(levels) if b > a + 1], path


def test_every_page_says_its_language(site: Example) -> None:
    """English under /en/, French at the root."""
    for path, page in site.pages.items():
        assert ("en-CA" if path.startswith(ENGLISH) else "fr-CA") == page.get("lang"), path


def test_no_id_stands_twice(site: Example) -> None:
    """An anchor leads to one place."""
    for path, page in site.pages.items():
        assert {} == {i: n for i, n in Counter(page.xpath("//@id")).items() if n > 1}, path


def test_titles_tell_pages_apart(site: Example) -> None:
    """Within a language, listings and their later pages each have a title of their own."""
    titles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, page in site.pages.items():
        if page.xpath("//main/@class")[0] not in ("merchant", "product"):
            titles[page.get("lang"), page.xpath("string(//title)")].append(path)

    assert [] == [paths for paths in titles.values() if len(paths) > 1]


# Addresses and languages


def test_every_page_names_itself(site: Example) -> None:
    """The canonical address is the page's own; a page that must not be found has none."""
    for path, page in site.pages.items():
        found = page.xpath('//link[@rel="canonical"]/@href')
        lost = path.endswith(("/404.html", "/affiche/", "/poster/")) or "/widget/" in path
        lost = lost or path in OWN

        assert ([] if lost else [BASE + path]) == found
        assert lost == bool(page.xpath('//meta[@name="robots"][@content="noindex"]'))


def test_every_page_has_its_twin_and_the_twin_says_so(site: Example) -> None:
    """What one language has, the other has: hreflang is whole, itself included, and reciprocal."""
    for path, page in site.pages.items():
        if path.endswith("/404.html") or path in OWN:
            continue
        links = page.xpath('//link[@rel="alternate"][@hreflang]')
        twins = {link.get("hreflang"): link.get("href") for link in links}

        assert {"fr-CA", "en-CA", "x-default"} == twins.keys(), path
        assert BASE + path == twins[page.get("lang")]
        assert twins["fr-CA"] == twins["x-default"]
        for url in twins.values():
            twin = site.pages[url.removeprefix(BASE)]
            back = twin.xpath('//link[@rel="alternate"][@hreflang=$l]/@href', l=page.get("lang"))
            assert [BASE + path] == back, path


def test_no_link_is_broken(site: Example) -> None:
    """Every address of ours, in every attribute of every page, is answered for."""
    broken = []
    for path, page in site.pages.items():
        for name in ("href", "src", "action", "content"):
            for url in set(page.xpath(f"//@{name}")):
                ours = url.startswith(("/", "#", BASE)) and not url.startswith("//")
                if ours and not site.there(path + url if url[0] == "#" else url):
                    broken.append((path, url))

    assert [] == broken


def test_every_page_can_be_walked_to(site: Example) -> None:
    """From the front page, by links alone, without a script or a search; the 404 apart.

    So is the page that says that there is no network: who can walk to it need not see it.
    """
    seen, rest = {"/"}, ["/"]
    while rest:
        for href in set(site.pages[rest.pop()].xpath("//a/@href")):
            path = href.partition("#")[0]
            if path in site.pages and path not in seen:
                seen.add(path)
                rest.append(path)
    closed = {path for path, _ in each(site, '//main//*[@class="closed"]')}

    lost = {"/404.html", "/en/404.html", "/hors-ligne/", "/en/offline/"}
    assert lost | closed == site.pages.keys() - seen


# What is not there


def test_no_page_runs_or_styles_anything_by_itself(site: Example) -> None:
    """A strict content policy holds: no inline script, style, handler or scripted address.

    What is live on a page comes from a file of our own, and no other page has any but the script
    of the reader's list; those of the reader's own pages apart.
    """
    scripts = '//script[not(@type="application/ld+json")]'
    own = '[starts-with(@src, "/")][not(starts-with(@src, "//"))][not(node())][//body/@data-stock or //@data-newest or //body/@data-until or contains(@src, "/choices-") or (//figure/@data-map and contains(@src, "/map-")) or //main[contains("list choices", @class)]]'
    assert [] == list(each(site, f"({scripts})[not(self::script{own})]"))
    assert [] == list(each(site, "//style | //@style | //@*[starts-with(name(), 'on')]"))
    assert [] == list(
        each(site, "//@href[starts-with(., 'javascript:') or starts-with(., 'data:')]")
    )


def test_no_page_asks_anything_of_anybody_else(site: Example) -> None:
    """No frame, picture, font or style of a third party; no form that leads away."""
    query = "//link[@rel!='canonical' and @rel!='alternate']/@href | //@src | //@srcset | //@action"

    assert [] == [(p, url) for p, url in each(site, query) if not re.match(r"/[^/]", url)]
    assert [] == list(each(site, "//iframe | //object | //embed | //base | //meta[@http-equiv]"))
    for css in (name for name in site.files if name.endswith(".css")):
        sheet = (site.output / css).read_text("utf-8")
        assert [] == re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//", sheet)


def test_links_that_editors_wrote_are_not_vouched_for(site: Example) -> None:
    """In prose, every link out says ``nofollow ugc noopener``."""
    query = "//div[contains(@class, 'prose')]//a[starts-with(@href, 'http')]"
    rels = {link.get("rel") for _, link in each(site, query)}

    assert rels <= {"nofollow ugc noopener"}


def test_a_page_weighs_little(site: Example) -> None:
    """With the style, compressed, none is over 30 KiB."""
    css = sum(len(gzip.compress(site.body(f"/{n}"))) for n in site.files if n.endswith(".css"))
    heavy = {
        path: css + size
        for path in site.pages
        if css + (size := len(gzip.compress(site.body(path), 6))) > ONE_PAGE
    }

    assert {} == heavy


def test_no_template_leaks(site: Example) -> None:
    """No brace, no None, no Python value is shown to a reader."""
    for path, page in site.pages.items():
        text = page.xpath("string(//body)")
        assert not re.search(r"\{\{|\{%|\{\w*\}|\bNone\b|\bUndefined\b|Words\(|Link\(", text), path


# Structured data


def graph(page: html.HtmlElement) -> list[dict[str, Any]]:
    """Return a page's structured data."""
    scripts = page.xpath('//script[@type="application/ld+json"]/text()')
    found: list[dict[str, Any]] = []
    for script in scripts:
        document = json.loads(script)
        assert "https://schema.org" == document["@context"]
        found += document["@graph"]
    return found


EXPECTED = {
    "home": "WebSite", "region": "ItemList", "shelf": "ItemList", "category": "ItemList",
    "label": "ItemList", "campaign": "ItemList", "product": "Product",
}  # fmt: skip


def test_every_page_says_to_search_engines_what_it_is(site: Example) -> None:
    """JSON-LD parses, has the type of its kind, and the crumbs end on the page itself."""
    for path, page in site.pages.items():
        (kind,) = page.xpath("//main/@class")
        found = {item["@type"]: item for item in graph(page)}

        assert kind not in EXPECTED or EXPECTED[kind] in found, path
        if "BreadcrumbList" in found:
            steps = found["BreadcrumbList"]["itemListElement"]
            assert list(range(1, len(steps) + 1)) == [step["position"] for step in steps]
            assert BASE + path == steps[-1].get("item", BASE + path)
            assert all(site.there(s["item"]) for s in steps if "item" in s), path


def test_an_item_list_is_the_listing(site: Example) -> None:
    """The same merchants in the same order, numbered on from the page before."""
    for path, page in site.pages.items():
        for item in (i for i in graph(page) if i["@type"] == "ItemList"):
            cards = page.xpath('//ul[@class="cards"]/li/a[1]/@href')
            if path.endswith(("/regions/", "/categories/")):
                cards = page.xpath("//main//a[not(@tabindex)]/@href")  # not those of the picture
            number = int(path.rstrip("/").rpartition("/page/")[2]) if "/page/" in path else 1
            first = 7 * (number - 1) + 1

            assert [BASE + href for href in cards] == [e["url"] for e in item["itemListElement"]]
            assert [*range(first, first + len(cards))] == [
                e["position"] for e in item["itemListElement"]
            ]


def test_prices_for_machines_have_a_point_and_a_currency(site: Example) -> None:
    """12.34 CAD to a search engine, whatever the page's language shows."""
    for path, page in site.pages.items():
        for item in graph(page):
            offers = item.get("offers", [])
            offers = offers if isinstance(offers, list) else [offers]
            for offer in (o for o in offers if "price" in o or "lowPrice" in o):
                assert "CAD" == offer["priceCurrency"], path
                for name in ("price", "lowPrice", "highPrice"):
                    assert re.fullmatch(r"\d+(\.\d{1,2})?", offer.get(name, "1")), path


# Merchants and listings


def merchants(site: Example, *, closed: bool) -> set[str]:
    """Return the addresses of the merchants that are closed, or of those that are open."""
    return {
        path
        for path, page in site.pages.items()
        if page.xpath("//main/@class") == ["merchant"]
        and bool(page.xpath('//main//*[@class="closed"]')) == closed
    }


def test_a_closed_merchant_says_so_and_is_listed_nowhere(site: Example) -> None:
    """Its page stays; no listing leads to it, nor the sitemap; it offers nothing."""
    gone = merchants(site, closed=True)
    sitemap = site.body("/sitemap.xml").decode()
    cards = {href for _, href in each(site, '//ul[@class="cards"]//a/@href')}

    assert gone
    assert set() == gone & cards
    for path in gone:
        assert f"{BASE}{path}<" not in sitemap
        assert [] == site.pages[path].xpath('//*[@class="slate" or @class="hours" or @class="tel"]')


def test_every_open_merchant_stands_in_every_listing_that_is_its_own(site: Example) -> None:
    """Page after page: its region's, and the sitemap; none is lost at a turn, none shown twice."""
    sitemap = site.body("/sitemap.xml").decode()
    shown: Counter[str] = Counter()
    for path, page in site.pages.items():
        if page.xpath("//main/@class") == ["region"]:
            shown.update(page.xpath('//ul[@class="cards"]/li/a[1]/@href'))
            assert path

    assert merchants(site, closed=False) == shown.keys()
    assert {1} == set(shown.values())
    assert all(f"<loc>{BASE}{path}</loc>" in sitemap for path in shown)


def test_pages_of_a_listing_follow_each_other(site: Example) -> None:
    """Previous and next are each other's; the last page has no next; none is empty or too long."""
    for path, page in site.pages.items():
        cards = page.xpath('//ul[@class="cards"]/li')
        after = page.xpath('//nav[@class="pager"]/a[@rel="next"]/@href')
        before = page.xpath('//nav[@class="pager"]/a[@rel="prev"]/@href')
        for href in after:
            assert 7 == len(cards), path
            assert [path] == site.pages[href].xpath('//a[@rel="prev"]/@href')
        if "/page/" in path:
            assert before, path
            assert 1 <= len(cards) <= 7, path


def test_counts_are_those_of_the_listings_they_lead_to(site: Example) -> None:
    """A number beside a name is how many merchants stand behind it, over all its pages."""
    sizes: dict[str, int] = defaultdict(int)
    for path, page in site.pages.items():
        sizes[re.sub(r"page/\d+/$", "", path)] += len(page.xpath('//ul[@class="cards"]/li'))
    for path, item in each(site, '//main[not(@class="product")]//ul[@class="counts"]/li'):
        (href, *_) = item.xpath("a/@href")
        said = re.sub(r"\D", "", item.xpath("string(a[1]/following-sibling::text()[1])"))

        assert str(sizes[href]) == said, (path, href)


# Products


def sellers_of(site: Example) -> dict[str, set[str]]:
    """Return who sells each GTIN, read from the content by itself."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (site.root / "content/merchants").rglob("*.yaml"):
        text = path.read_text("utf-8")
        if "status: closed" not in text:
            for gtin in re.findall(r"^\s*(?:- )?\{?.*\bgtin: \"?(\d+)", text, re.M):
                found[gtin].add(path.stem)
    return found


def test_a_gtins_page_lists_all_its_sellers(site: Example) -> None:
    """Each once, with a link to its page and a price; cheapest first."""
    shared = {gtin: ids for gtin, ids in sellers_of(site).items() if len(ids) > 1}
    assert shared
    for gtin, ids in shared.items():
        page = site.pages[f"/produits/{gtin}/"]
        hrefs = page.xpath(
            '//main/div[@class="slate"]//li//a[starts-with(@href, "/commerces/")]/@href'
        )
        prices = [
            float(re.sub(r"[^\d,]", "", b).replace(",", "."))
            for b in page.xpath('//div[@class="slate"]//li/b/text()')
        ]

        assert sorted(f"/commerces/{i}/" for i in ids) == sorted(hrefs)
        assert sorted(prices) == prices


def test_what_is_published_has_an_address(site: Example) -> None:
    """Every file is a page, a style, an icon, a map, or what robots read: nothing is left lying about."""
    known = re.compile(
        r"(.*/)?index\.html|(en/)?404\.html|sitemap[^/]*\.xml|robots\.txt|assets/[^/]+"
        r"|media/[^/]+\.(avif|webp|jpg|png)|donnees/([a-z-]+/)?[a-z0-9-]+\.(csv|json|geojson|txt)"
        r"|(flux|en/feeds)/([a-z-]+/)?(atom\.xml|feed\.json)|(en/)?opensearch\.xml"
        r"|(en/)?manifest\.webmanifest|humans\.txt|_headers|_redirects|etat\.json"
        r"|commerces/[^/]+/(horaire\.ics|fiche\.vcf|qr\.svg)"
        r"|points/manifest\.json|points/of/([a-z0-9-]+-([a-z0-9-]+|_)|towns)\.[0-9a-f]{10}\.json"
        r"|carte/([a-z-]+(_points)?|_)\.svg|carte/[a-z-]+\.(geojson|kml)|(carte|en/map)/mots\.json"
        r"|sw\.js|(hors-ligne|en/offline)/[a-z-]+-[0-9a-f]{10}\.json|\.well-known/security\.txt"
    )

    assert [] == [name for name in site.files if not known.fullmatch(name)]
    assert all(file_at(path) in site.files for path in site.pages)


def test_every_page_says_what_it_is_wherever_it_is_shared(site: Example) -> None:
    """Title, description, address and a picture that is there: for a result, a card, a message."""
    lacking = []
    for path, page in site.pages.items():
        if page.xpath('//main[contains(@class, "widget")]'):
            continue  # a part of another page, with a head of its own
        needed = ["//title", '//meta[@name="description"]/@content',
                  '//meta[@property="og:description"]', '//meta[@property="og:title"]']  # fmt: skip
        if page.xpath('//link[@rel="canonical"]'):
            needed += ['//meta[@property="og:url"]', '//meta[@property="og:image"]']
        lacking += [(path, what) for what in needed if len(page.xpath(what)) != 1]
        for picture in page.xpath('//meta[@property="og:image"]/@content'):
            there = site.root / "output" / file_at(picture.removeprefix(BASE))
            lacking += [] if there.is_file() else [(path, picture)]

    assert [] == lacking
