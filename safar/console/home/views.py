"""Home: today at a glance; first steps while there is nothing to glance at."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, is_htmx
from safar.console.home.attention import look
from safar.console.home.figures import read_engine, read_today
from safar.console.home.steps import first_steps

LATE = 60.0  # seconds from which the engine's lag is worth a colour


@require_safe
def home(request: ConsoleRequest) -> HttpResponse:
    """``/w/<slug>/``. By htmx the figures alone, which renew themselves."""
    today = read_today(request.workspace.pk, request.formats.start_of_day(datetime.now(UTC)))
    engine = read_engine()
    context = {
        "today": today,
        "engine": engine,
        "late": engine.lag is not None and engine.lag > LATE,
        "matters": look(request, today),
    }
    if is_htmx(request):
        return render(request, "console/home/figures.html", context)
    return render(request, "console/home/home.html", {**context, "steps": first_steps(request)})
