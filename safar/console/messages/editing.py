"""The page of a template with its editor, template.json behind it, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.channels.tracking.settings import read_tracking
from safar.channels.tracking.showing import REACH, read_followed
from safar.console.access import ConsoleRequest, go, may, needs, to
from safar.console.database import session
from safar.console.messages.common import find, language, read_json, refused, titled, who
from safar.console.messages.island_words import island_words
from safar.console.messages.variables import variables
from safar.console.templatetags.assets import icon_sprite
from safar.contacts.topics import list_topics
from safar.content.models import Template
from safar.content.saving import FIELDS, Overtaken, delete_template, save_template
from safar.content.switches import SWITCHES
from safar.journeys.template_use import Use, use_of_templates
from safar.lib.faults import Fault, Refused
from safar.lib.utm import NAMES


@require_safe
def template(request: ConsoleRequest, key: str) -> HttpResponse:
    """``messages/<key>/``: the editor, with all that the island needs to begin."""
    found = find(request, key)
    use = use_of_templates(request.workspace).get(key, Use())
    context = {
        "template": found,
        "title": found.title or found.key,
        "journeys": titled(use),
        "island": _island(request, found, use),
    }
    return render(request, "console/messages/template.html", context)


@require_safe
def links(request: ConsoleRequest, key: str) -> HttpResponse:
    """``messages/<key>/links/``: a piece of its page, which need not wait for it: which links people followed."""
    found = find(request, key)
    with session() as conn:
        followed = read_followed(conn, request.workspace.pk, found.key)
    return render(request, "console/messages/_links.html", {"followed": followed, "reach": REACH})


@require_http_methods(["GET", "PUT"])
@needs("viewer", write="editor")
def template_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """GET: {revision, template}. PUT {revision, template}: {revision} of what is kept now.

    409 with {revision, template} of what is there where somebody else has saved since; 422 with faults where it cannot be kept.
    """
    found = find(request, key)
    if request.method == "GET":
        return JsonResponse(_told(found))
    sent = read_json(request.body)
    if sent is None or not isinstance(sent.get("template"), dict) or not isinstance(sent.get("revision"), int):
        return refused([Fault("", _("This could not be read."))], 400)
    try:
        saved = save_template(request.workspace, key, sent["template"], revision=sent["revision"], by=who(request))
    except Refused as fault:
        return refused(fault.faults)
    if saved is None:
        raise Http404
    if isinstance(saved, Overtaken):
        return JsonResponse(_told(saved.kept), status=409)
    return JsonResponse({"revision": saved.revision})


@require_POST
@needs("editor")
def delete(request: ConsoleRequest, key: str) -> HttpResponse:
    """What a journey still sends stays."""
    find(request, key)
    if use_of_templates(request.workspace).get(key, Use()).journeys:
        flash.error(request, _("Journeys still send this message. Take it out of them first."))
        return go(request, to(request, "template", key=key))
    delete_template(request.workspace, key, by=who(request))
    flash.success(request, _("The message is deleted."))
    return go(request, to(request, "messages"))


def _topics(request: ConsoleRequest) -> list[dict[str, str]]:
    with session() as conn:
        return [{"key": each.key, "title": each.called(language())} for each in list_topics(conn, request.workspace.pk)]


def _tracking(request: ConsoleRequest) -> dict[str, Any]:
    """What holds where a message says nothing itself. sites: whether the workspace has named any; UTM parameters go on links to them alone."""
    with session() as conn:
        kept = read_tracking(conn, request.workspace.pk)
    told = {name: getattr(kept, name) for name in (*SWITCHES, *NAMES)}
    return {
        **told,
        "sites": bool(kept.sites),
        "address": to(request, "tracking") if may(request.membership, "admin") else "",
    }


def _told(found: Template) -> dict[str, Any]:
    return {"revision": found.revision, "template": {name: getattr(found, name) for name in FIELDS}}


def _island(request: ConsoleRequest, found: Template, use: Use) -> dict[str, Any]:
    """What frontend/src/message/types.ts calls Boot."""
    tongue = language()
    addresses = ("template_json", "template_preview", "template_frame", "template_test")
    with session() as conn:
        names = variables(conn, request.workspace, tongue)
    return {
        **_told(found),
        "key": found.key,
        "channel": found.channel,
        "mayEdit": may(request.membership, "editor"),
        "marketing": use.marketing,
        "language": tongue,
        "first": request.workspace.language,
        "urls": {
            **{name.removeprefix("template_"): to(request, name, key=found.key) for name in addresses},
            "people": to(request, "template_people"),
            "sent": to(request, "sent"),
            "senders": to(request, "senders") if may(request.membership, "admin") else "",
            "media": to(request, "media_json"),
            "left": to(request, "sms_left") if may(request.membership, "editor") else "",
        },
        "sprite": icon_sprite(),
        "words": island_words(),
        "variables": names,
        "me": request.user.email,
        "topics": _topics(request),
        "tracking": _tracking(request),
    }
