"""What every page of a journey needs: the journey or a 404, sessions on the database, who acts, JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

import psycopg
from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import get_language

from safar.console.access import ConsoleRequest
from safar.console.faults import say
from safar.journeys.models import Journey
from safar.lib.faults import Fault


def find(request: ConsoleRequest, key: str) -> Journey:
    """The journey of this workspace, or 404."""
    found = Journey.objects.filter(workspace=request.workspace, key=key).first()
    if found is None:
        raise Http404
    return found


def reading() -> psycopg.Connection[Any]:
    """Django's own session, for statements that only read."""
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


def who(request: ConsoleRequest) -> str:
    """As the audit log names whoever asks."""
    return str(request.user.email)


def language() -> str:
    return "fa" if (get_language() or "").startswith("fa") else "en"


def faults_json(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """[{place, message, line}], in the page's language."""
    return [{"place": each.place, "message": say(each.message), "line": each.line} for each in faults]


def refused(faults: Iterable[Fault], status: int = 422) -> HttpResponse:
    return JsonResponse({"faults": faults_json(faults)}, status=status)


def body(request: ConsoleRequest) -> dict[str, Any] | None:
    """The JSON object that was sent; None where it is none."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def title_of(draft: Any, key: str, tongue: str) -> str:
    """A journey's title in the page's language, whatever stands there."""
    title = draft.get("title") if isinstance(draft, dict) else None
    if isinstance(title, dict):
        title = title.get(tongue) or next((each for each in title.values() if each), None)
    return title if isinstance(title, str) and title.strip() else key
