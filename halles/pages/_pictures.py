"""Pictures as pages show them: sizes and forms to choose from, and room kept for each."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from halles.model import Picture
from halles.pages import Ground, Seen, words
from halles.pictures import TYPES, Plate, ShareFact
from halles.pictures.share import HEIGHT, WIDTH


def needs(*pictures: Picture | None) -> Iterator[str]:
    """Yield the facts that some pictures are shown from."""
    for picture in pictures:
        if picture is not None and picture.alt is not None:
            yield f"picture:{picture.file}"


def shown(picture: Picture | None, seen: Seen, lang: str) -> dict[str, Any] | None:
    """Return a picture as a template shows it; None of one that cannot be shown."""
    plate = plate_of(picture, seen)
    if picture is None or plate is None:
        return None
    return {"alt": words(picture.alt, lang), **_files(plate)}


def plate_of(picture: Picture | None, seen: Seen) -> Plate | None:
    """Return what can be shown of a picture."""
    if picture is None or picture.alt is None:
        return None
    return seen.get(f"picture:{picture.file}")


@lru_cache(maxsize=4096)
def _files(plate: Plate) -> dict[str, Any]:
    sizes, (*better, last) = plate.sizes(), plate.forms()
    small, large = sizes[0], sizes[-1]
    return {
        "width": large[0],
        "height": large[1],
        "src": plate.path(large[0], last),
        "srcset": _set(plate, last),
        "sources": [{"type": TYPES[form], "srcset": _set(plate, form)} for form in better],
        "small": {
            "width": small[0],
            "height": small[1],
            "src": plate.path(small[0], last),
            "sources": [
                {"type": TYPES[form], "srcset": plate.path(small[0], form)} for form in better
            ],
        },
    }


def _set(plate: Plate, form: str) -> str:
    return ", ".join(f"{plate.path(width, form)} {width}w" for width, _ in plate.sizes())


def url(plate: Plate, ground: Ground) -> str:
    """Return the whole address of a picture at its largest, in the form that anyone can read."""
    return ground.ways.url(plate.path(plate.sizes()[-1][0], plate.forms()[-1]))


def to_share(
    plate: Plate | None, alt: str, fact: ShareFact | None, ground: Ground
) -> dict[str, Any] | None:
    """Return the picture that a link is shared with: the page's own, or that of its place."""
    if plate is not None:
        width, height = plate.sizes()[-1]
        return {"url": url(plate, ground), "width": width, "height": height, "alt": alt}
    if fact is None:
        return None
    return {
        "url": ground.ways.url(fact.path), "width": WIDTH, "height": HEIGHT,
        "alt": f"{fact.text} – {fact.title}",
    }  # fmt: skip
