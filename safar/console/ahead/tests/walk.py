"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from safar.console.tests.walking import Entry

ENTRIES = {"ahead": Entry()}
