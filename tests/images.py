"""Pictures to test with: sound ones of any kind, and the ways in which one can be wrong."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def picture(
    width: int = 40, height: int = 30, form: str = "PNG", mode: str = "RGB", **saved: Any
) -> bytes:
    """Return a picture with something to see on it."""
    slope = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (slope, slope.transpose(Image.Transpose.ROTATE_180), slope))
    out = BytesIO()
    image.convert(mode).save(out, form, **saved)
    return out.getvalue()


def see_through() -> bytes:
    """Return a picture whose left half is not there."""
    image = Image.new("RGBA", (400, 200), (200, 60, 30, 255))
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """Return a few bytes that say they are 900 million pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def moving() -> bytes:
    """Return a picture of two views."""
    views = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = BytesIO()
    views[0].save(out, "WEBP", save_all=True, append_images=views[1:])
    return out.getvalue()
