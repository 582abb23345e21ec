"""Where pictures are looked at and drawn: the only door to Pillow, opened in workers alone.

Nothing of what a camera wrote beside the picture (place, time, owner, thumbnail) comes out. What
comes out depends on the file's bytes alone: quality, effort and the number of threads are fixed.
"""

import errno
import warnings
from io import BytesIO
from pathlib import Path
from threading import get_native_id
from typing import TYPE_CHECKING, Any

from halles.digest import digest
from halles.pictures import MOST_BYTES, MOST_PIXELS, Look, Negative, Plate, ShareFact, Sign, stem_of
from halles.pictures.share import card

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "GIF": (".gif",),
}
"""What can be read, and how such a file's name ends."""
SAVED: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 58, "speed": 8, "max_threads": 1, "autotiling": False},
    "webp": {"format": "WEBP", "quality": 76, "method": 4, "exact": False},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
    "png": {"format": "PNG", "optimize": True},
}
_ORIENTATION = 0x0112


class Studio:
    """Where a site's pictures come from: the files of content/, and those drawn earlier."""

    def __init__(self, content: Path, cache: Path, sign: Sign | None = None) -> None:
        self.content = content
        self.cache = cache
        self.sign = sign

    def look(self, file: str) -> Look:
        """Look at a file: whether it can be shown, and how large it is."""
        path = self.content / file
        try:
            size = path.stat().st_size
            if size > MOST_BYTES:
                return Look(b"", None, "picture-too-heavy", {"size": str(size >> 20)})
            body = path.read_bytes()
        except OSError:
            return Look(b"", None, "picture-unreadable")
        stamp = digest(body)
        found = examined(body, path.suffix.lower())
        if isinstance(found, tuple):
            return Look(stamp, None, *found)
        width, height, clear = found.size[0], found.size[1], found.mode == "RGBA"
        return Look(stamp, Plate(stem_of(stamp), width, height, clear))

    def file(self, negative: Negative, width: int, form: str) -> bytes:
        """Return one file of a picture, as drawn earlier or now, with all its others."""
        plate = negative.plate
        try:
            return (self.cache / plate.name(width, form)).read_bytes()
        except FileNotFoundError:
            self._draw(negative)
        return (self.cache / plate.name(width, form)).read_bytes()

    def _draw(self, negative: Negative) -> None:
        path = self.content / negative.file
        body = path.read_bytes()
        plate = negative.plate
        if stem_of(digest(body)) != plate.stem:
            raise OSError(errno.ESTALE, "the picture changed while the site was built", str(path))
        picture = examined(body, path.suffix.lower())
        assert not isinstance(picture, tuple), "the same bytes were sound a moment ago"
        for size in plate.sizes():
            small = shrunk(picture, size)
            for form in plate.forms():
                name = plate.name(size[0], form)
                if not (self.cache / name).exists():
                    self._keep(name, saved(small, form))

    def share(self, fact: ShareFact) -> bytes:
        """Return the picture that a link is shared with."""
        name = fact.path.rpartition("/")[2]
        try:
            return (self.cache / name).read_bytes()
        except FileNotFoundError:
            assert self.sign is not None
            body = card(self.sign, fact.title, fact.text)
        self._keep(name, body)
        return body

    def _keep(self, name: str, body: bytes) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        scratch = self.cache / f".{get_native_id()}-{name}"
        scratch.write_bytes(body)
        scratch.replace(self.cache / name)


def examined(body: bytes, ending: str) -> "Image | tuple[str, dict[str, str]]":
    """Return a picture, upright, as RGB or RGBA; or the code of what is wrong with its bytes."""
    from PIL import UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            opened = _pillow().open(BytesIO(body), formats=tuple(ENDINGS))
        except UnidentifiedImageError:
            return _nameless(body, ending)
        except Exception:  # whatever a decoder trips over, the file is at fault
            return "picture-damaged", {}
        with opened:
            kind = "JPEG" if opened.format == "MPO" else str(opened.format)
            if ending not in ENDINGS[kind]:
                return "picture-misnamed", {"kind": kind, "ending": ENDINGS[kind][0]}
            if opened.width * opened.height > MOST_PIXELS:
                given = {"width": str(opened.width), "height": str(opened.height)}
                return "picture-too-large", given
            if opened.format != "MPO" and getattr(opened, "is_animated", False):
                return "picture-animated", {}
            try:
                return _developed(opened)
            except Exception:  # as above
                return "picture-damaged", {}


def _nameless(body: bytes, ending: str) -> tuple[str, dict[str, str]]:
    """Tell a damaged file of a known kind from one of another kind."""
    if any(ending in endings for endings in ENDINGS.values()) and not _drawing(body):
        return "picture-damaged", {}
    return "picture-of-another-kind", {"kind": "SVG" if _drawing(body) else ending or "?"}


def _drawing(body: bytes) -> bool:
    return b"<svg" in body[:4096]


def _pillow() -> Any:
    """Return Pillow's door, kept quiet: what it thinks of a file's size is judged here."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    return Image


def _developed(opened: "Image") -> "Image":
    """Return a picture as it is meant to be seen: in RGB, or RGBA where it is not solid."""
    from PIL import Image

    opened.load()
    turn = _turn(opened)
    picture = opened.transpose(Image.Transpose(turn)) if turn is not None else opened.copy()
    if picture.mode.startswith("I"):  # 16 bits a sample
        picture = picture.convert("I").point(lambda level: level / 257).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        lowest: Any = picture.getchannel("A").getextrema()[0]
        picture = picture if lowest < 255 else picture.convert("RGB")
    elif picture.mode not in ("L", "CMYK"):
        picture = picture.convert("RGB")
    if profile := opened.info.get("icc_profile"):
        picture = _in_srgb(picture, profile)
    picture = picture.convert("RGBA" if picture.mode == "RGBA" else "RGB")
    picture.info = {}
    return picture


def _turn(opened: "Image") -> int | None:
    """Return how a camera was held, as the turn that sets its picture right."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    try:
        return turns.get(opened.getexif().get(_ORIENTATION, 1))
    except Exception:  # a camera's notes may be garbled, and the picture sound
        return None


def _in_srgb(picture: "Image", profile: bytes) -> "Image":
    """Return a picture in sRGB, which every reader takes it for; a garbled profile says nothing."""
    from PIL import ImageCms

    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        found = ImageCms.profileToProfile(picture, source, srgb, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return found or picture


def shrunk(picture: "Image", size: tuple[int, int]) -> "Image":
    """Return a picture in a smaller size."""
    from PIL import Image

    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def saved(picture: "Image", form: str) -> bytes:
    """Return the bytes of a picture in one form."""
    out = BytesIO()
    picture.save(out, **SAVED[form])
    return out.getvalue()
