"""Addresses at which other systems tell us something: made, filled by the latest call to them, signed, given another address, taken away."""

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
from safar.channels.hooks.keeping import (
    MOST,
    Hook,
    change_hook,
    drop_hook,
    list_hooks,
    make_hook,
    read_hook,
    renew_hook,
)
from safar.channels.hooks.reading import FIELDS, find, paths, shown
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.faults import recognise, say
from safar.console.forms import Form, add_faults
from safar.console.settings.own_service import sending
from safar.lib.faults import Refused

LTR = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


class KeyForm(Form):
    """A new hook."""

    key = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=64,
        widget=forms.TextInput({**LTR, "placeholder": "survey-tool"}),
        help_text=gettext_lazy("By it journeys know the hook; it does not change."),
    )


class HookForm(Form):
    """Where a call says whom it is about, and what proves it."""

    email = forms.CharField(label=gettext_lazy("E-mail stands at"), required=False, max_length=200, widget=forms.TextInput({**LTR, "list": "paths"}))  # fmt: skip
    phone = forms.CharField(label=gettext_lazy("Phone number stands at"), required=False, max_length=200, widget=forms.TextInput({**LTR, "list": "paths"}))  # fmt: skip
    user_id = forms.CharField(
        label=gettext_lazy("User id stands at"),
        required=False,
        max_length=200,
        widget=forms.TextInput({**LTR, "list": "paths"}),
        help_text=gettext_lazy(
            "Dots lead inward: customer.email. A number leads into a list. One of the three is enough."
        ),
    )
    header = forms.CharField(
        label=gettext_lazy("Header of the signature"),
        required=False,
        max_length=100,
        widget=forms.TextInput({**LTR, "placeholder": "X-Signature"}),
        help_text=gettext_lazy("HMAC-SHA256 of the body, in hex or base64. Empty: the secret address is the proof."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret of the signature"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput({**LTR, "autocomplete": "new-password"}),
        help_text=gettext_lazy("As the other system has it. Empty: it stays as it is."),
    )


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def hooks(request: ConsoleRequest) -> HttpResponse:
    """``settings/hooks/``: all of them; by POST a new one."""
    form = KeyForm(request.POST or None)
    with session() as conn:
        if request.method == "POST" and form.is_valid():
            try:
                made = make_hook(conn, request.workspace.pk, form.cleaned_data["key"])
            except Refused as refused:
                add_faults(form, refused)
            else:
                record(request.workspace, request.user.email, "make_hook", f"hook:{made.key}")
                return go(request, to(request, "hook", key=made.key))
        known = list_hooks(conn, request.workspace.pk)
    context = {"form": form, "hooks": known, "room": len(known) < MOST, "tab": "webhooks"}
    return render(request, "console/settings/hooks.html", context)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def hook(request: ConsoleRequest, key: str) -> HttpResponse:
    """``settings/hooks/<key>/``: its address, the latest call to it, and what is read of it."""
    with session() as conn:
        found = _found(read_hook(conn, request.workspace.pk, key))
        form = HookForm(request.POST or None, initial={**found.fields, "header": found.header})
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                change_hook(
                    conn,
                    found,
                    fields={name: given[name] for name in FIELDS},
                    header=given["header"].strip(),
                    secret=given["secret"],
                    keys=sending().secret_keys,
                )
            except Refused as refused:
                add_faults(form, refused)
            else:
                record(request.workspace, request.user.email, "change_hook", f"hook:{key}")
                messages.success(request, _("Saved."))
                return go(request, to(request, "hook", key=key))
    data = shown(found.last_body)
    context = {
        "form": form,
        "hook": found,
        "address": f"{sending().public_url}{found.path}",
        "fault": _said(found.last_fault),
        "paths": paths(data),
        "read": [(str(form.fields[name].label), found.fields[name], _text(find(data, found.fields[name]))) for name in FIELDS if found.fields.get(name)],
        "tab": "webhooks",
    }  # fmt: skip
    return render(request, "console/settings/hook.html", context)


@needs("admin")
@require_POST
def renew(request: ConsoleRequest, key: str) -> HttpResponse:
    """``settings/hooks/<key>/renew/``: another address."""
    with session() as conn:
        if not renew_hook(conn, request.workspace.pk, key):
            raise Http404
        record(request.workspace, request.user.email, "renew_hook", f"hook:{key}")
    messages.success(request, _("The old address is nobody's any more. Put the new one into the other system."))
    return go(request, to(request, "hook", key=key))


@needs("admin")
@require_POST
def remove(request: ConsoleRequest, key: str) -> HttpResponse:
    """``settings/hooks/<key>/remove/``."""
    with session() as conn:
        if not drop_hook(conn, request.workspace.pk, key):
            raise Http404
        record(request.workspace, request.user.email, "drop_hook", f"hook:{key}")
    messages.success(request, _("The hook is gone."))
    return go(request, to(request, "hooks"))


def _found(hook: Hook | None) -> Hook:
    if hook is None:
        raise Http404
    return hook


def _said(fault: str | None) -> tuple[str, str]:
    """(place, words) of what was wrong with the latest call, in the page's language."""
    place, _colon, rest = (fault or "").partition(": ")
    return (place, say(rest)) if recognise(rest) else ("", say(fault or ""))


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:80]
