"""What other currencies are worth, from a day on, and the orders whose money does not count for want of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import DayField, Form, MoneyField, add_faults
from safar.contacts.rates import Rate, find_unrated, read_rates
from safar.events.recounting import drop_rate, set_rates
from safar.lib.faults import Refused


class RateForm(Form):
    """One rate."""

    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=4,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off", "placeholder": "EUR"}),
    )
    day = DayField(
        label=gettext_lazy("From this day on"), help_text=gettext_lazy("It counts from this day until the next rate.")
    )
    rate = MoneyField(label=gettext_lazy("One unit is worth"))

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: ConsoleRequest) -> HttpResponse:
    """``settings/rates/``: the table; by POST one rate more, or another value of one."""
    workspace, formats = request.workspace, request.formats
    with session() as conn:
        unrated = find_unrated(conn, workspace.pk)
        first = unrated[0] if unrated else None
        today = datetime.now(UTC).astimezone(ZoneInfo(workspace.zone)).date()
        initial = {"currency": first.currency, "day": first.since} if first else {"day": today}
        form = RateForm(request.POST or None, initial=initial)
        form.of(formats)
        form.fields["rate"].help_text = _("In %(unit)s.") % {"unit": formats.unit_name}
        if request.method == "POST" and form.is_valid():
            try:
                people = set_rates(
                    conn, workspace=workspace, rates=[Rate(**form.cleaned_data)], actor=request.user.email
                )
            except Refused as refused:
                add_faults(form, refused)
            else:
                messages.success(request, _saved(people, formats.number(people)))
                return go(request, to(request, "rates"))
        known = [
            (rate, f"{formats.number(formats.in_unit(rate.rate))} {formats.unit_name}")
            for rate in read_rates(conn, workspace.pk)
        ]
        context = {"form": form, "rates": known, "unrated": unrated, "tab": "rates"}
    return render(request, "console/settings/rates.html", context)


@needs("admin")
@require_POST
def drop(request: ConsoleRequest, currency: str, day: str) -> HttpResponse:
    """``settings/rates/<currency>/<day>/drop/``."""
    try:
        since = parse_date(day)
    except ValueError:
        since = None
    with session() as conn:
        if since is None or not drop_rate(
            conn, workspace=request.workspace, currency=currency, day=since, actor=request.user.email
        ):
            raise Http404
    messages.success(request, _("The rate is taken back."))
    return go(request, to(request, "rates"))


def _saved(people: int, shown: str) -> str:
    if not people:
        return _("Saved.")
    said = ngettext("Saved. %(n)s contact is counted anew.", "Saved. %(n)s contacts are counted anew.", people)
    return said % {"n": shown}
