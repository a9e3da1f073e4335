"""The stable hash that splits people, the same in every process and in the back-test (docs/semantics.md 5)."""

from __future__ import annotations

from hashlib import md5


def share(text: str) -> float:
    """A number in [0, 1) that depends on the text alone: the first 32 bits of its md5 over 2^32. Not for secrets."""
    return int(md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16) / 2**32
