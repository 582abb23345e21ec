"""QR codes, as small SVG files."""


def qr(url: str) -> bytes:
    """Return the code of an address: black on white, whatever stands behind it.

    One mask is as readable as another: trying all eight takes five times as long.
    """
    from segno import make

    code = make(url, micro=False, error="m", boost_error=False, mask=3)
    drawn = code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None, light="#fff")
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode() + b"\n"
