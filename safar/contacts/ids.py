"""A contact's id carries its bucket in the low ten bits, so that whoever has the id knows the lane."""

from __future__ import annotations

import zlib

BUCKETS = 1024


def contact_id(number: int, key: str) -> int:
    """The id of a new contact. number: of the sequence contact_number; key: its first name."""
    return number << 10 | (zlib.crc32(key.encode()) & (BUCKETS - 1))


def bucket(contact: int) -> int:
    """0 to 1,023."""
    return contact & (BUCKETS - 1)
