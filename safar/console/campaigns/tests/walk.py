"""Who may come to the pages of campaigns (safar/console/tests/walking.py)."""

from __future__ import annotations

from safar.console.journeys.tests.road import write_templates
from safar.console.tests.walking import Entry, Side
from safar.journeys.campaigns.plan import Plan, Variant
from safar.journeys.campaigns.services import make_campaign
from safar.segments.services import apply_segments

_KEY = {"key": "campaign"}

ENTRIES = {
    "campaigns": Entry(),
    "new_campaign": Entry("editor"),
    "campaign_reach": Entry(),
    "campaign": Entry(ids=_KEY),
    "edit_campaign": Entry("editor", ids=_KEY),
    "campaign_missed": Entry(ids=_KEY),
    "send_campaign": Entry("editor", ids=_KEY),
    "pause_campaign": Entry("editor", ids=_KEY),
    "resume_campaign": Entry("editor", ids=_KEY),
    "cancel_campaign": Entry("editor", ids=_KEY),
    "copy_campaign": Entry("editor", ids=_KEY),
}


def fill(side: Side) -> None:
    write_templates(side.workspace)
    apply_segments(
        side.workspace, {"everybody-tagged": {"title": {"en": side.marker}, "condition": {"tag": side.marker}}}
    )
    # the key, which stands in addresses, is another on each side and has no marker in it
    title = {"en": "Summer sale" if len(side.marker) % 2 else "Winter sale", "fa": side.marker}
    plan = Plan(title, "everybody-tagged", "email", (Variant("hello"),))
    side.ids["campaign"] = make_campaign(side.workspace, plan, by=f"sara@{side.marker}.example").key
