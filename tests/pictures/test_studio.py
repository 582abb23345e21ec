"""A picture comes out upright, in the web's colours, without what the camera noted, the same
bytes in any process; or a notice says why it does not come out."""

from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

import PIL
import pytest
from PIL import Image, ImageCms

from halles.pictures import MOST_PIXELS, RECIPE, WIDTHS, Negative, Plate
from halles.pictures.studio import SAVED, Studio, examined, saved, shrunk
from tests.images import bomb, moving, picture, see_through


def studio(root: Path, **files: bytes) -> Studio:
    """Return a studio with files whose names have a double underscore for their full stop."""
    (root / "media").mkdir(exist_ok=True)
    for name, body in files.items():
        (root / "media" / name.replace("__", ".")).write_bytes(body)
    return Studio(root, root / "cache")


def shot(turn: int = 1, place: bool = True) -> bytes:
    """Return what a phone writes: a red left half, how it was held, and where it was."""
    image = Image.new("RGB", (300, 200), "blue")
    image.paste("red", (0, 0, 150, 200))
    notes = Image.Exif()
    notes[0x0112] = turn
    if place:
        notes.get_ifd(0x8825).update({1: "N", 2: (48.0, 26.0, 55.0), 3: "W", 4: (68.0, 31.0, 0.0)})
        notes[0x010F] = "Appareil de Lucille"
    out = BytesIO()
    image.save(out, "JPEG", exif=notes, quality=95)
    return out.getvalue()


@pytest.mark.parametrize("form", SAVED)
def test_nothing_of_the_camera_comes_out(tmp_path: Path, form: str) -> None:
    """No place, no owner, no profile in any form."""
    found = examined(shot(), ".jpg")
    assert isinstance(found, Image.Image)
    body = saved(found, form)
    again = Image.open(BytesIO(body))

    assert b"Lucille" in shot()
    assert b"Lucille" not in body
    assert not dict(again.getexif())
    assert not {"exif", "icc_profile", "xmp"} & again.info.keys()


@pytest.mark.parametrize(
    ("turn", "size", "red"),
    [
        (1, (300, 200), "left"),
        (3, (300, 200), "right"),
        (6, (200, 300), "top"),
        (8, (200, 300), "foot"),
    ],
)
def test_a_picture_stands_upright(
    tmp_path: Path, turn: int, size: tuple[int, int], red: str
) -> None:
    """However the phone was held, the page keeps the room that the eye needs."""
    look = studio(tmp_path, a__jpg=shot(turn)).look("media/a.jpg")
    found = examined(shot(turn), ".jpg")
    assert look.plate is not None
    assert isinstance(found, Image.Image)
    width, height = size
    spots = {
        "left": (5, 100),
        "right": (width - 5, 100),
        "top": (100, 5),
        "foot": (100, height - 5),
    }

    assert size == (look.plate.width, look.plate.height) == found.size
    assert found.getpixel(spots[red])[0] > 200


def test_another_colour_space_is_brought_home() -> None:
    """What a profile says is applied, then left out; a garbled one says nothing."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, tagged = (
        picture(form="JPEG", quality=95),
        picture(form="JPEG", quality=95, icc_profile=lab),
    )
    garbled = picture(form="JPEG", quality=95, icc_profile=b"not a profile at all" * 20)

    one, other, third = (examined(body, ".jpg") for body in (plain, tagged, garbled))
    assert isinstance(one, Image.Image)
    assert isinstance(other, Image.Image)
    assert isinstance(third, Image.Image)
    assert one.tobytes() == third.tobytes()
    assert max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) <= 2


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P", "I;16"])
def test_any_kind_of_pixel_is_read(mode: str) -> None:
    """Grey, printers' ink, two levels, palettes, sixteen bits: all become red, green and blue."""
    form, ending = ("JPEG", ".jpg") if mode == "CMYK" else ("PNG", ".png")
    if mode == "I;16":
        out = BytesIO()
        Image.new("I;16", (40, 30), 40_000).save(out, "PNG")
        body = out.getvalue()
    else:
        body = picture(form=form, mode=mode)
    found = examined(body, ending)

    assert isinstance(found, Image.Image)
    assert "RGB" == found.mode
    assert mode != "I;16" or 150 < found.getpixel((1, 1))[0] < 160


