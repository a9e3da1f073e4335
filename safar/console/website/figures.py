"""What forms brought: of each in the list, of one by day, page and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest
from safar.console.database import session
from safar.console.journeys.common import language
from safar.lib.thrifty import Thrifty
from safar.website.figures import Earned, Line, by_day, by_page, by_source, read_earned, read_figures
from safar.website.guards import present
from safar.website.keeping import list_forms

PERIODS = (7, 30, 90)  # days
USUAL = 30
now = present  # tests move it
Figures = Mapping[str, tuple[Line, Earned]]
_figures: Thrifty[Figures] = Thrifty(least=1.0, most=300.0)


@require_safe
def figures(request: ConsoleRequest, key: str) -> HttpResponse:
    """``website/<key>/figures/?days=30``."""
    days = _days(request)
    since, workspace = since_of(request, days), request.workspace.pk
    with session() as conn:
        kept = next((one for one in list_forms(conn, workspace) if one.form.key == key), None)
        if kept is None:
            raise Http404
        line, earned = figures_of(conn, workspace, [key], since)[key]
        context = {
            "kept": kept,
            "title": kept.form.called(kept.form.title, language()),
            "line": line,
            "earned": earned,
            "tables": [("page", by_page(conn, workspace, key, since)), ("source", by_source(conn, workspace, key, since)), ("day", by_day(conn, workspace, key, since))],
            "days": days,
            "periods": PERIODS,
        }  # fmt: skip
    return render(request, "console/website/figures.html", context)


def figures_of(conn: Any, workspace_id: int, forms: Sequence[str], since: date) -> Figures:
    """Form → what it brought and what those have earned; kept for as long as it cost."""

    def read() -> Figures:
        lines = read_figures(conn, workspace_id, list(forms), since)
        earned = read_earned(conn, workspace_id, list(forms), since)
        return {form: (line, earned.get(form, Earned())) for form, line in lines.items()}

    return _figures.get((workspace_id, *forms, since), read)


def since_of(request: ConsoleRequest, days: int = USUAL) -> date:
    """The first of so many days of the workspace's, today among them."""
    return request.formats.local(now()).date() - timedelta(days=days - 1)


def _days(request: ConsoleRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else USUAL
