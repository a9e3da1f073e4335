"""The calendar of occasions: which are shown, on which days nothing is advertised, lunar days put right, occasions of one's own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from psycopg import Connection

from safar.accounts.occasions import Kept, add_occasion, choose, correct_days, read_occasions, remove_occasion
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.faults import say
from safar.console.formats import Formats
from safar.console.forms import DayField, Form, add_faults
from safar.lib import jalali
from safar.lib.faults import Fault, Refused


class OwnForm(Form):
    """An occasion of one's own."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    day = DayField(label=gettext_lazy("Day"))
    blackout = forms.BooleanField(label=gettext_lazy("No advertising on this day"), required=False)


class DayForm(Form):
    """The day of an occasion, put right."""

    day = DayField(label=gettext_lazy("Day"))


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def occasions(request: ConsoleRequest) -> HttpResponse:
    """``settings/occasions/``: the calendar; by POST one more of the workspace's own."""
    workspace = request.workspace
    form = OwnForm(request.POST or None)
    form.of(request.formats)
    today = datetime.now(UTC).astimezone(ZoneInfo(workspace.zone)).date()
    with session() as conn:
        known = read_occasions(conn, workspace)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                add_occasion(
                    conn,
                    workspace,
                    key=_fresh_key(known),
                    title={workspace.language: said["title"]},
                    days=[said["day"]],
                    blackout=said["blackout"],
                    actor=request.user.email,
                )
            except Refused as refused:
                add_faults(form, refused)
            else:
                messages.success(request, _("Saved."))
                return go(request, to(request, "occasions"))
    rows = [_row(one, today, request.formats) for one in known]
    shown = sorted((row for row in rows if row["shown"]), key=lambda row: (row["day"] is None, row["day"] or today))
    context = {
        "form": form,
        "occasions": shown,
        "open": any(row["open"] for row in shown),
        "hidden": [row for row in rows if not row["shown"]],
        "tab": "occasions",
    }
    return render(request, "console/settings/occasions.html", context)


@needs("admin")
@require_POST
def change(request: ConsoleRequest, key: str) -> HttpResponse:
    """``settings/occasions/<key>/``: show or hide, silent or not, another day (``day``), or away with one's own (``remove``)."""
    workspace, actor = request.workspace, request.user.email
    with session() as conn:
        one = next((each for each in read_occasions(conn, workspace) if each.key == key), None)
        if one is None:
            raise Http404
        try:
            if "remove" in request.POST:
                remove_occasion(conn, workspace, key, actor=actor)
            elif "day" in request.POST:
                _put_right(request, conn, one)
            else:
                shown, blackout = (request.POST.get(name, "") == "yes" for name in ("shown", "blackout"))
                choose(conn, workspace, key, shown=shown, blackout=blackout, actor=actor)
        except Refused as refused:
            messages.error(request, say(refused.faults[0].message))
        else:
            messages.success(request, _("Saved."))
    return go(request, to(request, "occasions"))


def _put_right(request: ConsoleRequest, conn: Connection[Any], one: Kept) -> None:
    """Another day in its Jalali year. Raises Refused where it cannot be."""
    form = DayForm(request.POST)
    form.of(request.formats)
    if not form.is_valid():
        raise Refused([Fault("day", str(form.errors["day"][0]))])
    day = form.cleaned_data["day"]
    correct_days(conn, request.workspace, one.key, jalali.to_jalali(day)[0], [day], actor=request.user.email)


def _row(one: Kept, today: date, formats: Formats) -> dict[str, Any]:
    day = one.next_day(today)
    return {
        "key": one.key,
        "name": one.called(formats.language),
        "day": day,
        "typed": "" if day is None else formats.as_typed(day),
        "shown": one.shown,
        "blackout": one.blackout,
        "own": one.own,
        "mourning": one.mourning,
        "editable": one.own or one.to_be_confirmed,
        "open": day is not None and not one.is_confirmed(day),
    }


def _fresh_key(known: list[Kept]) -> str:
    taken = {one.key for one in known}
    return next(f"own_{number}" for number in range(1, len(taken) + 2) if f"own_{number}" not in taken)
