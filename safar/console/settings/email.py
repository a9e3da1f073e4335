"""The workspace's own e-mail service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from safar.channels.own import Service
from safar.channels.provider import Own
from safar.channels.senders import read_senders
from safar.channels.tokens import report_address
from safar.console.access import ConsoleRequest
from safar.console.database import session
from safar.console.forms import Form
from safar.console.settings.own_service import Kinds, ServicePage, language, sending

CHANNEL = "email"


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
        "secure": sending().secure,
    }


PAGE = ServicePage(
    channel=CHANNEL,
    last="smtp",
    test_form=TestForm,
    removed=gettext_lazy("The service is taken away. E-mail goes as the installation sends it from now on."),
    more=_more,
)
