"""Journeys to begin with, offered where a new one is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ReadyMade:
    """title, about: in the page's language. draft: the whole definition."""

    key: str
    title: str
    about: str
    draft: Mapping[str, Any]


def ready_made(language: str) -> Sequence[ReadyMade]:
    """Those that there are, in the order in which they are offered."""
    return ()


def find_ready_made(key: str, language: str) -> ReadyMade | None:
    return next((each for each in ready_made(language) if each.key == key), None)
