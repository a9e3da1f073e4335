"""Where the team hears: destinations of notices, added, changed, paused, tried and taken away. What is secret only goes in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.services import record
from safar.channels.notices.destinations import (
    Destination,
    Wanted,
    list_destinations,
    pause,
    put_destination,
    read_destination,
    remove,
    resume,
)
from safar.channels.notices.kind import DestinationKind, kinds
from safar.channels.notices.refusals import REFUSALS
from safar.channels.notices.trying import send_test_notice
from safar.channels.services.trying_own import read_test
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, add_faults
from safar.console.settings.own_service import language, make_field, sending
from safar.lib.faults import Refused

ORDER = ("email", "sms", "bale", "telegram", "slack")
MOST_TESTS = 10


class PlaceForm(Form):
    """What every kind of destination has; the fields of its kind stand between."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("By this name journeys tell it something, and nobody else."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("fa", gettext_lazy("Persian")), ("en", gettext_lazy("English"))],
        help_text=gettext_lazy("Of what stands around the notices, and of their dates."),
    )
    every_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between two digests"),
        min_value=1,
        max_value=1440,
        help_text=gettext_lazy("What comes meanwhile is told together."),
    )
    per_hour = forms.IntegerField(label=gettext_lazy("Digests an hour, at most"), min_value=1, max_value=60)
    hears_journeys = forms.BooleanField(
        label=gettext_lazy("Hears what journeys tell the team without naming a destination"), required=False
    )
    hears_warnings = forms.BooleanField(
        label=gettext_lazy(
            "Hears warnings: a campaign that paused itself, a service that refuses us, an SMS budget that is used up"
        ),
        required=False,
    )


