"""A service that is described in a form, tried: how it is asked and how its answers are read, on the page where it is described."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from safar.accounts.services import record
from safar.channels.described.trying import MESSAGES, Trial, can_try, try_form
from safar.channels.provider import Accepted, AccountRefused, Inbound, NotNow, Refused, Report, Unanswered
from safar.channels.services.http_line import Credit
from safar.channels.services.own import Service
from safar.console.access import ConsoleRequest, needs
from safar.console.credit import UNITS
from safar.console.database import session
from safar.console.faults import say
from safar.console.forms import Form
from safar.console.settings.own_service import sending
from safar.lib.calls import Answered

LABELS = {
    "message": gettext_lazy("A message"),
    "pattern": gettext_lazy("A pattern"),
    "reports": gettext_lazy("Ask for a report"),
    "inbound": gettext_lazy("Ask for incoming texts"),
    "credit": gettext_lazy("Ask for the credit"),
}
_OUTCOMES = {Refused: "refused", AccountRefused: "account", NotNow: "not_now"}


class TryForm(Form):
    """status, answer: of the service to a message, pasted; number: the service's, of a message that it is asked about."""

    answer = forms.CharField(
        label=gettext_lazy("An answer to paste"),
        help_text=gettext_lazy(
            "Of the service to a message or a pattern, from its documents. No message is sent from here."
        ),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "ltr", "spellcheck": "false"}),
    )
    status = forms.IntegerField(
        label=gettext_lazy("Its HTTP status"), min_value=100, max_value=599, required=False, initial=200
    )
    number = forms.CharField(
        label=gettext_lazy("The service's number for a message"),
        help_text=gettext_lazy("Whose report is asked for."),
        max_length=200,
        required=False,
        widget=forms.TextInput({"dir": "ltr"}),
    )


def offered(kept: Service) -> Mapping[str, Any]:
    """What the page is given of it."""
    can, form = can_try(kept.settings), TryForm(auto_id="try_%s")
    if "reports" not in can:
        del form.fields["number"]
    return {"to_try": [(what, LABELS[what]) for what in can], "try_form": form}


@needs("admin")
@require_POST
def sms_try(request: ConsoleRequest) -> HttpResponse:
    """``settings/sms/try/``: what is tried stands in `what`. A piece of the page."""
    form, what = TryForm(request.POST), request.POST.get("what", "")
    if what not in LABELS or not form.is_valid():
        raise Http404
    given = form.cleaned_data
    pasted = None
    if what in MESSAGES and given["answer"].strip():
        pasted = Answered(given["status"] or 200, {}, given["answer"].encode("utf-8", "replace"))
    with session() as conn:
        trial = try_form(
            conn,
            request.workspace.pk,
            what=what,
            sending=sending(),
            now=datetime.now(UTC),
            number=given["number"].strip(),
            pasted=pasted,
        )
    if trial is None:
        raise Http404
    if what not in MESSAGES:
        record(request.workspace, request.user.email, "test_service", "service:sms", {"what": what})
    context = {"trial": trial, "lines": _lines(request, trial), "fault": say(trial.fault) if trial.fault else ""}
    return render(request, "console/settings/_trial.html", context)


def _lines(request: ConsoleRequest, trial: Trial) -> list[str]:
    """What an answer was read as, in the words of the rules."""
    read = trial.read
    if isinstance(read, Credit):
        return [f"{request.formats.digits(read.amount)} {UNITS.get(read.unit, read.unit)}"]
    if isinstance(read, tuple):
        return [_one(one, request) for one in read]
    if isinstance(read, Unanswered):
        return [_("No rule holds: nobody would know whether the message was taken.")]
    if isinstance(read, Accepted):
        return [_("accepted, its number is %(number)s") % {"number": read.provider_id or "-"}]
    return [f"{_OUTCOMES[type(read)]} {read.reason}"] if read is not None else []


def _one(one: Report | Inbound, request: ConsoleRequest) -> str:
    if isinstance(one, Inbound):
        when = request.formats.moment(one.at) if one.at else ""
        return " · ".join(filter(None, (one.sender, one.line, when, one.text)))
    word = _("under way") if one.state == "waiting" else f"{one.state} {one.reason}".strip()
    return f"{one.provider_id}: {word}"
