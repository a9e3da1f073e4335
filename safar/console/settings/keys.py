"""API keys: a new one is shown once, a revoked one ends within seconds."""

from __future__ import annotations

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
from safar.accounts.services import create_key, revoke_key
from safar.console.access import ConsoleRequest, asked_lately, go, needs, to
from safar.console.forms import Form, add_faults
from safar.lib.faults import Refused


class KeyForm(Form):
    """kind, label."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (ApiKey.WRITE, gettext_lazy("Public: websites and apps send events")),
            (ApiKey.SECRET, gettext_lazy("Secret: servers; also says consent and merges contacts")),
        ],
    )
    label = forms.CharField(
        label=gettext_lazy("What it is for"), required=False, max_length=200, help_text=gettext_lazy("Such as: website")
    )


@needs("admin")
@asked_lately()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: ConsoleRequest) -> HttpResponse:
    """``settings/keys/``: the list; by POST a new key, in plain text for this one answer."""
    form = KeyForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = create_key(workspace=request.workspace, actor=request.user.email, **form.cleaned_data)
        except Refused as refused:
            add_faults(form, refused)
        else:
            form = KeyForm()
    context = {
        "form": form,
        "made": made,
        "secret": made.startswith("sk_"),
        "endpoint": f"{settings.SAFAR.public_url}/v1/batch",
        "keys": ApiKey.objects.filter(workspace=request.workspace, revoked_at=None).order_by("-id"),
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
