"""Going from one workspace to another, and making a new one."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from safar.accounts.members import workspaces_of
from safar.accounts.models import Member
from safar.accounts.services import create_workspace, free_slug
from safar.accounts.weeks import usual_week
from safar.console.access import is_htmx
from safar.console.forms import Form, add_faults
from safar.console.weeks import WeekendField, week_starts
from safar.content.filters import RIALS, UNITS
from safar.lib.faults import Refused

CURRENCIES = ("IRR", "EUR", "USD", "GBP", "TRY", "AED", "AFN")


class NewWorkspaceForm(Form):
    """Whatever ``safar workspace create`` takes. money: currency, or currency/unit."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Of the business, as your team calls it."))
    slug = forms.CharField(
        label=_("Short name"),
        required=False,
        max_length=64,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        help_text=_(
            "Stands in addresses and never changes: small Latin letters, digits, hyphens. Made up if left out."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of messages"),
        choices=[("fa", "فارسی"), ("en", "English")],
        help_text=_("For contacts whose own language is not known."),
    )
    calendar = forms.ChoiceField(
        label=_("Calendar"),
        choices=[("jalali", _("Jalali")), ("gregorian", _("Gregorian"))],
        help_text=_("Of every date shown, typed and planned. It stays as it is."),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("Every date and hour is shown and planned in it. Such as Asia/Tehran."),
        widget=forms.TextInput({"list": "zones", "dir": "ltr", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Money is kept in it. It stays as it is."))
    currency_unit = forms.ChoiceField(
        label=_("Unit of money"), help_text=_("In which amounts are shown and typed; rials alone have several.")
    )
    week_start = forms.ChoiceField(label=_("The week begins on"), choices=week_starts)
    weekend = WeekendField(label=_("Weekend"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        persian = (get_language() or "").startswith("fa")
        self.offer("currency", [(code, f"{_names(code, persian)} ({code})") for code in CURRENCIES])
        units = [("", _("The currency itself")), *((unit, UNITS[unit][persian]) for unit in RIALS)]
        self.offer("currency_unit", units)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("currency") not in RIALS:
            found["currency_unit"] = ""
        return found


def _names(code: str, persian: bool) -> str:
    names = {"EUR": ("euro", "یورو"), "USD": ("US dollar", "دلار آمریکا"), "GBP": ("pound sterling", "پوند"),
             "TRY": ("Turkish lira", "لیر ترکیه"), "AED": ("UAE dirham", "درهم امارات"), "AFN": ("Afghani", "افغانی")}  # fmt: skip
    return names[code][persian] if code in names else UNITS[code][persian]


def _usual() -> dict[str, Any]:
    """What a shop that reads this page's language most often is."""
    persian = (get_language() or "").startswith("fa")
    calendar = "jalali" if persian else "gregorian"
    week = usual_week(calendar)
    return {
        "language": "fa" if persian else "en",
        "calendar": calendar,
        "zone": "Asia/Tehran" if persian else settings.SAFAR.timezone,
        "currency": "IRR" if persian else "EUR",
        "currency_unit": "IRT" if persian else "",
        "week_start": week.start,
        "weekend": list(week.weekend),
    }


@never_cache
@login_required
@require_safe
def workspaces(request: HttpRequest) -> HttpResponse:
    """``/workspaces/``: all of one's own. By htmx the list alone, for the dialog in every page's corner."""
    member = cast(Member, request.user)
    template = "_workspaces.html" if is_htmx(request) else "choose.html"
    context = {"workspaces": workspaces_of(member), "may_make": member.owner}
    return render(request, f"console/entrance/{template}", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_workspace(request: HttpRequest) -> HttpResponse:
    """``/workspaces/new/``: for the owner of the installation, who is at home in every workspace."""
    member = cast(Member, request.user)
    if not member.owner:
        raise PermissionDenied
    form = NewWorkspaceForm(request.POST or None, initial=_usual())
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "slug": form.cleaned_data["slug"] or free_slug(form.cleaned_data["name"])}
        try:
            made = create_workspace(actor=member.email, **given)
        except Refused as refused:
            add_faults(form, refused)
        else:
            return redirect("console:home", workspace_slug=made.slug)
    context = {"form": form, "zones": sorted(available_timezones())}
    return render(request, "console/entrance/new_workspace.html", context)
