"""The site's own records: regions, categories, labels, pages and campaigns (pure)."""

from collections.abc import Iterator

from halles.addresses import Ways
from halles.catalogue import Catalogue
from halles.model import Text, said
from halles.read.smalls import slug
from halles.search.records import Found, content, terms_of
from halles.search.texts import beginning

DESCRIBED = 40


def site_records(catalogue: Catalogue, ways: Ways) -> Iterator[tuple[str, Found]]:
    """Yield what can be found besides merchants and products, each with its language."""
    for lang in ways.languages:
        yield from ((lang, one) for one in _of(catalogue, ways, lang))


def _of(catalogue: Catalogue, ways: Ways, lang: str) -> Iterator[Found]:
    for region in catalogue.regions.values():
        path = ways.to(lang, "regions", region.id)
        yield _found(path, "region", region.id, region.name, region.body, lang)
    terms = terms_of(catalogue, lang)
    for category in catalogue.categories.values():
        path = ways.to(lang, "categories", category.id)
        words = terms.trades[category.id].words
        yield _found(path, "category", category.id, category.name, None, lang, words)
    for label in catalogue.labels.values():
        path = ways.to(lang, "origin", label.id)
        yield _found(path, "label", label.id, label.name, label.definition, lang)
    for page in catalogue.pages.values():
        path = f"{ways.home(lang)}{slug(page, lang)}/"
        yield _found(path, "page", page.id, page.title, page.body, lang)
    for campaign in catalogue.campaigns.values():
        path = ways.to(lang, "campaigns", slug(campaign, lang))
        yield _found(path, "campaign", campaign.id, campaign.title, campaign.body, lang)


def _found(
    path: str, kind: str, key: str, name: Text, body: object, lang: str, words: str = ""
) -> Found:
    title = said(name, lang)[0]
    described = beginning(said(body, lang)[0], DESCRIBED) if body else ""  # type: ignore[arg-type]
    searched = content([title], [described], [words])
    return Found(path, title, searched, {"title": title, "kind": kind, "id": key}, {})
