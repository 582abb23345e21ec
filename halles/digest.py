"""Short names for bytes and values, the same on every machine."""

from hashlib import blake2b
from typing import Any

import msgspec

_encode = msgspec.msgpack.Encoder(order="deterministic").encode

SIZE = 16
"""Bytes of a digest."""


def digest(body: bytes) -> bytes:
    """Return 16 bytes that stand for a file's content."""
    return blake2b(body, digest_size=SIZE).digest()


def brief(value: Any) -> bytes:
    """Return 8 bytes that stand for a fact.

    Eight are enough: two digests are only ever compared for one and the same fact, before and
    after, never searched for among many.
    """
    return blake2b(_encode(value), digest_size=8).digest()
