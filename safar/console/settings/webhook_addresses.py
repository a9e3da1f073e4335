"""An address that is told of events: which ones, whether at present; and calling one that does not answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from safar.accounts.services import record
from safar.channels.webhooks.pausing import ask_now
from safar.channels.webhooks.subscriptions import (
    EVERYTHING,
    STATES,
    Subscription,
    drop_subscription,
    list_subscriptions,
    read_names,
    save_subscription,
)
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, add_faults
from safar.events.catalogue import read_catalogue
from safar.lib.faults import Refused

STATE_NAMES = {
    "sent": gettext_lazy("went out"),
    "delivered": gettext_lazy("was delivered"),
    "opened": gettext_lazy("was opened"),
    "clicked": gettext_lazy("a link was clicked"),
    "bounced": gettext_lazy("came back"),
    "complained": gettext_lazy("was called spam"),
    "failed": gettext_lazy("failed"),
    "unsubscribed": gettext_lazy("its reader unsubscribed"),
}


class AddressForm(Form):
    """As ``Subscription``; names: one on each line."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2_000,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off", "placeholder": "https://crm.example/safar"}),
        help_text=gettext_lazy("It is called by POST with JSON, signed, for every event."),
    )
    everything = forms.BooleanField(
        label=gettext_lazy("Every event"),
        required=False,
        help_text=gettext_lazy("Also page views and what Safar itself causes. That can be a lot."),
    )
    states = forms.MultipleChoiceField(
        label=gettext_lazy("When a message…"),
        required=False,
        choices=[(word, STATE_NAMES[word]) for word in STATES],
        widget=forms.CheckboxSelectMultiple,
    )
    names = forms.CharField(
        label=gettext_lazy("Events by name"),
        required=False,
        widget=forms.Textarea(
            {"dir": "ltr", "rows": 5, "spellcheck": "false", "placeholder": "Order Completed\nCart *"}
        ),
        help_text=gettext_lazy("One on each line. A * at the end stands for whatever follows."),
    )
    active = forms.BooleanField(label=gettext_lazy("Is called"), required=False, initial=True)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConsoleRequest) -> HttpResponse:
    """``settings/webhooks/addresses/new/``."""
    return _edit(request, None)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/webhooks/addresses/<number>/``: which events it is told of."""
    with session() as conn:
        found = next((one for one in list_subscriptions(conn, request.workspace.pk) if one.id == number), None)
    if found is None:
        raise Http404
    return _edit(request, found)


@needs("admin")
@require_POST
def remove(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/webhooks/addresses/<number>/remove/``: it is told of nothing more."""
    with session() as conn:
        if number >= 2**31 or not drop_subscription(conn, request.workspace.pk, number):
            raise Http404
        record(request.workspace, request.user.email, "drop_webhook_address", f"webhook:{number}")
    messages.success(request, _("The address is told of nothing more."))
    return go(request, to(request, "webhooks"))


@needs("admin")
@require_POST
def ask(request: ConsoleRequest) -> HttpResponse:
    """``settings/webhooks/ask/``: calls to a silent address (``queue``) wait no longer."""
    with session() as conn:
        if ask_now(conn, request.workspace.pk, request.POST.get("queue", "")[:100]):
            record(request.workspace, request.user.email, "ask_webhook_address", "webhook")
            messages.success(request, _("It is called again."))
    return go(request, to(request, "webhooks"))


def _edit(request: ConsoleRequest, found: Subscription | None) -> HttpResponse:
    form = AddressForm(request.POST or None, initial=_initial(found) if found else {})
    with session() as conn:
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            names = [EVERYTHING] if given["everything"] else read_names(given["names"], given["states"])
            try:
                number = save_subscription(
                    conn,
                    request.workspace.pk,
                    url=given["url"].strip(),
                    names=names,
                    id=found.id if found else None,
                    active=given["active"],
                )
            except Refused as refused:
                add_faults(form, refused)
            else:
                record(
                    request.workspace,
                    request.user.email,
                    "set_webhook_address",
                    f"webhook:{number}",
                    {"events": len(names)},
                )
                messages.success(request, _("Saved."))
                return go(request, to(request, "webhooks"))
        known = list(dict.fromkeys(one.name for one in read_catalogue(conn, request.workspace.pk)))
    context = {"form": form, "found": found, "known": known[:40], "tab": "webhooks"}
    return render(request, "console/settings/webhook_address.html", context)


def _initial(found: Subscription) -> dict[str, Any]:
    everything = EVERYTHING in found.names
    return {
        "url": found.url,
        "everything": everything,
        "states": [] if everything else found.states,
        "names": "" if everything else "\n".join(found.others),
        "active": found.active,
    }
