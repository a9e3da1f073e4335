"""The workspace's own SMS service: chosen, filled from what its provider declares, tried, taken away. What is secret only goes in."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.services import record
from safar.channels.fields import Field
from safar.channels.mends import mend
from safar.channels.own import Service, read_services, remove_service, set_service
from safar.channels.provider import Own, Provider, providers
from safar.channels.settings import Sending
from safar.channels.tokens import inbound_address
from safar.channels.trying_own import read_credit, read_test, send_service_test
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, add_faults
from safar.contacts.names import fold_phone
from safar.lib.faults import Refused

CHANNEL = "sms"
UNITS = {"rial": gettext_lazy("rials"), "parts": gettext_lazy("parts of an SMS")}


class TestForm(Form):
    """to, text."""

    to = forms.CharField(
        label=gettext_lazy("My number"),
        max_length=30,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "tel", "autocomplete": "tel", "placeholder": "+98912…"}),
    )

    def clean_to(self) -> str:
        number = fold_phone(self.cleaned_data["to"])
        if number is None:
            raise forms.ValidationError(_("Write a number with its country, such as +989121234567."))
        return number


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def sms(request: ConsoleRequest) -> HttpResponse:
    """``settings/sms/?service=kavenegar``; by POST the service is kept."""
    kinds = _kinds()
    with session() as conn:
        kept = read_services(conn, request.workspace.pk).get(CHANNEL)
        chosen = request.GET.get("service") or (kept.provider if kept else next(iter(kinds)))
        if chosen not in kinds:
            raise Http404
        form = _form(kinds[chosen], kept, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                changed = set_service(
                    conn,
                    workspace_id=request.workspace.pk,
                    channel=CHANNEL,
                    provider=chosen,
                    given=form.cleaned_data,
                    keys=_sending().secret_keys,
                )
            except Refused as refused:
                add_faults(form, refused)
            else:
                if changed:  # the names of what changed, and nothing that was written there
                    record(
                        request.workspace,
                        request.user.email,
                        "set_service",
                        f"service:{CHANNEL}",
                        {"provider": chosen, "changed": changed},
                    )
                messages.success(request, _("Saved. Send a test to see that it works."))
                return go(request, to(request, "sms_service"))
    return render(request, "console/settings/sms.html", _context(request, kinds, kept, chosen, form))


@needs("admin")
@require_POST
def remove(request: ConsoleRequest) -> HttpResponse:
    """``settings/sms/remove/``."""
    with session() as conn:
        if remove_service(conn, workspace_id=request.workspace.pk, channel=CHANNEL):
            record(request.workspace, request.user.email, "remove_service", f"service:{CHANNEL}", {})
            messages.success(request, _("The service is taken away. SMS stays in the mailbox from now on."))
    return go(request, to(request, "sms_service"))


@needs("admin")
@require_POST
def test(request: ConsoleRequest) -> HttpResponse:
    """``settings/sms/test/``: a test SMS to a number; the page goes on to say what became of it."""
    form = TestForm(request.POST)
    with session() as conn:
        kept = read_services(conn, request.workspace.pk).get(CHANNEL)
        if kept is None:
            raise Http404
        if not form.is_valid():
            kinds = _kinds()
            shown = _form(kinds[kept.provider], kept, None)
            context = _context(request, kinds, kept, kept.provider, shown) | {"test_form": form}
            return render(request, "console/settings/sms.html", context)
        text = _("%(workspace)s: this is a test from Safar.") % {"workspace": request.workspace.name}
        number = send_service_test(
            conn,
            request.workspace.pk,
            channel=CHANNEL,
            to=form.cleaned_data["to"],
            text=text,
            by=request.user.email,
        )
    record(request.workspace, request.user.email, "test_service", f"service:{CHANNEL}", {"to": form.cleaned_data["to"]})
    return go(request, f"{to(request, 'sms_service')}?test={number}")


@needs("admin")
@require_safe
def tested(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/sms/test/<number>/``: what became of a test; a piece of the page that asks again until it is known."""
    with session() as conn:
        found = read_test(conn, request.workspace.pk, number) if number < 2**63 else None
    if found is None:
        raise Http404
    refused = mend(found.reason, own=CHANNEL)[_language()] if found.state == "waits" and found.reason else ""
    context = {"tried": found, "number": number, "refused": refused, "kept": found.provider == "mailbox"}
    return render(request, "console/settings/_sms_test.html", context)


