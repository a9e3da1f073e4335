"""What each SMS of a draft would cost, for the publishing dialog: by the text as it stands, for somebody of whom nothing is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from safar.accounts.models import Workspace
from safar.channels.estimate import Short, as_written, parts_of_template
from safar.console.formats import Formats
from safar.content.models import Template
from safar.journeys.template_use import sendings_of


def sms_costs(
    workspace: Workspace, draft: Any, price: Decimal | None, formats: Formats, *, short: Short = as_written
) -> list[dict[str, Any]]:
    """[{title, parts, cost}] of each SMS template that the draft sends, by title; cost is None where no price of a part is set.
    short: as of ``parts_of_template``."""
    marketing: dict[str, bool] = {}
    for key, sort in sendings_of(draft):
        marketing[key] = marketing.get(key, False) or sort == "marketing"
    kept = Template.objects.filter(workspace_id=workspace.pk, channel="sms", key__in=list(marketing))
    found = []
    for one in sorted(kept, key=lambda each: each.title or each.key):
        written = {name: getattr(one, name) for name in ("channel", "languages", "fallbacks", "tracking")}
        parts = parts_of_template(written, workspace.language, short=short, marketing=marketing[one.key])
        cost = None if price is None else formats.money(price * parts)
        found.append({"title": one.title or one.key, "parts": parts, "cost": cost})
    return found