@needs("admin")
@require_safe
def destinations(request: ConsoleRequest) -> HttpResponse:
    """``settings/notices/``: where the team hears."""
    with session() as conn:
        known = list_destinations(conn, request.workspace.pk)
    rows = [(one, kinds().get(one.kind), _why(one)) for one in known]
    context = {
        "rows": [
            (one, kind.label[language()] if kind else one.kind, kind.icon if kind else "bell", why)
            for one, kind, why in rows
        ],
        "kinds": _kinds(),
        "tab": "destinations",
    }
    return render(request, "console/settings/destinations.html", context)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConsoleRequest) -> HttpResponse:
    """``settings/notices/new/?kind=bale``."""
    return _edit(request, request.GET.get("kind") or ORDER[0], None)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def destination(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/notices/<number>/?test=…``: changed by POST."""
    one = _find(request, number)
    return _edit(request, one.kind, one)


@needs("admin")
@require_POST
def act(request: ConsoleRequest, number: int, what: str) -> HttpResponse:
    """``settings/notices/<number>/pause/``, ``resume/``, ``remove/``."""
    one = _find(request, number)
    done = {"pause": _("It hears nothing until you resume it. What comes meanwhile is kept for it."), "resume": _("It hears again."), "remove": _("The destination is taken away.")}  # fmt: skip
    with session() as conn:
        if what == "pause":
            moved = pause(conn, one.workspace_id, one.id, now=datetime.now(UTC))
        else:
            moved = (resume if what == "resume" else remove)(conn, one.workspace_id, one.id)
    if moved:
        record(
            request.workspace, request.user.email, f"{what}_destination", f"destination:{number}", {"name": one.name}
        )
        messages.success(request, done[what])
    return go(request, to(request, "destinations"))


@needs("admin")
@require_POST
def test(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/notices/<number>/test/``: a test notice; the page goes on to say what became of it."""
    one = _find(request, number)
    text = _("%(workspace)s: this is a test from Safar.") % {"workspace": request.workspace.name}
    with session() as conn:
        numbers = send_test_notice(conn, one, text=text, by=request.user.email)
    record(request.workspace, request.user.email, "test_destination", f"destination:{number}", {"name": one.name})
    at = to(request, "destination", number=number)
    return go(request, f"{at}?test={','.join(map(str, numbers))}")


@needs("admin")
@require_safe
def tested(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/notices/tests/<number>/``: what became of a test; a piece of the page that asks again until it is known."""
    with session() as conn:
        found = read_test(conn, request.workspace.pk, number) if number < 2**63 else None
    if found is None:
        raise Http404
    context = {
        "tried": found,
        "number": number,
        "why": REFUSALS.get(found.reason or "", {}).get(language(), "") if found.state == "failed" else "",
        "kept": found.provider == "mailbox",
        "again": to(request, "destination_tested", number=number),
    }
    return render(request, "console/settings/_notice_test.html", context)


def _edit(request: ConsoleRequest, key: str, one: Destination | None) -> HttpResponse:
    kind = kinds().get(key)
    if kind is None:
        raise Http404
    form = _form(request, kind, one)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = {field.name: said[field.name] for field in kind.fields}
        common = {name: said[name] for name in PlaceForm.base_fields}
        try:
            with session() as conn:
                number, changed = put_destination(
                    conn,
                    request.workspace.pk,
                    Wanted(kind=key, given=given, **common),
                    keys=sending().secret_keys,
                    number=one.id if one else None,
                )
        except Refused as refused:
            add_faults(form, refused)
        else:
            if changed:  # the names of what changed, and nothing that was written there
                what = {"name": common["name"], "kind": key, "changed": changed}
                action = "change_destination" if one else "add_destination"
                record(request.workspace, request.user.email, action, f"destination:{number}", what)
            messages.success(request, _("Saved. Send a test to see that it works."))
            return go(request, to(request, "destination", number=number))
    context = {
        "form": form,
        "one": one,
        "kind": key,
        "kinds": _kinds(),
        "kind_label": kind.label[language()],
        "kind_help": kind.help[language()],
        "why": _why(one) if one else "",
        "tests": _tests(request) if one else [],
        "mailbox": "mailbox" in (request.workspace.send_mode, settings.SAFAR.send_mode),
        "tab": "destinations",
    }
    return render(request, "console/settings/destination.html", context)


def _form(request: ConsoleRequest, kind: DestinationKind, one: Destination | None) -> Form:
    """Made from what every destination has and what the kind declares: its own after the name."""
    own = {field.name: make_field(field, one is not None and field.secret) for field in kind.fields}
    form: Form = type("OnePlaceForm", (PlaceForm,), own)(
        request.POST if request.method == "POST" else None, initial=_initial(request, kind, one)
    )
    form.order_fields(["name", *(field.name for field in kind.fields)])
    return form


def _initial(request: ConsoleRequest, kind: DestinationKind, one: Destination | None) -> dict[str, Any]:
    if one is None:
        usual = {"language": request.workspace.language, "every_minutes": 5, "per_hour": 6}
        return {**usual, "name": kind.label[language()], "hears_journeys": True, "hears_warnings": True}
    common = {name: getattr(one, name) for name in PlaceForm.base_fields}
    return {**one.settings, **common}


def _find(request: ConsoleRequest, number: int) -> Destination:
    with session() as conn:
        one = read_destination(conn, request.workspace.pk, number) if number < 2**31 else None
    if one is None:
        raise Http404
    return one


def _kinds() -> list[tuple[str, str, str]]:
    """(key, label, icon), ours in an order of use, and those that others bring after them."""
    listed = sorted(
        kinds().items(), key=lambda each: (ORDER.index(each[0]) if each[0] in ORDER else len(ORDER), each[0])
    )
    return [(key, kind.label[language()], kind.icon) for key, kind in listed]


def _why(one: Destination) -> str:
    """Why it is paused by itself, in words."""
    return REFUSALS.get(one.paused_for, REFUSALS["settings"])[language()] if one.paused_for else ""


def _tests(request: ConsoleRequest) -> list[str]:
    """Addresses that tell what became of tests that were just sent."""
    numbers = request.GET.get("test", "").split(",")[:MOST_TESTS]
    sound = [int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 19]
    return [to(request, "destination_tested", number=one) for one in sound]
