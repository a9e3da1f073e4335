"""Where messages go (mailbox, team, live), as whom they are sent and how fast, and the kill switch."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from psycopg import Connection

from safar.accounts.changes import MODES, update_workspace
from safar.accounts.services import record
from safar.channels.senders import Sender, read_senders, set_sender
from safar.channels.services.own import read_services
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, MoneyField, NumberField, add_faults
from safar.journeys.engine.load import touch_plan
from safar.lib.faults import Refused
from safar.lib.text import fold_digits

MODE_WORDS = {
    "mailbox": gettext_lazy("Mailbox: everything stays here and can be read; nothing is sent"),
    "team": gettext_lazy("Team: only to the addresses below; the rest stays in the mailbox"),
    "live": gettext_lazy("Live: messages go to contacts"),
}


class SendersForm(Form):
    """The mode, and the sender of e-mail."""

    send_mode = forms.ChoiceField(
        label=gettext_lazy("Where messages go"), choices=list(MODE_WORDS.items()), widget=forms.RadioSelect
    )
    team_addresses = forms.CharField(
        label=gettext_lazy("Addresses of the team"),
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "ltr"}),
        help_text=gettext_lazy("One on each line."),
    )
    address = forms.CharField(
        label=gettext_lazy("Sender of e-mail"),
        required=False,
        max_length=320,
        help_text=gettext_lazy("Such as Mug shop <hello@shop.example>. Empty: the sender of this installation."),
    )
    reply_to = forms.CharField(label=gettext_lazy("Answers go to"), required=False, max_length=320)
    per_second = NumberField(
        label=gettext_lazy("E-mails a second, at most"),
        required=False,
        help_text=gettext_lazy("As your service allows; Amazon SES says it under Account dashboard. Empty: no limit."),
    )
    per_hour = NumberField(label=gettext_lazy("E-mails an hour, at most"), required=False)
    per_day = NumberField(label=gettext_lazy("E-mails a day, at most"), required=False)
    sms_price = MoneyField(label=gettext_lazy("Price of one part of an SMS"), required=False)
    email_price = MoneyField(label=gettext_lazy("Price of one e-mail"), required=False)

    def clean_team_addresses(self) -> list[str]:
        lines = (fold_digits(line).strip() for line in self.cleaned_data["team_addresses"].splitlines())
        return [line for line in lines if line]


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def senders(request: ConsoleRequest) -> HttpResponse:
    """``settings/senders/``."""
    workspace = request.workspace
    with session() as conn:
        lines = read_senders(conn, workspace.pk)
        services = read_services(conn, workspace.pk)
        sender = lines["email"]
        initial = {
            "send_mode": workspace.send_mode,
            "team_addresses": "\n".join(workspace.team_addresses),
            **{name: getattr(sender, name) for name in ("address", "reply_to", "per_second", "per_hour", "per_day")},
            "sms_price": lines["sms"].part_price,
            "email_price": sender.part_price,
        }
        form = SendersForm(request.POST or None, initial=initial)
        form.of(request.formats)
        for name in ("sms_price", "email_price"):
            form.fields[name].help_text = _price_help(request.formats.unit_name)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            made = replace(
                sender,
                **{name: given[name] for name in ("address", "reply_to", "per_second", "per_hour", "per_day")},
                part_price=given["email_price"],
            )
            try:
                _keep(request, conn, sender, made)
                _keep(request, conn, lines["sms"], replace(lines["sms"], part_price=given["sms_price"]))
                _update(request, send_mode=given["send_mode"], team_addresses=given["team_addresses"])
            except Refused as refused:
                add_faults(form, refused)
            else:
                touch_plan(conn)
                conn.execute("SELECT pg_notify('safar_outbox', '')")  # dispatchers look again at once
                messages.success(request, _("Saved."))
                return go(request, to(request, "senders"))
    house = settings.SAFAR.send_mode if settings.SAFAR.email_url or services else "mailbox"
    context = {
        "form": form,
        "house": house,
        "held_back": MODES.index(house) < MODES.index(workspace.send_mode),
        "house_words": MODE_WORDS[house],
        "tab": "senders",
    }
    return render(request, "console/settings/senders.html", context)


@needs("admin")
@require_POST
def stop(request: ConsoleRequest) -> HttpResponse:
    """``settings/senders/stop/``: the kill switch, on (``stopped=yes``) and off."""
    _update(request, stopped=request.POST.get("stopped") == "yes")
    with session() as conn:
        conn.execute("SELECT pg_notify('safar_outbox', '')")
    return go(request, to(request, "senders"))


def _keep(request: ConsoleRequest, conn: Connection[Any], was: Sender, made: Sender) -> None:
    """What changed on a line goes into the audit log. Raises Refused."""
    if set_sender(conn, request.workspace.pk, made):
        names = [one.name for one in fields(Sender) if getattr(was, one.name) != getattr(made, one.name)]
        told = {name: _plain(getattr(made, name)) for name in names}
        record(request.workspace, request.user.email, "set_sender", f"sender:{made.channel}", told)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _price_help(unit: str) -> str:
    words = _("In %(unit)s, for what messages cost. Empty: not known, and no cost is shown.")
    return words % {"unit": unit}


def _update(request: ConsoleRequest, **changes: Any) -> None:
    update_workspace(workspace=request.workspace, actor=request.user.email, **changes)
