"""What is left of the SMS account's money, in the page's words. The service is asked, so a page asks for it beside itself and waits for nothing."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safar.channels.services.own import service_of
from safar.channels.services.trying_own import read_credit
from safar.channels.settings import Sending
from safar.console.access import ConsoleRequest

UNITS = {"rial": gettext_lazy("rials"), "toman": gettext_lazy("tomans"), "parts": gettext_lazy("parts of an SMS")}


@dataclass(frozen=True, slots=True)
class Left:
    """said: how much, or why it is not known; a figure that nobody has is never 0."""

    said: str
    known: bool = False


def ask_left(request: ConsoleRequest, conn: psycopg.Connection[object], sending: Sending) -> Left:
    """Of the workspace's own SMS service."""
    kind = service_of(conn, request.workspace.pk, "sms")
    if kind is None:
        return Left(_("Not known: no SMS service is connected."))
    if not kind.tells_credit:
        return Left(_("Not known: the SMS service does not tell it."))
    try:
        credit = read_credit(conn, request.workspace.pk, "sms", sending=sending)
    except ValueError as fault:
        return Left(_("Not known: the SMS service did not say it (%(said)s).") % {"said": f"\u2068{fault}\u2069"})
    if credit is None:
        return Left(_("Not known: the SMS service does not tell it."))
    formats = request.formats
    amount = formats.number(credit.amount) if credit.amount.isdigit() else formats.digits(credit.amount)
    return Left(f"{amount} {UNITS.get(credit.unit, credit.unit)}", known=True)
