"""Merging two contacts, and erasing one."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, asked_lately, go, needs, to
from safar.console.contacts.common import back, tell, tell_faults, unmerged, who
from safar.console.database import session
from safar.console.forms import Form
from safar.contacts.listing import list_contacts
from safar.contacts.person import read_person
from safar.contacts.requests import ERASE, end_request
from safar.events.merging import merge_contacts
from safar.journeys.erasing import erase_contact
from safar.lib.faults import Refused

OFFERED = 10  # contacts that a search offers for merging


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def merge_contact(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``contacts/<number>/merge/?q=…&with=<number>``: look for the other one, compare. POST ``other``: it becomes part of this one."""
    with session() as conn:
        person = unmerged(conn, request, contact)
        if request.method == "POST":
            other = unmerged(conn, request, _number(request.POST.get("other", "")))
            try:
                applied = merge_contacts(
                    conn, workspace_id=request.workspace.pk, winner=person.id, loser=other.id, by=who(request)
                )
            except Refused as refused:
                tell_faults(request, refused)
                return go(request, to(request, "merge_contact", contact=contact))
            details = {"loser": other.id}
            record(request.workspace, who(request), "merge_contacts", f"contact:{person.id}", details)
            tell(request, applied, _("The two contacts are one now."))
            return back(request, person.id)
        typed = request.GET.get("q", "").replace("\0", "")[:200]
        chosen = _number(request.GET.get("with", ""))
        found = []
        if typed.strip():
            page, _many = list_contacts(conn, request.workspace.pk, typed=typed, size=OFFERED)
            found = [one for one in page.people if one.id != person.id]
        pair = []
        if chosen and chosen != person.id:
            unmerged(conn, request, chosen)
            pair = [read_person(conn, request.workspace.pk, number) for number in (person.id, chosen)]
    context = {"person": person, "typed": typed, "found": found, "pair": pair}
    return render(request, "console/contacts/merge.html", context)


class Erase(Form):
    """reason: kept in the audit log, without the person's name. sure: nobody erases by one click."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It stays in the audit log, so do not name the person: “asked by e-mail on 3 May”."),
    )
    sure = forms.BooleanField(label=gettext_lazy("Yes, erase this contact for good"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("admin")
@asked_lately()
def erase_contact_page(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``contacts/<number>/erase/``: says what goes and what stays. POST: reason, sure."""
    form = Erase(request.POST or None)
    with session() as conn:
        person = unmerged(conn, request, contact)
        if request.method == "POST" and form.is_valid():
            shells = erase_contact(conn, workspace_id=request.workspace.pk, contact=person.id, key=settings.SECRET_KEY)
            end_request(conn, workspace_id=request.workspace.pk, by=who(request), contact=person.id, kind=ERASE)
            details = {"reason": form.cleaned_data["reason"], "contacts": shells}
            record(request.workspace, who(request), "erase_contact", f"contact:{person.id}", details)
            messages.success(request, _("The contact is erased."))
            return go(request, to(request, "contacts"))
    return render(request, "console/contacts/erase.html", {"person": person, "form": form})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
