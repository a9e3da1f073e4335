"""The workspace's own e-mail service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from safar.accounts.services import record
from safar.channels.mail.registering import register_webhook
from safar.channels.mail.service import MailService
from safar.channels.provider import Own
from safar.channels.senders import read_senders
from safar.channels.services.api import AWAY, CHANGED, LOGIN, REFUSED, TAKEN, NotRegistered, Registered
from safar.channels.services.own import Service, read_services
from safar.channels.tokens import report_address
from safar.console.access import ConsoleRequest, needs
from safar.console.database import session
from safar.console.forms import Form
from safar.console.settings.own_service import Kinds, ServicePage, language, sending

CHANNEL = "email"
WHY = {
    LOGIN: gettext_lazy("The key that is kept here may not do this."),
    AWAY: gettext_lazy("The service does not answer now. Try again in a while, or set it up by hand."),
    TAKEN: gettext_lazy("Another address stands there already, and Safar takes nothing away. Change it by hand, for:"),
    REFUSED: gettext_lazy("The service said no. Set it up by hand."),
    CHANGED: gettext_lazy("The account was changed meanwhile. Try again."),
}


class TestForm(Form):
    """to."""

    to = forms.EmailField(
        label=gettext_lazy("My address"),
        max_length=254,
        widget=forms.EmailInput({"dir": "ltr", "autocomplete": "email", "placeholder": "me@shop.example"}),
    )


def _more(request: ConsoleRequest, kinds: Kinds, kept: Service | None) -> Mapping[str, Any]:
    """As whom e-mail leaves, and where the service is to report what became of it."""
    with session() as conn:
        sender = read_senders(conn, request.workspace.pk)[CHANNEL].address
    kind = kinds.get(kept.provider) if kept else None
    reports = ""
    if kept is not None and kind is not None and kind.hears:
        reports = report_address(sending(), Own(request.workspace.pk, CHANNEL, kept.provider, {}))
    return {
        "sender": sender,
        "reports": reports,
        "reporting": kind.reporting.get(language(), "") if kind else "",
        "registers": bool(reports) and isinstance(kind, MailService) and kind.registers,
        "secure": sending().secure,
    }


PAGE = ServicePage(
    channel=CHANNEL,
    last="smtp",
    test_form=TestForm,
    removed=gettext_lazy("The service is taken away. E-mail goes as the installation sends it from now on."),
    more=_more,
)


@needs("admin")
@require_POST
def register(request: ConsoleRequest) -> HttpResponse:
    """``settings/email/register/``: the service is told by its API where to report; a piece of the page with its answer."""
    with session() as conn:
        kept = read_services(conn, request.workspace.pk).get(CHANNEL)
        kind = PAGE.kinds().get(kept.provider) if kept else None
        fault: NotRegistered | None = None
        done: Registered | None = None
        try:
            done = register_webhook(conn, workspace_id=request.workspace.pk, sending=sending())
        except NotRegistered as refused:
            fault = refused
    if not isinstance(kind, MailService) or (done is None and fault is None):
        raise Http404
    if done is not None and not done.already:
        record(request.workspace, request.user.email, "register_webhook", f"service:{CHANNEL}", {"provider": kind.key})
    words = {"done": done, "fault": fault, "why": WHY[fault.reason] if fault else "", "service": kind.label[language()]}
    allowed = kind.registering[language()] if fault and fault.reason == LOGIN else ""
    return render(request, "console/settings/_registered.html", {**words, "allowed": allowed})
