"""The road ahead: what will go out in the coming days, a day a line; one day by hours, with what it is from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connections
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from safar.accounts.models import Workspace
from safar.channels.pace.budget import WHOLE, read_budgets
from safar.console.access import ConsoleRequest
from safar.console.database import session
from safar.console.formats import Formats
from safar.console.journeys.common import title_of
from safar.journeys.ahead.reading import SPAN, Ahead, Line, read_ahead
from safar.journeys.drafts import read_draft
from safar.journeys.models import Journey
from safar.lib.beside import Beside, in_a_thread


def _start(work: Any) -> None:
    """In a thread, whose sessions of Django's are closed behind it."""

    def whole() -> None:
        try:
            work()
        finally:
            connections.close_all()

    in_a_thread(whole)


_kept: Beside[Ahead] = Beside(least=10.0, most=900.0, patience=0.3, start=_start)


@require_safe
def ahead(request: ConsoleRequest) -> HttpResponse:
    """``ahead/?day=2026-11-24``: the days, and the hours of the one that is chosen. Until it was read the first time the page asks again."""
    workspace, formats = request.workspace, request.formats
    found = _kept.get(workspace.pk, lambda: _read(workspace))
    context: dict[str, Any] = {"found": found}
    if found is not None:
        chosen = _chosen(request.GET.get("day", ""), found, formats)
        context |= {
            "days": _days(found, formats, chosen),
            "hours": _hours(request, found, formats, chosen),
            "chosen": chosen,
            "capped": found.capped is not None,
            "waiting": sum(line.sure for line in found.lines if line.waits_for == "budget"),
            "budget": _budget(workspace, formats),
        }
    return render(request, "console/ahead/ahead.html", context)


def _read(workspace: Workspace) -> Ahead:
    with session() as conn:
        return read_ahead(conn, workspace, datetime.now(UTC))


def _chosen(asked: str, found: Ahead, formats: Formats) -> date:
    """The day asked for where it is one of those shown, else the first with something."""
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    first = formats.local(found.at).date()
    if day is not None and first <= day <= first + SPAN:
        return day
    return formats.local(found.lines[0].hour).date() if found.lines else first


def _days(found: Ahead, formats: Formats, chosen: date) -> list[dict[str, Any]]:
    first = formats.local(found.at).date()
    by_day: dict[date, list[Line]] = {}
    for line in found.lines:
        by_day.setdefault(formats.local(line.hour).date(), []).append(line)
    most = max((sum(one.sure + one.depends for one in lines) for lines in by_day.values()), default=0)
    shown = []
    for number in range(SPAN.days + 1):
        day = first + timedelta(days=number)
        lines = by_day.get(day, [])
        total = sum(line.sure + line.depends for line in lines)
        shown.append(
            {
                "day": day,
                "name": f"{dict(formats.weekdays())[day.weekday()]} {formats.write(day, '%-d %B')}",
                "current": day == chosen,
                "bar": round(100 * total / most) if most else 0,
                "over": (found.capped or {}).get(day, 0),
                **_totals(lines),
            }
        )
    return shown


def _totals(lines: list[Line]) -> dict[str, Any]:
    """costs: None where no message has a price; part: not all have."""
    priced = [line.cost for line in lines if line.cost is not None]
    return {
        "sure": sum(line.sure for line in lines),
        "depends": sum(line.depends for line in lines),
        "email": sum(line.sure + line.depends for line in lines if line.channel == "email"),
        "sms": sum(line.sure + line.depends for line in lines if line.channel == "sms"),
        "cost": sum(priced, Decimal(0)) if priced else None,
        "part": 0 < len(priced) < len(lines),
    }


def _hours(request: ConsoleRequest, found: Ahead, formats: Formats, chosen: date) -> list[dict[str, Any]]:
    lines = [line for line in found.lines if formats.local(line.hour).date() == chosen]
    drafts = Journey.objects.filter(workspace=request.workspace, pk__in={line.journey_id for line in lines})
    titles = {one.pk: (one.key, title_of(read_draft(one), one.key, formats.language)) for one in drafts}
    by_hour: dict[int, dict[tuple[int, str], list[Line]]] = {}
    for line in lines:
        journeys = by_hour.setdefault(formats.local(line.hour).hour, {})
        journeys.setdefault((line.journey_id, line.waits_for), []).append(line)
    shown = []
    for hour, journeys in sorted(by_hour.items()):
        for (journey_id, waits_for), some in journeys.items():
            key, title = titles.get(journey_id, ("", ""))
            clock = formats.digits(f"{hour}:00")
            shown.append({"clock": clock, "key": key, "title": title, "waits_for": waits_for, **_totals(some)})
    return shown


def _budget(workspace: Workspace, formats: Formats) -> dict[str, Any] | None:
    """Of SMS today, the workspace's own; None where there is none."""
    with session() as conn:
        found = read_budgets(conn, workspace.pk, workspace.zone, datetime.now(UTC))
    whole = next((one for one in found if one.journey_id == WHOLE), None)
    if whole is None:
        return None
    return {"amount": formats.money(whole.amount), "spent": formats.money(whole.spent), "used_up": whole.used_up}
