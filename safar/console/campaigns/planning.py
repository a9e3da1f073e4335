"""Planning a campaign: a form with the number of those who would get it beside it."""

from __future__ import annotations

from typing import Any

import psycopg
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from safar.accounts.services import record
from safar.channels.consent.contact_pages import secret_keys
from safar.channels.estimate import parts_of_template
from safar.channels.senders import read_senders
from safar.channels.tracking.marking import short_stand_in
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.campaigns.common import find, segment_titles, templates_of
from safar.console.campaigns.forms import NOW, CampaignForm, shown_plan
from safar.console.campaigns.words import say
from safar.console.database import session
from safar.console.journeys.common import language, reading, title_of, who
from safar.console.messages.trying import sending
from safar.content.models import Template
from safar.journeys.campaigns.progress import DRAFT
from safar.journeys.campaigns.reach import count_reach
from safar.journeys.campaigns.services import change_campaign, make_campaign
from safar.journeys.offers import offers
from safar.lib.faults import Refused
from safar.segments.people import list_people
from safar.segments.services import read_segments

SECONDS = 2.0
SAMPLE = 5
_SAMPLE = """
SELECT c.id, coalesce(c.email, c.phone, c.external_id, c.key), c.traits ->> 'first_name', c.traits ->> 'last_name'
FROM unnest(%s::bigint[]) WITH ORDINALITY a (id, place) JOIN contact c ON c.bucket = a.id & 1023 AND c.id = a.id ORDER BY a.place
"""
FIELDS = {"at": "day"}  # where a fault of the plan stands on the form, if not at the field of its name


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def new_campaign(request: ConsoleRequest) -> HttpResponse:
    """``campaigns/new/?segment=…``."""
    form = _form(request, {"when": NOW, "share": 50, "segment": request.GET.get("segment", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = make_campaign(request.workspace, form.plan(), by=who(request))
        except Refused as refused:
            _tell(form, refused)
        else:
            record(request.workspace, who(request), "make_campaign", f"journey:{made.key}")
            return go(request, to(request, "campaign", key=made.key))
    return _page(request, form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def edit_campaign(request: ConsoleRequest, key: str) -> HttpResponse:
    """``campaigns/<key>/edit/``. One that was sent, or drawn on the map, has no form: its page says what can be done."""
    one = find(request, key)
    if one.state != DRAFT or not one.plan.plain:
        return go(request, to(request, "campaign", key=key))
    title = title_of({"title": dict(one.plan.title)}, key, language())
    form = _form(request, shown_plan(one.plan, title, request.formats))
    revision = request.POST.get("revision", "")
    if request.method == "POST" and form.is_valid():
        try:
            change_campaign(
                request.workspace,
                key,
                form.plan(),
                revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
                by=who(request),
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            record(request.workspace, who(request), "change_campaign", f"journey:{key}")
            return go(request, to(request, "campaign", key=key))
    # after a clash the form keeps the old revision: saving again is refused until the page is opened anew
    return _page(request, form, {"key": key, "title": title, "revision": revision or one.journey.revision})


@require_safe
def reach(request: ConsoleRequest) -> HttpResponse:
    """``campaigns/reach/?segment=…&message=…``: a piece of a page. How many would get it, and why the others would not; ``whole=1``: some of them, too;
    ``dialog=1``: and what the question before sending says.
    """
    templates = templates_of(request)
    segment = request.GET.get("segment", "")
    template = templates.get(request.GET.get("message", ""))
    channel = template.channel if template else "email"
    counted = (
        count_reach(reading(), request.workspace, segment, channel, keys=secret_keys(), seconds=SECONDS)
        if segment
        else None
    )
    whole = request.GET.get("whole") == "1"
    context = {
        "segment": segment,
        "counted": counted,
        "channel": channel if template else "",
        "dialog": request.GET.get("dialog") == "1",
        "sample": _sample(request, segment) if whole and counted and counted.people else [],
        **(_estimate(request, template, counted.could) if template and counted else {}),
    }
    return render(request, "console/campaigns/_reach.html", context)


def _estimate(request: ConsoleRequest, template: Template, could: int) -> dict[str, Any]:
    """What it would cost by the text as it stands, for somebody of whom nothing is known: parts, price of each, and all together."""
    written = {name: getattr(template, name) for name in ("channel", "languages", "fallbacks", "tracking")}
    with session() as conn:
        short = short_stand_in(conn, request.workspace.pk, sending())
        parts = parts_of_template(written, request.workspace.language, short=short)
        price = read_senders(conn, request.workspace.pk)[template.channel].part_price
    return {"parts": parts, "price": price, "cost": None if price is None else price * parts * could}


def _sample(request: ConsoleRequest, segment: str) -> list[tuple[int, str, str]]:
    """(id, name, known as) of some who are in the segment; nobody where finding them takes too long."""
    conn, condition = reading(), read_segments(request.workspace)[segment]
    try:
        with conn.transaction():
            conn.execute("SELECT set_config('statement_timeout', '1s', true)")
            ids = list_people(conn, request.workspace, condition, limit=SAMPLE).ids
            found = conn.execute(_SAMPLE, (list(ids),)).fetchall()
    except psycopg.errors.QueryCanceled:
        return []
    return [(id, " ".join(each for each in names if each), known_as) for id, known_as, *names in found]


def _form(request: ConsoleRequest, initial: dict[str, Any]) -> CampaignForm:
    return CampaignForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        formats=request.formats,
        segments=segment_titles(request),
        templates=templates_of(request),
    )


def _tell(form: forms.Form, refused: Refused) -> None:
    for fault in refused.faults:
        name = FIELDS.get(fault.place, fault.place)
        form.add_error(name if name in form.fields else None, say(fault.message))


def _page(request: ConsoleRequest, form: CampaignForm, more: dict[str, Any]) -> HttpResponse:
    context = {
        "form": form,
        "events": offers(reading(), request.workspace, language())["event"],
        "comparing": bool(form["second"].value() or any(form[name].errors for name in ("second", "share", "metric"))),
        "measuring": any(
            form[name].value() or form[name].errors for name in ("goal", "days", "money", "control_group")
        ),
        **more,
    }
    return render(request, "console/campaigns/edit.html", context, status=422 if form.errors else 200)
