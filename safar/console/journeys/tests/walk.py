"""Who may come to the pages of journeys (safar/console/tests/walking.py)."""

from __future__ import annotations

from safar.console.journeys.tests.road import write_templates
from safar.console.tests.walking import Entry, Side
from safar.journeys.drafts import make_journey
from safar.journeys.models import Version

_KEY = {"key": "journey"}

ENTRIES = {
    "journeys": Entry(),
    "new_journey": Entry("editor"),
    "journey": Entry(ids=_KEY),
    "journey_map": Entry(ids=_KEY),
    "journey_parse": Entry("viewer", write="viewer", ids=_KEY),
    "journey_figures": Entry(ids=_KEY),
    "journey_publishing": Entry(ids=_KEY),
    "journey_progress": Entry(ids=_KEY),
    "stop_publishing": Entry("editor", ids=_KEY),
    "journey_people": Entry(ids=_KEY),
    "journey_moves": Entry(ids=_KEY),
    "journey_versions": Entry(ids=_KEY),
    "restore_version": Entry("editor", ids={"key": "journey", "number": "version"}),
    "export_journey": Entry(ids=_KEY),
    "pause_journey": Entry("editor", ids=_KEY),
    "resume_journey": Entry("editor", ids=_KEY),
    "archive_journey": Entry("editor", ids=_KEY),
    "copy_journey": Entry("editor", ids=_KEY),
}


def fill(side: Side) -> None:
    write_templates(side.workspace)
    draft = {
        "title": f"Welcome {side.marker}",
        "start": {"seen": {"kind": "event", "event": f"Shop {side.marker}", "next": "mark"}},
        "points": {"mark": {"kind": "add_tag", "tag": side.marker}},
    }
    journey = make_journey(side.workspace, draft, key=f"welcome-{len(side.marker)}", by=f"sara@{side.marker}.example")
    Version.objects.create(journey=journey, number=1, definition=journey.draft)
    side.ids["journey"], side.ids["version"] = journey.key, 1
