"""Home: today at a glance; first steps while there is nothing to glance at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest


@require_safe
def home(request: ConsoleRequest) -> HttpResponse:
    """``/w/<slug>/``."""
    return render(request, "console/home/home.html", {})
