"""API keys: a new one is shown once, a revoked one ends within seconds."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safar.accounts.models import ApiKey
from safar.accounts.scopes import SCOPES, SEND, allows
from safar.accounts.services import LIVE_SECRET_KEYS, create_key, revoke_key
from safar.console.access import ConsoleRequest, asked_lately, go, needs, to
from safar.console.forms import Form, add_faults
from safar.console.journeys.common import language
from safar.lib.faults import Refused


def scope_choices() -> list[tuple[str, str]]:
    """Each scope in the page's language."""
    return [(scope, words[language()]) for scope, words in SCOPES.items()]


def examples(request: ConsoleRequest, key: str, scopes: Sequence[str]) -> list[tuple[str, str]]:
    """(what it does, a command for a terminal) of what the key may do. key: a new one, or what stands for one."""
    house = settings.SAFAR.public_url
    order = {"order_id": "1001", "total": 480_000, "currency": request.workspace.currency}
    event = json.dumps({"userId": "sara", "event": "Order Completed", "properties": order})
    send = f"curl {house}/v1/track -u {key}: -H 'Content-Type: application/json' \\\n  -d '{event}'"
    found = [(_("Send an event"), send)] if allows(scopes, SEND) else []
    if not key.startswith("pk_") and allows(scopes, "journeys:read"):
        found.append((_("Read the journeys"), f"curl {house}/api/v1/journeys -H 'Authorization: Bearer {key}'"))
    return found


class KeyForm(Form):
    """kind, label, scopes (of a secret key; none: everything)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        widget=forms.RadioSelect,
        initial=ApiKey.WRITE,
        choices=[
            (ApiKey.WRITE, gettext_lazy("Public: websites and apps send events")),
            (ApiKey.SECRET, gettext_lazy("Secret: servers; also says consent and merges contacts")),
        ],
    )
    label = forms.CharField(
        label=gettext_lazy("What it is for"), required=False, max_length=200, help_text=gettext_lazy("Such as: website")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What a secret key may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=scope_choices,
        help_text=gettext_lazy("None chosen: everything. Changing includes reading."),
    )


@needs("admin")
@asked_lately()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: ConsoleRequest) -> HttpResponse:
    """``settings/keys/``: the list; by POST a new key, in plain text for this one answer."""
    form = KeyForm(request.POST or None)
    made, scopes = "", list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            made = create_key(workspace=request.workspace, actor=request.user.email, **form.cleaned_data)
        except Refused as refused:
            add_faults(form, refused)
        else:
            scopes = form.cleaned_data["scopes"]
            form = KeyForm()
    live = list(ApiKey.objects.filter(workspace=request.workspace, revoked_at=None).order_by("-id"))
    named = dict(scope_choices())
    context = {
        "form": form,
        "made": made,
        "secret": made.startswith("sk_"),
        "endpoint": f"{settings.SAFAR.public_url}/v1/batch",
        "examples": examples(request, made or "sk_…", scopes),
        "keys": [(key, [named.get(scope, scope) for scope in key.scopes]) for key in live],
        "secret_live": sum(key.kind == ApiKey.SECRET for key in live),
        "secret_most": LIVE_SECRET_KEYS,
        "revoked": ApiKey.objects.filter(workspace=request.workspace, revoked_at__isnull=False).order_by("-revoked_at")[
            :20
        ],
        "tab": "keys",
    }
    return render(request, "console/settings/keys.html", context)


@needs("admin")
@asked_lately(back="keys")
@require_POST
def revoke(request: ConsoleRequest, key_id: int) -> HttpResponse:
    """``settings/keys/<id>/revoke/``."""
    if revoke_key(key=get_object_or_404(ApiKey, pk=key_id, workspace=request.workspace), actor=request.user.email):
        messages.success(request, _("The key is revoked; it stops working within ten seconds."))
    return go(request, to(request, "keys"))
