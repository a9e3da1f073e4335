"""Who may come to the pages that try a draft (safar/console/tests/walking.py); the journeys are those of their own room's walk."""

from __future__ import annotations

from safar.console.tests.walking import Entry

_KEY = {"key": "journey"}

ENTRIES = {
    "trying": Entry(ids=_KEY),
    "trying_contact": Entry("editor", ids=_KEY),
}