@needs("admin")
@require_safe
def credit(request: ConsoleRequest) -> HttpResponse:
    """``settings/sms/credit/``: a piece of the page, because the service is asked."""
    with session() as conn:
        try:
            left, fault = read_credit(conn, request.workspace.pk, CHANNEL, sending=_sending()), ""
        except ValueError as error:
            left, fault = None, str(error)
    shown = ""
    if left is not None:
        amount = request.formats.number(left.amount) if left.amount.isdigit() else request.formats.digits(left.amount)
        shown = f"{amount} {UNITS.get(left.unit, left.unit)}"
    return render(request, "console/settings/_sms_credit.html", {"credit": shown, "fault": fault})


def _context(
    request: ConsoleRequest, kinds: dict[str, Provider], kept: Service | None, chosen: str, form: Form
) -> dict[str, Any]:
    words = _language()
    number = request.GET.get("test", "")
    return {
        "form": form,
        "kept": kept,
        "chosen": chosen,
        "services": [(key, kind.label[words]) for key, kind in kinds.items()],
        "kept_label": kinds[kept.provider].label[words] if kept and kept.provider in kinds else "",
        "inbound": _inbound(request, kinds, kept),
        "tells_credit": bool(kept and kept.provider in kinds and kinds[kept.provider].tells_credit),
        "test_form": TestForm(),
        "number": number if number.isascii() and number.isdecimal() and len(number) < 19 else "",
        "mailbox": "mailbox" in (request.workspace.send_mode, settings.SAFAR.send_mode),
        "tab": "sms_service",
    }


def _inbound(request: ConsoleRequest, kinds: dict[str, Provider], kept: Service | None) -> str:
    """Where the service is to tell what people write; empty where it does not call."""
    if kept is None or kept.provider not in kinds or not kinds[kept.provider].tells_inbound:
        return ""
    return inbound_address(_sending(), Own(request.workspace.pk, CHANNEL, kept.provider, {}))


def _form(kind: Provider, kept: Service | None, data: Any) -> Form:
    """Made from what the provider declares."""
    mine = kept if kept and kept.provider == kind.key else None
    made = type("ServiceForm", (Form,), {one.name: _field(one, mine) for one in kind.fields})
    initial = {one.name: one.default for one in kind.fields if not one.secret} | (dict(mine.settings) if mine else {})
    form: Form = made(data, initial=initial)
    return form


def _field(field: Field, kept: Service | None) -> forms.Field:
    words = _language()
    there = kept is not None and field.name in kept.kept
    help_text = _marked(field.help.get(words, ""))
    attrs = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
    named: dict[str, Any] = {
        "label": field.label[words],
        "required": field.required and not there,
        "help_text": _("Kept, and not shown. Leave it empty to keep it.") if there else help_text,
    }
    if field.choices:
        return forms.ChoiceField(choices=[(key, said[words]) for key, said in field.choices.items()], **named)
    if field.secret:
        widget: forms.Widget = forms.PasswordInput(attrs | {"autocomplete": "new-password"}, render_value=False)
    elif field.lines > 1:
        widget = forms.Textarea(attrs | {"rows": field.lines})
    else:
        widget = forms.TextInput(attrs)
    return forms.CharField(widget=widget, max_length=field.longest, **named)


def _marked(text: str) -> SafeString:
    """A provider's help: what stands between backticks is shown as it has to be written, left to right."""
    pieces = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<bdi><code>{}</code></bdi>", one) if n % 2 else one,) for n, one in pieces)
    )


def _kinds() -> dict[str, Provider]:
    """The services that a workspace may have, those with a name of their own first."""
    found = {key: kind for key, kind in providers().items() if CHANNEL in kind.channels and kind.fields}
    return dict(sorted(found.items(), key=lambda one: one[0] == "described"))


@cache
def _sending() -> Sending:
    chosen = settings.SAFAR
    return Sending(settings.SECRET_KEY, tuple(chosen.old_secret_keys), public_url=chosen.public_url)


def _language() -> str:
    return "fa" if (get_language() or "").startswith("fa") else "en"
