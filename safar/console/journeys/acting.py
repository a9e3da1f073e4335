"""What one does to a whole journey: pause, resume, archive, copy, export."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.journeys import common
from safar.journeys import services
from safar.journeys.drafts import copy_journey
from safar.lib.faults import Refused


@require_POST
@needs("editor")
def pause(request: ConsoleRequest, key: str) -> HttpResponse:
    """Nobody enters and nobody moves until it is resumed."""
    common.find(request, key)
    try:
        with session() as conn:
            services.pause(request.workspace, key, connection=conn)
        _note(request, "pause_journey", key)
        messages.success(request, _("The journey is paused: nobody enters, nobody moves, messages wait."))
    except Refused as refused:
        _tell(request, refused)
    return go(request, _back(request, key))


@require_POST
@needs("editor")
def resume(request: ConsoleRequest, key: str) -> HttpResponse:
    """Held people go on by their own clock."""
    common.find(request, key)
    try:
        with session() as conn:
            services.resume(request.workspace, key, connection=conn)
        _note(request, "resume_journey", key)
        messages.success(request, _("The journey goes on."))
    except Refused as refused:
        _tell(request, refused)
    return go(request, _back(request, key))


@require_POST
@needs("editor")
def archive(request: ConsoleRequest, key: str) -> HttpResponse:
    """For good: its people leave."""
    common.find(request, key)
    with session() as conn:
        people = services.archive(request.workspace, key, connection=conn)
    _note(request, "archive_journey", key)
    shown = request.formats.number(people)
    messages.success(
        request,
        ngettext(
            "The journey is archived; %(people)s person left it.",
            "The journey is archived; %(people)s people left it.",
            people,
        )
        % {"people": shown},
    )
    return go(request, to(request, "journeys"))


@require_POST
@needs("editor")
def copy(request: ConsoleRequest, key: str) -> HttpResponse:
    """The draft as a new journey; its map is shown."""
    common.find(request, key)
    try:
        made = copy_journey(request.workspace, key, by=common.who(request))
    except Refused as refused:
        _tell(request, refused)
        return go(request, _back(request, key))
    _note(request, "copy_journey", made.key)
    return go(request, to(request, "journey", key=made.key))


@require_safe
def export(request: ConsoleRequest, key: str) -> HttpResponse:
    """The draft as a YAML file."""
    common.find(request, key)
    answer = HttpResponse(services.export(request.workspace, key), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}.yaml"'
    return answer


def _note(request: ConsoleRequest, action: str, key: str) -> None:
    record(request.workspace, common.who(request), action, f"journey:{key}")


def _tell(request: ConsoleRequest, refused: Refused) -> None:
    for fault in common.faults_json(refused.faults):
        messages.error(request, fault["message"])


def _back(request: ConsoleRequest, key: str) -> str:
    """To the list where it was done there, to the map otherwise."""
    return to(request, "journeys") if request.POST.get("from") == "list" else to(request, "journey", key=key)
