"""A file from outside: what it is known by, and its text, whatever wrote it. Nothing here holds a file in memory."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from safar.lib.faults import Fault, Refused, said

CHUNK = 1 << 20
ARABIC = "cp1256"  # what Persian Windows programs write where they do not write Unicode

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Survey:
    """sha256 of the file as it lies there, its size in bytes, and the encoding its text is probably in."""

    sha256: bytes
    size: int
    encoding: str


def survey(path: Path) -> Survey:
    """Read the file once. Raises Refused where it cannot be read or is empty."""
    digest, size, head = hashlib.sha256(), 0, b""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    foreign = broken = 0  # characters beyond ASCII, and bytes that no UTF-8 has
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                head = head or chunk[:4096]
                digest.update(chunk)
                size += len(chunk)
                if not chunk.isascii() or foreign:
                    text = decoder.decode(chunk)
                    broken += text.count("\ufffd")
                    foreign += len(text) - len(text.encode("ascii", "ignore"))
    except OSError as error:
        raise Refused([Fault(path.name, error.strerror or said("cannot be read"))]) from None
    if not size:
        raise Refused([Fault(path.name, said("is empty"))])
    return Survey(digest.digest(), size, _encoding(head, foreign, broken))


def _encoding(head: bytes, foreign: int, broken: int) -> str:
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    # Without a mark: in UTF-16 each comma and line end has a zero on the same side; 8-bit text has none.
    before, after = head[0::2].count(0), head[1::2].count(0)
    if max(before, after) > len(head) // 50 and min(before, after) * 10 <= max(before, after):
        return "utf-16-be" if before > after else "utf-16-le"
    # A few broken places in much that is right are damage; much that is broken was never UTF-8.
    return "utf-8" if broken == 0 or (foreign - broken) > 10 * broken else ARABIC


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[tuple[TextIO, BinaryIO]]:
    """The text, and the file under it (whose position says how far one is). What cannot be decoded reads as U+FFFD."""
    with path.open("rb") as file, io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text:
        yield text, file
