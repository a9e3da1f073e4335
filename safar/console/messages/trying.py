"""A template as a real contact would get it, while it is being written; and a test of it to whoever writes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.channels.senders import read_senders
from safar.channels.sending.preview import preview_template, preview_ways, send_test
from safar.channels.services.own import service_of
from safar.channels.settings import Sending, read_sending
from safar.channels.sms.text import Written
from safar.channels.tracking.links import CODE
from safar.channels.tracking.marking import short_url
from safar.channels.tracking.rewriting import bare_links
from safar.channels.tracking.settings import LONGEST_SHORT, read_tracking
from safar.console.access import ConsoleRequest, needs
from safar.console.database import session
from safar.console.faults import say
from safar.console.messages.common import faults_json, find, language, read_json, refused, who
from safar.console.messages.remarks import say_remark
from safar.console.messages.variables import known_names
from safar.contacts.listing import list_contacts
from safar.contacts.names import fold_phone
from safar.contacts.person import find_person
from safar.content.checks import Remark, check
from safar.content.models import Template
from safar.content.pool import Rendered, RenderPool, Unrenderable
from safar.content.saving import complete
from safar.content.services import LANGUAGES
from safar.content.sms import count
from safar.journeys.template_use import Use, use_of_templates
from safar.lib.faults import Fault, Faults, said

PEOPLE = 8
# Nothing runs and nothing leads away; the pictures are the writer's own.
FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https: http:; frame-ancestors 'self'; form-action 'none';"
    " base-uri 'none'; sandbox"
)


@cache
def _pool() -> RenderPool:
    """One child for previews of this process; it starts with the first."""
    return RenderPool(1)


@cache
def sending() -> Sending:
    """Of this installation."""
    return read_sending({"SAFAR_SECRET_KEY": settings.SECRET_KEY, **os.environ})


@require_safe
def people_json(request: ConsoleRequest) -> HttpResponse:
    """?typed=…: [{id, name, address}], the newest contacts where nothing is typed."""
    with session() as conn:
        page, _many = list_contacts(conn, request.workspace.pk, typed=request.GET.get("typed", "")[:100], size=PEOPLE)
    found = [{"id": str(one.id), "name": one.name, "address": one.email or one.phone or one.key} for one in page.people]
    return JsonResponse({"people": found})


@require_POST
@needs("viewer", write="viewer")
def preview_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """{template, language, contact}: {subject, text, fault, faults, remarks, sms}; sms with its cost where its line has a price. Nothing is kept.

    Of an SMS: by (pattern or text), why (the pattern is not sent), otherwise (the text of the other way)."""
    found = find(request, key)
    sent = read_json(request.body)
    if sent is None:
        return refused([Fault("", _("This could not be read."))], 400)
    with session() as conn:
        values, faults, made, use = _made(conn, request, found, sent)
        remarks = check(
            {"channel": found.channel, "languages": values["languages"]},
            known=known_names(conn, request.workspace, language()),
            marketing=use.marketing,
            wanted=[request.workspace.language],
        )
        price = read_senders(conn, request.workspace.pk)["sms"].part_price if found.channel == "sms" else None
        ways, why = _ways(conn, request, found, values, sent, made, use)
        sample = short_url("x" * CODE, read_tracking(conn, request.workspace.pk), sending())
        limits = _limits(conn, request, values["languages"], str(sent.get("language")))
    told = faults_json([*faults, *limits])
    answer: dict[str, Any] = {"faults": told, "subject": "", "text": "", "html": False, "fault": ""}
    if isinstance(made, Rendered):
        answer |= {"subject": made.subject, "text": made.text, "html": bool(made.html)}
        if found.channel == "sms" and not ways:
            answer |= {"text": made.pattern["text"] if made.pattern else "", "fault": say(why)}
        elif found.channel == "sms":
            answer |= {"text": ways[0].text, "by": "pattern" if ways[0].pattern else "text", "why": say(why)}
            answer["otherwise"] = ways[1].text if len(ways) > 1 else ""
            answer["sms"], more = _counted(ways[0].text, str(sent.get("language")))
            if price is not None:
                formats, cost = request.formats, price * answer["sms"]["parts"]
                answer["sms"] |= {"price": formats.money(price), "cost": formats.money(cost)}
            remarks += [*more, *_linked(ways[0].text, sample, str(sent.get("language")))]
    elif made is not None:
        answer["fault"] = say(made.fault)
    answer["remarks"] = [say_remark(one, request.formats.number) for one in remarks]
    return JsonResponse(answer)


@xframe_options_sameorigin
@require_POST
@needs("viewer", write="viewer")
def preview_html(request: ConsoleRequest, key: str) -> HttpResponse:
    """A form's ``asked``, as for preview.json: the HTML itself, for a frame that can do nothing."""
    found = find(request, key)
    sent = read_json(request.POST.get("asked", "")) or {}
    with session() as conn:
        _values, _faults, made, _use = _made(conn, request, found, sent)
    html = made.html if isinstance(made, Rendered) else ""
    # Our own pictures by the address of this page: the public one may not be reached from here.
    html = html.replace(f'src="{sending().public_url}/m/', 'src="/m/')
    answer = HttpResponse(html, content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = FRAME
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_POST
@needs("editor")
def test_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """{template, language, contact, phone?}: what is shown, sent to whoever asks, by the gate: {said}."""
    found = find(request, key)
    sent = read_json(request.body)
    if sent is None:
        return refused([Fault("", _("This could not be read."))], 400)
    to = str(request.user.email) if found.channel == "email" else fold_phone(str(sent.get("phone") or ""))
    if not to:
        return JsonResponse({"faults": [{"place": "phone", "message": _("Write your phone number.")}]}, status=422)
    with session() as conn:
        values, faults, made, use = _made(conn, request, found, sent)
        ways, unfit = _ways(conn, request, found, values, sent, made, use)
        if isinstance(made, Rendered) and found.channel == "sms":
            if not ways:
                return refused([Fault("", unfit or _("There is no text yet."))])
            made = replace(made, text=next((way.text for way in ways if way.pattern is None), ""))
        if faults or not isinstance(made, Rendered):
            why = [Fault("", made.fault)] if isinstance(made, Unrenderable) else [Fault("", _("There is no text yet."))]
            return refused([*faults] or why)
        send_test(conn, request.workspace.pk, channel=found.channel, to=to, made=made, template=key, by=who(request))
    record(request.workspace, who(request), "test_template", f"template:{key}", {"to": to})
    return JsonResponse({"said": _("On its way to %(address)s.") % {"address": to}})


def _made(
    conn: psycopg.Connection[Any], request: ConsoleRequest, found: Template, sent: Mapping[str, Any]
) -> tuple[dict[str, Any], Faults, Rendered | Unrenderable | None, Use]:
    """(as it would be stored, its faults, what became of it, its use); None: nothing is written in that language yet."""
    tongue = sent.get("language") if sent.get("language") in LANGUAGES else request.workspace.language
    faults = Faults()
    written = sent.get("template")
    values = complete(found.channel, written if isinstance(written, dict) else {}, faults)
    use = use_of_templates(request.workspace).get(found.key, Use())
    if tongue not in values["languages"]:
        return values, faults, None, use
    made = preview_template(
        conn,
        request.workspace.pk,
        {**values, "channel": found.channel},
        contact_id=_contact(conn, request, sent.get("contact")),
        language=str(tongue),
        journeys=list(use.journeys),
        marketing=use.marketing,
        sending=sending(),
        pool=_pool(),
        now=datetime.now(UTC),
    )
    return values, faults, made, use


def _ways(
    conn: psycopg.Connection[Any],
    request: ConsoleRequest,
    found: Template,
    values: Mapping[str, Any],
    sent: Mapping[str, Any],
    made: Rendered | Unrenderable | None,
    use: Use,
) -> tuple[list[Written], str]:
    """In which ways an SMS would go out, and why its pattern would not. values: as it would be stored."""
    if found.channel != "sms" or not isinstance(made, Rendered):
        return [], ""
    contact = _contact(conn, request, sent.get("contact"))
    return preview_ways(
        conn,
        request.workspace.pk,
        made,
        own=values["tracking"],
        contact_id=contact,
        marketing=use.marketing,
        sending=sending(),
    )


def _limits(
    conn: psycopg.Connection[Any], request: ConsoleRequest, languages: Mapping[str, Mapping[str, Any]], tongue: str
) -> Faults:
    """What the workspace's service finds wrong with a pattern as it is written; nothing where there is no service yet."""
    faults, pattern = Faults(), languages.get(tongue, {}).get("pattern")
    if not isinstance(pattern, Mapping) or not isinstance(pattern.get("variables"), Mapping):
        return faults
    kind = service_of(conn, request.workspace.pk, "sms")
    here = faults.at("languages", tongue, "pattern")
    if kind is not None and kind.patterns is None:
        here.add(said("the SMS service takes no patterns"))
    elif kind is not None and kind.patterns is not None:
        kind.patterns.check(str(pattern.get("code") or ""), pattern["variables"], here)
    return faults


def _contact(conn: psycopg.Connection[Any], request: ConsoleRequest, asked: Any) -> int:
    """The id of a contact of this workspace; 0 where nobody is asked for. 404 for another workspace's."""
    if not asked:
        return 0
    number = int(asked) if str(asked).isdecimal() and len(str(asked)) < 20 else 0
    person = find_person(conn, request.workspace.pk, number)
    if person is None or person.erased_at is not None:
        raise Http404
    return number


def _linked(text: str, sample: str, tongue: str) -> list[Remark]:
    """What is to be said of the links of an SMS. sample: an address as long as the short link, as it stands in the text where one is made short."""
    links = bare_links(text)
    if sample not in links:
        return []
    remarks = [Remark("note", "sms_more_links", tongue, "text")] if len(links) > 1 else []
    if len(sample) > LONGEST_SHORT:
        remarks.append(Remark("warning", "sms_long_link", tongue, "text", {"n": len(sample), "most": LONGEST_SHORT}))
    return remarks


def _counted(text: str, tongue: str) -> tuple[dict[str, Any], list[Remark]]:
    found = count(text)
    remarks = [Remark("note", "sms_parts", tongue, "text", {"n": found.parts})] if found.parts > 1 else []
    if found.mixed:
        remarks.append(Remark("note", "sms_mixed", tongue, "text"))
    counted = {name: getattr(found, name) for name in ("alphabet", "letters", "used", "parts", "room")}
    return {**counted, "odd": "".join(found.odd[:10])}, remarks
