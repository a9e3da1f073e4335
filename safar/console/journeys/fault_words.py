"""Faults of definitions in Persian: the parsers say them in English, with names and numbers of the draft inside."""

from __future__ import annotations


def say_fault(message: str, language: str) -> str:
    """The message itself on English pages, and where there is no Persian for it yet."""
    return message
