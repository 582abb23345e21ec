"""Pictures: what is known of one once it was looked at, and the files it is published as.

Nothing here opens a picture: ``studio`` does, in a worker, and ``share`` draws those that links
are shared with.
"""

from collections.abc import Iterator
from hashlib import blake2b

from msgspec import Struct

RECIPE = "1, Pillow 13.0.0"
"""What stands for the way pictures are drawn. Another way, or another encoder, gives other bytes,
which need other names: they are kept by readers for ever, and by ``.halles/`` until deleted."""

WIDTHS = (320, 640, 1280)
TALLEST = 2
"""How many times as tall as wide a picture may be before its height decides how it is shrunk."""
MOST_BYTES = 20 << 20
MOST_PIXELS = 40_000_000
TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
}


class Plate(Struct, frozen=True, array_like=True):
    """A picture that can be shown: what stands for its bytes, and its size as people see it."""

    stem: str
    width: int
    height: int
    clear: bool
    """Whether something shines through."""

    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Return the widths and heights it is published in, smallest first; none is enlarged.

        >>> Plate("a", 2000, 1000, False).sizes(), Plate("a", 400, 300, False).sizes()
        (((320, 160), (640, 320), (1280, 640)), ((320, 240), (400, 300)))
        """
        found = {}
        for wanted in WIDTHS:
            share = min(1.0, wanted / self.width, TALLEST * wanted / self.height)
            width = max(1, round(self.width * share))
            found[width] = (width, max(1, round(self.height * share)))
        return tuple(found.values())

    def forms(self) -> tuple[str, ...]:
        """Return the endings it is published with; the last is for any reader."""
        return ("avif", "webp", "png" if self.clear else "jpg")

    def name(self, width: int, form: str) -> str:
        """Return the name of one of its files."""
        return f"{self.stem}-{width}.{form}"

    def path(self, width: int, form: str) -> str:
        """Return the address of one of its files."""
        return f"/media/{self.name(width, form)}"

    def files(self) -> Iterator[tuple[int, str]]:
        """Yield the width and ending of each of its files."""
        for width, _ in self.sizes():
            yield from ((width, form) for form in self.forms())


class Negative(Struct, frozen=True, array_like=True):
    """A plate and the file, below content/, that it is drawn from."""

    file: str
    plate: Plate


class Look(Struct, frozen=True, array_like=True):
    """What looking at a file gave: its plate, or what keeps it from being shown."""

    digest: bytes
    """What stands for the file's bytes; empty where nobody has read them."""
    plate: Plate | None = None
    fault: str = ""
    given: dict[str, str] = {}


class Sign(Struct, frozen=True, array_like=True):
    """How a theme draws the pictures that links are shared with."""

    font: bytes
    ground: str
    ink: str
    stripe: str
    canvas: str


SITE = "site:home"
"""The key of the picture that pages without any other are shared with."""


class ShareFact(Struct, frozen=True, array_like=True):
    """The picture that links to a page are shared with: a region's, a category's, the site's."""

    path: str
    title: str
    """The site's; on its own picture, its address."""
    text: str
    """The name of what is shared."""


def stem_of(digest: bytes) -> str:
    """Return what files are called that are drawn from some bytes."""
    return blake2b(digest + RECIPE.encode(), digest_size=10).hexdigest()