def test_what_shines_through_still_does(tmp_path: Path) -> None:
    """A picture that is not solid falls back to PNG; one that only says so, to JPEG."""
    clear = studio(tmp_path, a__png=see_through()).look("media/a.png").plate
    solid = studio(tmp_path, b__png=picture(mode="RGBA")).look("media/b.png").plate
    assert clear is not None
    assert solid is not None

    assert ("avif", "webp", "png") == clear.forms()
    assert ("avif", "webp", "jpg") == solid.forms()
    body = studio(tmp_path).file(Negative("media/a.png", clear), 320, "png")
    assert 0 == Image.open(BytesIO(body)).convert("RGBA").getpixel((10, 10))[3]


@pytest.mark.parametrize(
    ("name", "body", "fault"),
    [
        ("a.png", bomb(), "picture-too-large"),
        ("a.webp", moving(), "picture-animated"),
        ("a.jpg", picture(form="PNG"), "picture-misnamed"),
        ("a.jpg", picture(form="JPEG")[:-300], "picture-damaged"),
        ("a.png", picture()[:60], "picture-damaged"),
        ("a.png", b"", "picture-damaged"),
        ("a.svg", b"<?xml version='1.0'?><svg/>", "picture-of-another-kind"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture-of-another-kind"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(60), "picture-of-another-kind"),
    ],
)
def test_what_cannot_be_shown_is_named(tmp_path: Path, name: str, body: bytes, fault: str) -> None:
    """Whatever is in the file, looking at it ends, and with the right word."""
    look = studio(tmp_path, **{name.replace(".", "__"): body}).look(f"media/{name}")

    assert (None, fault) == (look.plate, look.fault)


def test_a_bomb_is_not_unpacked() -> None:
    """The size is read in the head of the file, before a pixel has its place in memory."""
    assert len(bomb()) < 200
    assert 30_000 * 30_000 > MOST_PIXELS
    assert ("picture-too-large", {"width": "30000", "height": "30000"}) == examined(bomb(), ".png")


@pytest.mark.parametrize("width", [1, 100, 320, 500, 640, 1280, 4000])
@pytest.mark.parametrize("height", [1, 90, 4000])
def test_nothing_is_enlarged(width: int, height: int) -> None:
    """Three widths at most, none wider than the picture, all of its shape."""
    sizes = Plate("a", width, height, False).sizes()

    assert 1 <= len(sizes) <= 3
    assert all(w <= min(width, WIDTHS[-1]) and h <= height for w, h in sizes)
    assert all(h <= 2 * w + 1 or w == 1 for w, h in sizes if height <= 2 * width)
    assert sizes == tuple(sorted(sizes))


def _forms(_: int) -> list[bytes]:
    found = examined(picture(700, 500, "JPEG"), ".jpg")
    assert isinstance(found, Image.Image)
    return [saved(shrunk(found, (320, 229)), form) for form in SAVED]


def test_the_same_bytes_in_any_process() -> None:
    """Encoders have one thread and fixed pains: here, beside another, or twice, all is the same."""
    with ProcessPoolExecutor(2) as pool:
        first, second = pool.map(_forms, range(2))

    assert _forms(0) == first == second == _forms(1)


def test_the_recipe_names_the_encoder() -> None:
    """Another Pillow may draw other bytes: then files need other names, which the recipe gives."""
    assert RECIPE.endswith(f"Pillow {PIL.__version__}")


def test_a_picture_is_drawn_once(tmp_path: Path) -> None:
    """What was drawn is found again, without the file; a file of other bytes is never mistaken."""
    here = studio(tmp_path, a__jpg=picture(700, 500, "JPEG"))
    plate = here.look("media/a.jpg").plate
    assert plate is not None
    body = here.file(Negative("media/a.jpg", plate), 640, "webp")
    drawn = sorted(p.name for p in (tmp_path / "cache").iterdir())

    assert sorted(plate.name(*file) for file in plate.files()) == drawn
    (tmp_path / "media" / "a.jpg").unlink()
    assert body == here.file(Negative("media/a.jpg", plate), 640, "webp")
    (tmp_path / "cache" / plate.name(640, "webp")).unlink()
    (tmp_path / "media" / "a.jpg").write_bytes(picture(600, 500, "JPEG"))
    with pytest.raises(OSError, match="changed while the site was built"):
        here.file(Negative("media/a.jpg", plate), 640, "webp")
