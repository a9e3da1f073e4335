"""The workspace itself: name, zone, language, the unit of money, how late events may be."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safar.accounts.changes import update_workspace
from safar.accounts.models import Workspace
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, NumberField, add_faults
from safar.console.weeks import WeekendField, week_starts
from safar.content.filters import RIALS, UNITS
from safar.journeys.engine.load import touch_plan
from safar.lib.faults import Refused

MINUTE = 60


class WorkspaceForm(Form):
    """late: minutes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Every date and hour is shown and planned in it. Such as Asia/Tehran."),
        widget=forms.TextInput({"list": "zones", "dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"),
        choices=[("fa", "فارسی"), ("en", "English")],
        help_text=gettext_lazy("For contacts whose own language is not known."),
    )
    currency_unit = forms.ChoiceField(
        label=gettext_lazy("Unit of money"), help_text=gettext_lazy("In which amounts are shown and typed.")
    )
    week_start = forms.ChoiceField(label=gettext_lazy("The week begins on"), choices=week_starts)
    weekend = WeekendField(
        label=gettext_lazy("Weekend"),
        required=False,
        help_text=gettext_lazy("Marked in calendars. Three days at most."),
    )
    late = NumberField(
        label=gettext_lazy("How late an event may come, in minutes"),
        min_value=0,
        max_value=30 * 24 * 60,
        help_text=gettext_lazy("An older event is kept as history and sets nothing off."),
    )


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: ConsoleRequest) -> HttpResponse:
    """``settings/``."""
    workspace = request.workspace
    form = WorkspaceForm(request.POST or None, initial=_now(workspace))
    form.offer("currency_unit", _units(workspace, request.formats.persian))
    if request.method == "POST" and form.is_valid():
        changes = {name: value for name, value in form.cleaned_data.items() if name != "late"}
        try:
            changed = update_workspace(
                workspace=workspace,
                actor=request.user.email,
                late_events=form.cleaned_data["late"] * MINUTE,
                **changes,
            )
        except Refused as refused:
            add_faults(form, refused)
        else:
            if changed:
                with session() as conn:
                    touch_plan(conn)  # engines read zone and lateness once
            messages.success(request, _("Saved."))
            return go(request, to(request, "settings"))
    context = {"form": form, "zones": sorted(available_timezones()), "tab": "settings"}
    return render(request, "console/settings/workspace.html", context)


def _now(workspace: Workspace) -> dict[str, object]:
    shown = {
        name: getattr(workspace, name)
        for name in ("name", "zone", "language", "currency_unit", "week_start", "weekend")
    }
    return {**shown, "late": workspace.late_events // MINUTE}


def _units(workspace: Workspace, persian: bool) -> list[tuple[str, str]]:
    if workspace.currency in RIALS:
        return [(unit, UNITS[unit][persian]) for unit in RIALS]
    return [(workspace.currency, workspace.currency)]
