"""How this workspace deals with what it knows of people: for how long it is kept, whether sign-ups are confirmed, the colour of their pages."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.contacts.common import who
from safar.console.database import session
from safar.console.forms import Form, NumberField, add_faults
from safar.contacts.privacy import Privacy, read_privacy, set_privacy
from safar.journeys.retention.sweep import read_runs
from safar.lib.faults import Refused

RUNS = {
    "events": gettext_lazy("Events"),
    "calls": gettext_lazy("Calls to addresses that are told of events"),
    "notices": gettext_lazy("Notices to the team"),
    "contents": gettext_lazy("Texts of messages"),
    "visitors": gettext_lazy("Visitors"),
    "refusals": gettext_lazy("Refused requests"),
    "refused_rows": gettext_lazy("Refused rows of files"),
    "exports": gettext_lazy("Files of one person"),
}
MONTHS, DAYS = gettext_lazy("Months; empty: for good."), gettext_lazy("Days; empty: for good.")


class PrivacyForm(Form):
    """The fields of `Privacy`, by their names."""

    double_opt_in = forms.BooleanField(
        label=gettext_lazy("Sign-ups are confirmed"),
        required=False,
        help_text=gettext_lazy(
            "Whose consent is said to be pending gets one message with a link, and counts only after pressing the button behind it."
        ),
    )
    accent = forms.CharField(
        label=gettext_lazy("Colour of the pages that contacts see"),
        max_length=7,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off", "placeholder": "#1f5f4a"}),
    )
    contents_days = NumberField(label=gettext_lazy("Text and address of messages"), required=False, help_text=DAYS)
    events_months = NumberField(
        label=gettext_lazy("Events"),
        required=False,
        help_text=gettext_lazy(
            "Months; empty: for good. Orders, carts, notes and figures stay right: what they are made of is kept."
        ),
    )
    unseen_months = NumberField(
        label=gettext_lazy("Visitors nobody knows and nobody has seen since"), required=False, help_text=MONTHS
    )
    refusals_days = NumberField(
        label=gettext_lazy("Refused requests, and refused rows of files"), required=False, help_text=DAYS
    )
    exports_days = NumberField(label=gettext_lazy("Files made of one person's data"), required=False, help_text=DAYS)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: ConsoleRequest) -> HttpResponse:
    """``settings/privacy/``."""
    with session() as conn:
        now = read_privacy(conn, request.workspace.pk)
        form = PrivacyForm(request.POST or None, initial=asdict(now))
        if request.method == "POST" and form.is_valid():
            wanted = Privacy(**form.cleaned_data)
            try:
                changed = set_privacy(conn, request.workspace.pk, wanted)
            except Refused as refused:
                add_faults(form, refused)
            else:
                if changed:
                    details = {name: value for name, value in asdict(wanted).items() if value != getattr(now, name)}
                    record(request.workspace, who(request), "set_privacy", f"workspace:{request.workspace.pk}", details)
                messages.success(request, _("Saved."))
                return go(request, to(request, "privacy"))
        runs = [(day, RUNS[kind], before, taken) for day, kind, before, taken in read_runs(conn, request.workspace.pk)]
    return render(request, "console/settings/privacy.html", {"form": form, "tab": "privacy", "runs": runs})
