"""One message: what was sent, in a frame that can do nothing, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from safar.channels.sent import Opened, open_sent, read_since
from safar.channels.tracking.showing import read_reactions
from safar.console.access import ConsoleRequest
from safar.console.journeys.common import language, reading, title_of
from safar.console.sent.listing import shown
from safar.console.sent.words import EVENTS, KEPT_FOR, MACHINES, reaction_words
from safar.content.models import Template
from safar.journeys.drafts import read_draft
from safar.journeys.models import Journey

# Nothing runs, nothing is sent, nothing leads away; pictures of elsewhere only when they are asked for.
FRAME = "default-src 'none'; style-src 'unsafe-inline'; img-src data:{pictures}; frame-ancestors 'self'; form-action 'none'; base-uri 'none'; sandbox"


@require_safe
def sent_message(request: ConsoleRequest, bucket: int, number: int) -> HttpResponse:
    """``sent/<bucket>/<number>/``."""
    opened = find(request, bucket, number)
    journey = Journey.objects.filter(workspace=request.workspace, pk=opened.journey_id).first()
    titles = {journey.pk: title_of(read_draft(journey), journey.key, language())} if journey else {}
    template = Template.objects.filter(workspace_id=request.workspace.pk, key=opened.template or "").first()
    cost = opened.parts * opened.part_price if opened.parts and opened.part_price is not None else None
    context = {
        **shown(opened, titles),
        "opened": opened,
        "journey_key": journey.key if journey else "",
        "template": template,
        "template_title": (template.title or template.key) if template else opened.template,
        "kept_for": KEPT_FOR.get(opened.kept_for or "", ""),
        "history": _history(request.workspace.pk, opened),
        "cost": cost,
        "pictures": request.GET.get("pictures") == "1",
    }
    return render(request, "console/sent/message.html", context)


@xframe_options_sameorigin
@require_safe
def sent_html(request: ConsoleRequest, bucket: int, number: int) -> HttpResponse:
    """``sent/<bucket>/<number>/html/``: the message's own HTML, for the frame in its page."""
    opened = find(request, bucket, number)
    answer = HttpResponse(opened.body_html or "", content_type="text/html; charset=utf-8")
    pictures = " https: http:" if request.GET.get("pictures") == "1" else ""
    answer["Content-Security-Policy"] = FRAME.format(pictures=pictures)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def find(request: ConsoleRequest, bucket: int, number: int) -> Opened:
    """The message of this workspace, or 404."""
    if bucket >= 1024 or number >= 2**63:
        raise Http404
    opened = open_sent(reading(), request.workspace.pk, bucket, number)
    if opened is None:
        raise Http404
    return opened


@dataclass(frozen=True)
class Step:
    """Something that happened to a message. url: the link that was followed. why: by what a machine was known."""

    at: datetime
    said: Any
    url: str = ""
    why: Any = ""


def _history(workspace_id: int, opened: Opened) -> list[Step]:
    """What happened to it, in order."""
    steps: list[tuple[datetime | None, Any]] = [
        (opened.decided_at, _("Decided by the journey") if opened.journey_id else _("Asked for")),
        (opened.sending_at, _("Handed over to the provider") if opened.provider != "mailbox" else ""),
        (opened.doubt_at, _("No answer came: in doubt")),
        (opened.accepted_at, _("Kept in the mailbox") if opened.provider == "mailbox" else _("Taken by the provider")),
    ]
    steps += [(opened.delivered_at, _("Delivered")), (opened.undelivered_at, _("Not delivered"))]
    if opened.accepted_at is None:
        ends = {"failed": _("Failed"), "skipped": _("Not sent"), "assumed_sent": _("Taken for sent")}
        steps.append((opened.settled_at, ends.get(opened.state, "")))
    steps += [(at, EVENTS.get(name, name)) for at, name in read_since(reading(), opened)]
    found = [Step(at, said) for at, said in steps if at and said]
    for one in read_reactions(reading(), workspace_id, opened.bucket, opened.id):
        found.append(Step(one.at, reaction_words(one), one.url, MACHINES.get(one.reason, "") if one.machine else ""))
    return sorted(found, key=lambda step: step.at)
