"""What one does to a campaign: send, pause, resume, cancel, copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safar.accounts.services import record
from safar.channels.consent.contact_pages import secret_keys
from safar.console.access import ConsoleRequest, ask_who, go, needs, to
from safar.console.campaigns.common import find
from safar.console.campaigns.words import say
from safar.console.database import session
from safar.console.journeys.common import reading, who
from safar.journeys import services
from safar.journeys.campaigns.reach import count_reach
from safar.journeys.campaigns.services import cancel_campaign, copy_campaign, send_campaign
from safar.lib.faults import Fault, Refused

LARGE = 10_000  # people: from here on a sending asks again who one is


@require_POST
@needs("editor")
def send(request: ConsoleRequest, key: str) -> HttpResponse:
    """``campaigns/<key>/send/`` with the revision that was looked at."""
    one = find(request, key)
    counted = count_reach(reading(), request.workspace, one.plan.segment, one.plan.channel, keys=secret_keys())
    if (
        counted is not None
        and (counted.people >= LARGE or not counted.whole)
        and not did_recently_reauthenticate(request)
    ):
        return ask_who(request, to(request, "campaign", key=key))
    revision = request.POST.get("revision", "")
    looked_at = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
    sending = partial(send_campaign, revision=looked_at)
    _does(request, key, sending, "send_campaign", _("The campaign is on its way. This page follows it."))
    return go(request, to(request, "campaign", key=key))


@require_POST
@needs("editor")
def pause(request: ConsoleRequest, key: str) -> HttpResponse:
    """What has not gone out waits."""
    find(request, key)
    _does(request, key, services.pause, "pause_journey", _("The campaign is paused: what has not gone out waits."))
    return go(request, to(request, "campaign", key=key))


@require_POST
@needs("editor")
def resume(request: ConsoleRequest, key: str) -> HttpResponse:
    """It goes on where it stood."""
    find(request, key)
    _does(request, key, services.resume, "resume_journey", _("The campaign goes on."))
    return go(request, to(request, "campaign", key=key))


@require_POST
@needs("editor")
def cancel(request: ConsoleRequest, key: str) -> HttpResponse:
    """For good. What has gone out has gone out."""
    going = find(request, key).tally.entered
    stopped = _("The campaign is stopped: what has not gone out stays back.")
    cancelled = _("The campaign is cancelled. Nobody gets it.")
    _does(request, key, cancel_campaign, "cancel_campaign", stopped if going else cancelled)
    return go(request, to(request, "campaigns"))


@require_POST
@needs("editor")
def copy(request: ConsoleRequest, key: str) -> HttpResponse:
    """Another like it, as a draft; its form is shown."""
    find(request, key)
    try:
        made = copy_campaign(request.workspace, key, by=who(request))
    except Refused as refused:
        _tell(request, refused.faults)
        return go(request, to(request, "campaign", key=key))
    record(request.workspace, who(request), "copy_journey", f"journey:{made.key}")
    return go(request, to(request, "edit_campaign", key=made.key))


def _does(request: ConsoleRequest, key: str, act: Callable[..., Any], action: str, done: str) -> None:
    """act: a service on (workspace, key, connection=); what it refuses is told, else `done`, and the audit log has `action`."""
    try:
        with session() as conn:
            act(request.workspace, key, connection=conn)
    except Refused as refused:
        _tell(request, refused.faults)
    else:
        record(request.workspace, who(request), action, f"journey:{key}")
        messages.success(request, done)


def _tell(request: ConsoleRequest, faults: Iterable[Fault]) -> None:
    for fault in faults:
        messages.error(request, say(fault.message))
