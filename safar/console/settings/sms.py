"""The workspace's own SMS service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from safar.channels.provider import Own
from safar.channels.services.own import Service
from safar.channels.tokens import inbound_address
from safar.console.access import ConsoleRequest, needs
from safar.console.credit import ask_left
from safar.console.database import session
from safar.console.forms import Form
from safar.console.settings import trying
from safar.console.settings.own_service import Kinds, ServicePage, sending
from safar.contacts.names import fold_phone

CHANNEL = "sms"


class TestForm(Form):
    """to."""

    to = forms.CharField(
        label=gettext_lazy("My number"),
        max_length=30,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "tel", "autocomplete": "tel", "placeholder": "+98912…"}),
    )

    def clean_to(self) -> str:
        number = fold_phone(self.cleaned_data["to"])
        if number is None:
            raise forms.ValidationError(_("Write a number with its country, such as +989121234567."))
        return number


def _more(request: ConsoleRequest, kinds: Kinds, kept: Service | None) -> Mapping[str, Any]:
    """Whether its credit can be asked for, and where it is to tell what people write."""
    kind = kinds[kept.provider].of(kept.settings) if kept and kept.provider in kinds else None
    if kept is None or kind is None:
        return {"tells_credit": False, "inbound": ""}
    inbound = inbound_address(sending(), Own(request.workspace.pk, CHANNEL, kept.provider, {}))
    found = {"tells_credit": kind.tells_credit, "inbound": inbound if kind.tells_inbound else ""}
    return {**found, **trying.offered(kept)} if kept.provider == "described" else found


PAGE = ServicePage(
    channel=CHANNEL,
    last="described",
    test_form=TestForm,
    removed=gettext_lazy("The service is taken away. SMS stays in the mailbox from now on."),
    more=_more,
)


@needs("admin")
@require_safe
def credit(request: ConsoleRequest) -> HttpResponse:
    """``settings/sms/credit/``: a piece of the page, because the service is asked."""
    with session() as conn:
        left = ask_left(request, conn, sending())
    return render(request, "console/messages/_left.html", {"left": left})
