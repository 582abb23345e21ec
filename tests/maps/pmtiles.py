"""A PMTiles file of one tile, made here: a square of water over the whole world.

The format is that of version 3: a header of 127 bytes, a directory of one entry, metadata, a tile.
"""

import json


def _varint(n: int) -> bytes:
    found = b""
    while n > 127:
        found += bytes([n & 127 | 128])
        n >>= 7
    return found + bytes([n])


def _field(number: int, body: bytes | int) -> bytes:
    if isinstance(body, int):
        return _varint(number << 3) + _varint(body)
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _tile() -> bytes:
    """Return a vector tile whose layer "water" is one square."""
    zigzag = [0, 0, 4096, 0, 0, 4096, -4096, 0]
    steps = [n << 1 if n >= 0 else (-n << 1) - 1 for n in zigzag]
    geometry = [9, *steps[:2], 26, *steps[2:], 15]
    feature = _field(3, 3) + _field(4, b"".join(map(_varint, geometry)))
    layer = _field(15, 2) + _field(1, b"water") + _field(2, feature) + _field(5, 4096)
    return _field(3, layer)


def one_tile() -> bytes:
    """Return the whole file."""
    tile = _tile()
    directory = b"".join(map(_varint, (1, 0, 1, len(tile), 1)))
    metadata = json.dumps({"name": "fixture", "vector_layers": []}).encode()
    root = 127
    meta, leaves = root + len(directory), root + len(directory) + len(metadata)
    header = b"PMTiles\x03"
    for n in (root, len(directory), meta, len(metadata), leaves, 0, leaves, len(tile), 1, 1, 1):
        header += n.to_bytes(8, "little")
    header += bytes([1, 1, 1, 1, 0, 0])  # clustered, nothing packed, vector tiles, zoom 0 to 0
    for degrees in (-1800000000, -850000000, 1800000000, 850000000):
        header += degrees.to_bytes(4, "little", signed=True)
    header += bytes([0]) + (0).to_bytes(4, "little") * 2
    assert len(header) == 127
    return header + directory + metadata + tile
