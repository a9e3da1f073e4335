"""A workspace's own service of a channel: chosen, filled from what its provider declares, tried, taken away. What is secret only goes in.

The pages of SMS and of e-mail are this one, each with its words and with what only its services have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.services import record
from safar.channels.fields import Field
from safar.channels.provider import Provider, providers
from safar.channels.services.mends import mend
from safar.channels.services.own import Service, read_services, remove_service, set_service
from safar.channels.services.trying_own import read_test, send_service_test
from safar.channels.settings import Sending
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import Form, add_faults
from safar.console.settings.sections import sections_of
from safar.lib.faults import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Kinds = dict[str, Provider]


@dataclass(frozen=True, kw_only=True)
class ServicePage:
    """channel: whose page it is (``addresses``). last: the provider that stands last in
    the list. more: what else its template is given, from (request, kinds, what is kept).
    """

    channel: str
    last: str
    test_form: type[Form]
    removed: StrPromise
    more: Callable[[ConsoleRequest, Kinds, Service | None], Mapping[str, Any]]

    @property
    def template(self) -> str:
        return f"console/settings/{self.channel}.html"

    def kinds(self) -> Kinds:
        """The services that a workspace may have."""
        found = {key: kind for key, kind in providers().items() if self.channel in kind.channels and kind.fields}
        return dict(sorted(found.items(), key=lambda one: one[0] == self.last))

    def home(self, request: ConsoleRequest) -> str:
        return to(request, f"{self.channel}_service")


def addresses(page: ServicePage) -> list[URLPattern]:
    """``<channel>_service``, ``_remove``, ``_test``, ``_tested``: the page, the taking away, a test, and what became of it."""
    at, name = f"settings/{page.channel}/", page.channel
    return [
        path(at, _view(page, show, require_http_methods(["GET", "HEAD", "POST"])), name=f"{name}_service"),
        path(f"{at}remove/", _view(page, remove, require_POST), name=f"{name}_remove"),
        path(f"{at}test/", _view(page, test, require_POST), name=f"{name}_test"),
        path(f"{at}test/<int:number>/", _view(page, tested, require_safe), name=f"{name}_tested"),
    ]


def _view(
    page: ServicePage, view: Callable[..., HttpResponse], by: Callable[[Any], Any]
) -> Callable[..., HttpResponse]:
    """by: the methods it is asked by."""

    @needs("admin")
    @by
    @wraps(view)
    def of_page(request: ConsoleRequest, **kwargs: Any) -> HttpResponse:
        return view(request, page, **kwargs)

    return cast("Callable[..., HttpResponse]", of_page)


def show(request: ConsoleRequest, page: ServicePage) -> HttpResponse:
    """``settings/sms/?service=kavenegar``; by POST the service is kept."""
    kinds = page.kinds()
    with session() as conn:
        kept = read_services(conn, request.workspace.pk).get(page.channel)
        chosen = request.GET.get("service") or (kept.provider if kept else next(iter(kinds)))
        if chosen not in kinds:
            raise Http404
        form = _form(kinds[chosen], kept, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                changed = set_service(
                    conn,
                    workspace_id=request.workspace.pk,
                    channel=page.channel,
                    provider=chosen,
                    given=form.cleaned_data,
                    keys=sending().secret_keys,
                )
            except Refused as refused:
                add_faults(form, refused)
            else:
                if changed:  # the names of what changed, and nothing that was written there
                    what = {"provider": chosen, "changed": changed}
                    record(request.workspace, request.user.email, "set_service", f"service:{page.channel}", what)
                messages.success(request, _("Saved. Send a test to see that it works."))
                return go(request, page.home(request))
    return render(request, page.template, _context(request, page, kinds, kept, chosen, form))


def remove(request: ConsoleRequest, page: ServicePage) -> HttpResponse:
    with session() as conn:
        if remove_service(conn, workspace_id=request.workspace.pk, channel=page.channel):
            record(request.workspace, request.user.email, "remove_service", f"service:{page.channel}", {})
            messages.success(request, page.removed)
    return go(request, page.home(request))


def test(request: ConsoleRequest, page: ServicePage) -> HttpResponse:
    """A test to one address; the page goes on to say what became of it."""
    form = page.test_form(request.POST)
    with session() as conn:
        kept = read_services(conn, request.workspace.pk).get(page.channel)
        if kept is None:
            raise Http404
        if not form.is_valid():
            kinds = page.kinds()
            shown = _form(kinds[kept.provider], kept, None)
            context = _context(request, page, kinds, kept, kept.provider, shown) | {"test_form": form}
            return render(request, page.template, context)
        text = _("%(workspace)s: this is a test from Safar.") % {"workspace": request.workspace.name}
        number = send_service_test(
            conn,
            request.workspace.pk,
            channel=page.channel,
            to=form.cleaned_data["to"],
            text=text,
            by=request.user.email,
        )
    what = {"to": form.cleaned_data["to"]}
    record(request.workspace, request.user.email, "test_service", f"service:{page.channel}", what)
    return go(request, f"{page.home(request)}?test={number}")


def tested(request: ConsoleRequest, page: ServicePage, number: int) -> HttpResponse:
    """What became of a test; a piece of the page that asks again until it is known."""
    with session() as conn:
        found = read_test(conn, request.workspace.pk, number) if number < 2**63 else None
    if found is None:
        raise Http404
    refused = mend(found.reason, own=page.channel)[language()] if found.state == "waits" and found.reason else ""
    context = {
        "tried": found,
        "number": number,
        "refused": refused,
        "kept": found.provider == "mailbox",
        "again": to(request, f"{page.channel}_tested", number=number),
    }
    return render(request, "console/settings/_service_test.html", context)


def _context(
    request: ConsoleRequest, page: ServicePage, kinds: Kinds, kept: Service | None, chosen: str, form: Form
) -> dict[str, Any]:
    words = language()
    number = request.GET.get("test", "")
    number = number if number.isascii() and number.isdecimal() and len(number) < 19 else ""
    return {
        "form": form,
        "sections": sections_of(kinds[chosen].fields, form, words),
        "kept": kept,
        "chosen": chosen,
        "services": [(key, kind.label[words]) for key, kind in kinds.items()],
        "kept_label": kinds[kept.provider].label[words] if kept and kept.provider in kinds else "",
        "test_form": page.test_form(),
        "test_at": to(request, f"{page.channel}_test"),
        "tested_at": to(request, f"{page.channel}_tested", number=int(number)) if number else "",
        "remove_at": to(request, f"{page.channel}_remove"),
        "mailbox": "mailbox" in (request.workspace.send_mode, settings.SAFAR.send_mode),
        "tab": f"{page.channel}_service",
        **page.more(request, kinds, kept),
    }


def _form(kind: Provider, kept: Service | None, data: Any) -> Form:
    """Made from what the provider declares."""
    mine = kept if kept and kept.provider == kind.key else None
    made = type(
        "ServiceForm",
        (Form,),
        {one.name: make_field(one, mine is not None and one.name in mine.kept) for one in kind.fields},
    )
    initial = {one.name: one.default for one in kind.fields if not one.secret} | (dict(mine.settings) if mine else {})
    form: Form = made(data, initial=initial)
    return form


def make_field(field: Field, there: bool) -> forms.Field:
    """What a setting is typed into. there: it is kept, and not shown."""
    words = language()
    help_text = marked(field.help.get(words, ""))
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


def marked(text: str) -> SafeString:
    """A kind's own words: what stands between backticks is shown as it has to be written, left to right."""
    pieces = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<bdi><code>{}</code></bdi>", one) if n % 2 else one,) for n, one in pieces)
    )


@cache
def sending() -> Sending:
    chosen = settings.SAFAR
    return Sending(settings.SECRET_KEY, tuple(chosen.old_secret_keys), public_url=chosen.public_url)


def language() -> str:
    return "fa" if (get_language() or "").startswith("fa") else "en"
