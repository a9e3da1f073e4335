"""What every page of a template needs: the template or a 404, who acts, faults and remarks in words, JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import Http404, JsonResponse
from django.utils.translation import get_language

from safar.console.access import ConsoleRequest
from safar.console.faults import say
from safar.console.journeys.common import title_of
from safar.content.models import Template
from safar.journeys.template_use import Use
from safar.lib.faults import Fault

LARGEST = 2 * 1024 * 1024  # bytes of what an editor sends


def find(request: ConsoleRequest, key: str) -> Template:
    """The template of this workspace, or 404."""
    found = Template.objects.filter(workspace_id=request.workspace.pk, key=key).first()
    if found is None:
        raise Http404
    return found


def who(request: ConsoleRequest) -> str:
    """As the audit log names whoever asks."""
    return str(request.user.email)


def language() -> str:
    return "fa" if (get_language() or "").startswith("fa") else "en"


def titled(use: Use) -> list[tuple[str, str]]:
    """(key, title in the page's language) of the journeys that send it, by title."""
    found = ((key, title_of({"title": title}, key, language())) for key, title in use.titles.items())
    return sorted(found, key=lambda one: one[1])


def read_json(text: bytes | str) -> dict[str, Any] | None:
    """The JSON object; None where it is none."""
    if len(text) > LARGEST:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def faults_json(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """[{place, message}], in the page's language."""
    return [{"place": each.place, "message": say(each.message)} for each in faults]


def refused(faults: Iterable[Fault], status: int = 422) -> JsonResponse:
    return JsonResponse({"faults": faults_json(faults)}, status=status)
