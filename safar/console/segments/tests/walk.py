"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from safar.console.tests.walking import Entry, Side
from safar.segments.services import apply_segments

KEY = {"key": "segment"}
ENTRIES = {
    "segments": Entry(),
    "new_segment": Entry("editor"),
    "segment": Entry(ids=KEY),
    "segment_preview": Entry("viewer", "viewer"),
    "segment_parse": Entry("viewer", "viewer"),
    "segment_count": Entry(ids=KEY),
    "segment_delete": Entry("editor", ids=KEY),
}


def fill(side: Side) -> None:
    side.ids["segment"] = f"of-{side.workspace.pk}"  # an address that is not there is said again on the page
    title = {"en": f"Everybody {side.marker}"}
    apply_segments(side.workspace, {side.ids["segment"]: {"title": title, "condition": {"tag": side.marker}}})
