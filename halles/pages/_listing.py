"""What every listing of merchants shares: cards, pages before and after, an ItemList."""

from collections.abc import Iterator, Mapping
from typing import Any

from halles import structured
from halles.catalogue import Card
from halles.facts import Facts, Link, Site, Slice, Tally
from halles.icons import STALL
from halles.pages import Ground, Seen, level, words
from halles.pages._hours import of_card, until

SAYS = "{name}\u00a0: les marchands, leurs heures d’ouverture et ce qu’ils vendent."


def split(key: str) -> tuple[str, int]:
    """Return what a listing is of, and which of its pages this is."""
    name, _, page = key.partition("#")
    return name, int(page or 1)


def needs(key: str, facts: Facts) -> Iterator[str]:
    """Yield the facts that the cards of one page are made of."""
    found: Slice = facts[f"slice:{key}"]
    yield f"slice:{key}"
    if any(facts[f"card:{merchant}"].hours for merchant in found.ids):
        yield "almanac"
    names: dict[str, None] = {}
    for merchant in found.ids:
        yield f"card:{merchant}"
        card: Card = facts[f"card:{merchant}"]
        names[f"region:{card.region}"] = None
        names.update((f"category:{c}", None) for c in card.categories)
        if card.label:
            names[f"label:{card.label}"] = None
            names |= {f"over:{card.until}": None} if card.until else {}
    yield from names


def cards(key: str, seen: Seen, lang: str, ground: Ground) -> list[dict[str, Any]]:
    """Return the merchants of one page as cards."""
    return [_card(seen[f"card:{m}"], seen, lang, ground) for m in seen[f"slice:{key}"].ids]


def _card(card: Card, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    region, label = seen.get(f"region:{card.region}"), seen.get(f"label:{card.label}")
    categories = [seen.get(f"category:{c}") for c in card.categories]
    return {
        "name": words(card.name, lang),
        "path": ground.ways.to(lang, "merchants", card.id),
        "town": card.town,
        "region": region,
        "categories": [c for c in categories if c],
        "icon": next((c.icon for c in categories if c), STALL),
        "label": label,
        "level": level(card.proved, f"over:{card.until}" in seen),
        "products": card.products,
        "hours": of_card(card, seen),
    }


def pager(
    section: str, pieces: tuple[str, ...], page: int, pages: int, lang: str, ground: Ground
) -> dict[str, Any] | None:
    """Return the ways to the other pages of a listing, or None where there is only one."""
    if pages < 2:
        return None

    def to(n: int) -> dict[str, Any]:
        return {"n": n, "path": ground.ways.to(lang, section, *pieces, page=n)}

    near = {1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)}
    steps: list[dict[str, Any] | None] = []
    for n in sorted(near):
        if steps and steps[-1] is not None and n - steps[-1]["n"] > 1:
            steps.append(None)
        steps.append(to(n))
    return {
        "page": page,
        "pages": pages,
        "previous": to(page - 1) if page > 1 else None,
        "next": to(page + 1) if page < pages else None,
        "steps": steps,
    }


def gist(title: str, site: Site) -> str:
    """Return what a listing is, for search engines, where nobody has written it down."""
    return site.say(SAYS).replace("{name}", title)


def item_list(listed: list[dict[str, Any]], page: int, ground: Ground) -> dict[str, Any]:
    """Return one page of a listing as structured data."""
    first = (page - 1) * ground.page_size + 1
    return structured.item_list(
        [(c["name"].text, ground.ways.url(c["path"])) for c in listed], first
    )


def twins(section: str, pieces: tuple[str, ...], page: int, ground: Ground) -> Mapping[str, str]:
    """Return one page of a listing in each language."""
    ways = ground.ways
    return {lang: ways.to(lang, section, *pieces, page=page) for lang in ways.languages}


def counted(
    tally: Tally, family: str, seen: Seen, path: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return the names of one family with how many merchants stand under each."""
    found = []
    for kind, name, count in tally.counts:
        fact = seen.get(f"{family}:{name}")
        if kind == family and fact is not None:
            to = path[name] if path is not None else fact.path
            icon = fact.icon if kind == "category" else ""
            found.append({"link": Link(fact.text, fact.lang, to), "count": count, "icon": icon})
    return found


def tree(seen: Seen) -> list[dict[str, Any]]:
    """Return the categories that have merchants, from the trunk, with how many."""
    tally: Tally = seen["tally:categories"]
    counts = {name: count for family, name, count in tally.counts if family == "category"}
    roots = [c for c in counts if len(seen[f"category:{c}"].way) == 1]
    return [_branch(c, counts, seen) for c in roots]


def _branch(category: str, counts: dict[str, int], seen: Seen) -> dict[str, Any]:
    fact = seen[f"category:{category}"]
    return {
        "link": fact,
        "icon": fact.icon,
        "count": counts[category],
        "children": [_branch(c, counts, seen) for c in fact.children if c in counts],
    }


def tally_needs(name: str, facts: Facts) -> Iterator[str]:
    """Yield a tally and the names it counts."""
    if f"tally:{name}" not in facts:
        return
    yield f"tally:{name}"
    for family, counted_id, _ in facts[f"tally:{name}"].counts:
        yield f"{family}:{counted_id}"


def numbered(title: str, page: int) -> str:
    """Return a title that says which page this is."""
    return title if page == 1 else f"{title} – {page}"


__all__ = [
    "Card", "cards", "counted", "gist", "item_list", "needs", "numbered", "pager", "split",
    "tally_needs", "tree", "twins", "until",
]  # fmt: skip
