"""What a message is called in the history (docs/semantics.md 2)."""

from __future__ import annotations

TRACK, IDENTIFY, PAGE, SCREEN, GROUP, ALIAS = "track", "identify", "page", "screen", "group", "alias"
EDIT, MERGE, ABSORB = "edit", "merge", "absorb"  # of our own making: no client sends them

TYPES = (IDENTIFY, TRACK, PAGE, SCREEN, GROUP, ALIAS)
HISTORY_NAMES = {
    IDENTIFY: "identify",
    PAGE: "page_viewed",
    SCREEN: "screen_viewed",
    GROUP: "group",
    ALIAS: "alias",
    EDIT: "edit",
}

MAX_NAME = 255  # characters of an event's name: it stands in the index of the log
