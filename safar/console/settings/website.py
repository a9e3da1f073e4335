"""The website: the line of script to put into its pages, which sites may send, whether anything arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.models import ApiKey
from safar.accounts.services import create_key, set_key_sites
from safar.console.access import ConsoleRequest, asked_lately, go, needs, to
from safar.console.forms import Form, add_faults
from safar.console.journeys.common import reading
from safar.console.static_files import SCRIPT
from safar.events.live import Arrived, read_lately
from safar.events.refusals import read_refusals
from safar.lib.faults import Refused

LIBRARY = "safar.js"  # what the script calls itself (frontend/src/site/client.ts)
LOOKED_AT, SHOWN = 300, 5  # of the last hour's events; lines
STUB = "<script>window.safar=window.safar||function(){(safar.q=safar.q||[]).push(arguments)}</script>"


class SitesForm(Form):
    """sites: one on each line."""

    sites = forms.CharField(
        label=gettext_lazy("Sites that may send"),
        required=False,
        widget=forms.Textarea({"dir": "ltr", "spellcheck": "false", "rows": 3, "placeholder": "shop.example"}),
        help_text=gettext_lazy(
            "One on each line; what lies below a name belongs to it, such as www. Empty: every site may send with this key."
        ),
    )

    def clean_sites(self) -> list[str]:
        return [_host(line) for line in self.cleaned_data["sites"].split()]


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def website(request: ConsoleRequest) -> HttpResponse:
    """``settings/website/?key=<id>&consent=on&dnt=on``; by POST the sites of that key."""
    keys = website_keys(request)
    key = next((one for one in keys if str(one.pk) == request.GET.get("key")), keys[0] if keys else None)
    form = SitesForm(request.POST or None, initial={"sites": "\n".join(key.sites) if key else ""})
    if request.method == "POST" and key and form.is_valid():
        try:
            set_key_sites(key=key, sites=form.cleaned_data["sites"], actor=request.user.email)
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, _("Saved. It holds within ten seconds."))
            return go(request, f"{to(request, 'site')}?key={key.pk}")
    consent, dnt = "consent" in request.GET, "dnt" in request.GET
    context = {
        "form": form,
        "keys": keys,
        "key": key,
        "consent": consent,
        "dnt": dnt,
        "line": line_of(key, consent=consent, dnt=dnt) if key else "",
        "stub": STUB,
        "examples": examples(request.workspace.currency),
        "tab": "site",
    }
    return render(request, "console/settings/website.html", context)


@needs("admin")
@asked_lately(back="site")
@require_POST
def make_key(request: ConsoleRequest) -> HttpResponse:
    """``settings/website/key/``: a public key for the line."""
    create_key(workspace=request.workspace, kind=ApiKey.WRITE, label=_("Website"), actor=request.user.email)
    messages.success(request, _("The key is made; it stands in the line below."))
    return go(request, to(request, "site"))


@needs("admin")
@never_cache
@require_safe
def check(request: ConsoleRequest, key_id: int) -> HttpResponse:
    """``settings/website/<id>/check/``: a piece of the page: what the script said in the last hour, and what was refused."""
    key = get_object_or_404(ApiKey, pk=key_id, workspace=request.workspace)
    now = datetime.now(UTC)
    found = read_lately(reading(), request.workspace.pk, now=now, limit=LOOKED_AT)
    refused = [one for one in read_refusals(reading(), request.workspace.pk) if one.key == key.prefix]
    context = {
        "seen": [(one, _place(one)) for one in found.events if is_of_script(one)][:SHOWN],
        "refused": [one for one in refused if (now - one.at).total_seconds() < 3600][:SHOWN],
    }
    return render(request, "console/settings/_website_check.html", context)


def website_keys(request: ConsoleRequest) -> Sequence[ApiKey]:
    """Live public keys that can be shown, the newest first."""
    live = ApiKey.objects.filter(workspace=request.workspace, kind=ApiKey.WRITE, revoked_at=None)
    return list(live.exclude(plain="").order_by("-id"))


def line_of(key: ApiKey, *, consent: bool, dnt: bool) -> str:
    """What is put into pages. consent: nothing is kept or sent before it; dnt: whoever asks not to be tracked is not."""
    more = (' data-consent="required"' if consent else "") + (' data-dnt="respect"' if dnt else "")
    address = escape(f"{settings.SAFAR.public_url}{SCRIPT}")
    return f'<script async src="{address}" data-key="{escape(key.plain)}"{more}></script>'


def is_of_script(event: Arrived) -> bool:
    library = (event.context or {}).get("library")
    return isinstance(library, dict) and library.get("name") == LIBRARY


def examples(currency: str) -> list[tuple[str, str]]:
    """(what it says, the call)."""
    mug = "{product_id: '12', name: 'Mug', price: 240000, quantity: 2}"
    return [
        (
            _("Somebody signed in, or gave an address"),
            "safar('identify', 'customer-17', {email: 'sara@shop.example', first_name: 'Sara'})",
        ),
        (
            _("A product was looked at"),
            "safar('track', 'Product Viewed', {product_id: '12', name: 'Mug', price: 240000})",
        ),
        (
            _("The cart changed; 0 when it is empty"),
            f"safar('track', 'Cart Updated', {{cart_value: 480000, currency: '{currency}',\n  products: [{mug}]}})",
        ),
        (
            _("An order was placed"),
            f"safar('track', 'Order Completed', {{order_id: '1001', total: 480000, currency: '{currency}',\n  products: [{mug}]}})",
        ),
        (_("Somebody signed out"), "safar('reset')"),
        (_("Somebody agreed to be counted, or took it back"), "safar('consent', {analytics: true})"),
    ]


def _place(event: Arrived) -> str:
    page: Any = (event.context or {}).get("page")
    return str(page.get("url", "")) if isinstance(page, dict) else ""


def _host(text: str) -> str:
    """As people paste it: without what stands before and behind the name."""
    return text.strip().lower().rpartition("://")[2].partition("/")[0].partition(":")[0].rstrip(".")
