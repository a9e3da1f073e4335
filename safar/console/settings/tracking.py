"""Who opens and who clicks: what is tracked, by which domain, which UTM parameters go along, and whether the domain answers."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from safar.accounts.services import record
from safar.channels.settings import Sending
from safar.channels.tracking import checking
from safar.channels.tracking.checking import check_host
from safar.channels.tracking.links import CODE
from safar.channels.tracking.marking import short_url
from safar.channels.tracking.settings import LONGEST_SHORT, Tracking, read_tracking, set_tracking
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, add_faults
from safar.lib.faults import Refused
from safar.lib.utm import NAMES, WORDS

LTR = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
HOSTS = ("host", "short_host")
CHECKED = {
    checking.REACHED: gettext_lazy("It leads here. Everything is well."),
    checking.UNKNOWN: gettext_lazy("There is no such name yet. Add the DNS record; it may take an hour to be known everywhere."),
    checking.REFUSED: gettext_lazy("The name is there, but nobody answers at it."),
    checking.TLS: gettext_lazy("Somebody answers, but without a certificate for this name. Add the name to the proxy."),
    checking.ELSEWHERE: gettext_lazy("Somebody else answers at this name: the record leads to another machine, or the proxy does not send the name here."),
    checking.FORBIDDEN: gettext_lazy("This name leads into a closed network. Readers could not reach it."),
}  # fmt: skip


class TrackingForm(Form):
    """As `Tracking`; sites: one on each line."""

    opens = forms.BooleanField(
        label=gettext_lazy("See who opens e-mails"),
        required=False,
        help_text=gettext_lazy("By a picture that nobody sees. Off: no mail carries it."),
    )
    clicks = forms.BooleanField(
        label=gettext_lazy("See who follows links, in e-mails and in SMS"),
        required=False,
        help_text=gettext_lazy(
            "Links lead by way of Safar and on at once. Off: they stand in messages as you wrote them."
        ),
    )
    host = forms.CharField(
        label=gettext_lazy("Domain of links"),
        required=False,
        max_length=253,
        widget=forms.TextInput({**LTR, "placeholder": "links.shop.example"}),
        help_text=gettext_lazy(
            "A name of your own under which links and pictures stand. Empty: the address of this installation."
        ),
    )
    short_host = forms.CharField(
        label=gettext_lazy("Short domain for SMS"),
        required=False,
        max_length=253,
        widget=forms.TextInput({**LTR, "placeholder": "shp.ir"}),
        help_text=gettext_lazy(
            "The shorter, the more room for words. Up to nine letters, the dot counted, keep a link within 25."
        ),
    )
    utm = forms.BooleanField(
        label=gettext_lazy("Add UTM parameters to links to my own sites"),
        required=False,
        help_text=gettext_lazy("What stands in a link already is never changed."),
    )
    sites = forms.CharField(
        label=gettext_lazy("My own sites"),
        required=False,
        widget=forms.Textarea({**LTR, "rows": 2, "placeholder": "shop.example"}),
        help_text=gettext_lazy("One on each line. What lies below a name belongs to it, such as www."),
    )
    utm_source = forms.CharField(label="utm_source", required=False, max_length=100, widget=forms.TextInput(LTR))
    utm_medium = forms.CharField(label="utm_medium", required=False, max_length=100, widget=forms.TextInput(LTR))
    utm_campaign = forms.CharField(label="utm_campaign", required=False, max_length=100, widget=forms.TextInput(LTR))

    def clean_host(self) -> str:
        return _host(self.cleaned_data["host"])

    def clean_short_host(self) -> str:
        return _host(self.cleaned_data["short_host"])

    def clean_sites(self) -> tuple[str, ...]:
        lines = map(_host, self.cleaned_data["sites"].split())
        return tuple(dict.fromkeys(line for line in lines if line))


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: ConsoleRequest) -> HttpResponse:
    """``settings/tracking/``."""
    with session() as conn:
        kept = read_tracking(conn, request.workspace.pk)
        form = TrackingForm(request.POST or None, initial=asdict(kept) | {"sites": "\n".join(kept.sites)})
        if request.method == "POST" and form.is_valid():
            made = replace(kept, **form.cleaned_data)
            try:
                changed = set_tracking(conn, request.workspace.pk, made, sending=_sending())
            except Refused as refused:
                add_faults(form, refused)
            else:
                if changed:
                    told = {name: value for name, value in asdict(made).items() if value != getattr(kept, name)}
                    record(request.workspace, request.user.email, "set_tracking", "tracking", told)
                messages.success(request, _("Saved."))
                return go(request, to(request, "tracking"))
    return render(request, "console/settings/tracking.html", _context(kept, form))


@needs("admin")
@require_safe
def check(request: ConsoleRequest) -> HttpResponse:
    """``settings/tracking/check/?which=host`` (or short_host): a piece of the page, because somebody else has to answer. Only a name that is
    kept is asked.
    """
    which = request.GET.get("which", HOSTS[0])
    if which not in HOSTS:
        raise Http404
    with session() as conn:
        host = getattr(read_tracking(conn, request.workspace.pk), which)
    if not host:
        return render(request, "console/settings/_tracking_check.html", {"said": _("There is no such domain yet.")})
    secure = _sending().public_url.startswith("https://")
    found = check_host(host, secret=settings.SECRET_KEY, secure=secure)
    context = {"said": CHECKED[found], "well": found == checking.REACHED}
    return render(request, "console/settings/_tracking_check.html", context)


def _context(kept: Tracking, form: TrackingForm) -> dict[str, Any]:
    sending = _sending()
    short = short_url("x" * CODE, kept, sending)
    return {
        "form": form,
        "kept": kept,
        "hosts": [(name, getattr(kept, name)) for name in HOSTS if getattr(kept, name)],
        "public_host": urlsplit(sending.public_url).hostname,
        "base": kept.base(sending),
        "short": short,
        "short_length": len(short),
        "too_long": len(short) > LONGEST_SHORT,
        "longest": LONGEST_SHORT,
        "words": [f"{{{word}}}" for word in WORDS],
        "utm_names": NAMES,
        "tab": "tracking",
    }


def _host(text: str) -> str:
    """As people paste it: without what stands before and behind the name."""
    return text.strip().lower().partition("://")[2 if "://" in text else 0].partition("/")[0].rstrip(".")


@cache
def _sending() -> Sending:
    chosen = settings.SAFAR
    return Sending(
        settings.SECRET_KEY, tuple(chosen.old_secret_keys), public_url=chosen.public_url, short_host=chosen.short_host
    )
