"""Shops of the workspace: connected step by step, how they are doing, their past fetched, taken away. What is secret only goes in."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from psycopg import Connection

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.faults import say
from safar.console.forms import Form, add_faults
from safar.console.settings.own_service import language, make_field, marked, sending
from safar.events.jobs.queue import Job, jobs_about
from safar.lib.faults import Refused
from safar.shops.connecting import Shop, change_shop, connect_shop, disconnect_shop, read_shop, read_shops
from safar.shops.fetching import KIND, is_fetching, read_fetched, start_fetching, stop_fetching
from safar.shops.plugin import build_plugin
from safar.shops.showing import read_state
from safar.shops.system import System, systems

RESOURCES = {
    "products": gettext_lazy("Products"),
    "customers": gettext_lazy("Customers"),
    "orders": gettext_lazy("Orders"),
}
REFUSALS = {
    400: gettext_lazy("Something in it cannot be read."),
    401: gettext_lazy("Its signature does not fit: the secret in the shop is another one than here."),
    410: gettext_lazy("The shop was disconnected."),
    413: gettext_lazy("It is too large."),
}


@needs("admin")
@require_safe
def shops(request: ConsoleRequest) -> HttpResponse:
    """``settings/shops/``: those that there are, and what can be connected."""
    now, words = datetime.now(UTC), language()
    with session() as conn:
        found = [
            (shop, shop.kind.label[words], read_state(conn, shop, zone=request.workspace.zone, now=now))
            for shop in read_shops(conn, request.workspace.pk)
        ]
    kinds = [(kind.key, kind.label[words], kind.help[words]) for kind in systems().values()]
    context = {"shops": found, "kinds": kinds, "endpoint": f"{settings.SAFAR.public_url}/v1/batch", "tab": "shops"}
    return render(request, "console/settings/shops.html", context)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConsoleRequest) -> HttpResponse:
    """``settings/shops/new/?system=shopify``: by POST the shop is connected."""
    system = request.GET.get("system") or next(iter(systems()))
    kind = systems().get(system)
    if kind is None:
        raise Http404
    form = _form(kind, None, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with session() as conn:
            try:
                given, keys = form.cleaned_data, sending().secret_keys
                made = connect_shop(conn, workspace_id=request.workspace.pk, system=system, given=given, keys=keys)
            except Refused as refused:
                add_faults(form, refused)
            else:
                if made.kind.can_fetch(made.opened(keys)):
                    start_fetching(conn, shop=made, by=request.user.email, address=address_of(made))
                record(request.workspace, request.user.email, "connect_shop", f"shop:{made.id}", {"system": system})
                messages.success(request, _("The shop is connected. Do what the steps say, and its first event comes."))
                return go(request, to(request, "shop", shop_id=made.id))
    context = {"form": form, "label": kind.label[language()], "steps": _steps(kind), "tab": "shops"}
    return render(request, "console/settings/shop_new.html", context)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def shop(request: ConsoleRequest, shop_id: int) -> HttpResponse:
    """``settings/shops/<id>/``: how it is doing; by POST its settings are others."""
    with session() as conn:
        shown = _shop(conn, request, shop_id)
        form = _form(shown.kind, shown, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                changed = change_shop(conn, shop=shown, given=form.cleaned_data, keys=sending().secret_keys)
            except Refused as refused:
                add_faults(form, refused)
            else:
                if changed:  # names, and nothing of what was written there
                    record(
                        request.workspace, request.user.email, "change_shop", f"shop:{shown.id}", {"changed": changed}
                    )
                messages.success(request, _("Saved."))
                return go(request, to(request, "shop", shop_id=shown.id))
        state = read_state(conn, shown, zone=request.workspace.zone, now=datetime.now(UTC))
        context = _past(conn, shown)
    last = state.refused
    bad = last if last and (state.last_at is None or last.at > state.last_at) else None
    more = {
        "form": form,
        "shop": shown,
        "label": shown.kind.label[language()],
        "steps": _steps(shown.kind),
        "address": address_of(shown),
        "secure": settings.SAFAR.public_url.startswith("https://"),
        "state": state,
        "refused": bad,
        "why": REFUSALS.get(bad.status, bad.said) if bad else "",
        "faults": [(fault["place"], say(fault["message"])) for fault in bad.faults] if bad else [],
        "most": max((day.deliveries for day in state.days), default=0),
        "tab": "shops",
    }
    return render(request, "console/settings/shop.html", context | more)


@needs("admin")
@require_safe
def past(request: ConsoleRequest, shop_id: int) -> HttpResponse:
    """``settings/shops/<id>/past/``: how far its past has been fetched; a piece of the page that asks again while it goes on."""
    with session() as conn:
        context = _past(conn, _shop(conn, request, shop_id))
    return render(request, "console/settings/_shop_past.html", context)


@needs("admin")
@require_POST
def fetch(request: ConsoleRequest, shop_id: int) -> HttpResponse:
    """``settings/shops/<id>/fetch/``: on from where it stopped; with `anew`, from the beginning."""
    with session() as conn:
        found, anew = _shop(conn, request, shop_id), bool(request.POST.get("anew"))
        if start_fetching(conn, shop=found, by=request.user.email, address=address_of(found), anew=anew):
            record(request.workspace, request.user.email, "fetch_shop", f"shop:{found.id}", {"anew": anew})
    return go(request, to(request, "shop", shop_id=shop_id))


@needs("admin")
@require_POST
def stop(request: ConsoleRequest, shop_id: int) -> HttpResponse:
    """``settings/shops/<id>/stop/``: heard at the next page."""
    with session() as conn:
        stop_fetching(conn, shop=_shop(conn, request, shop_id))
    return go(request, to(request, "shop", shop_id=shop_id))


@needs("admin")
@never_cache
@require_POST
def plugin(request: ConsoleRequest, shop_id: int) -> HttpResponse:
    """``settings/shops/<id>/plugin/``: the plugin as a ZIP, with address and secret in it."""
    with session() as conn:
        found = _shop(conn, request, shop_id)
    if not found.kind.has_plugin:
        raise Http404
    try:
        secret = found.opened(sending().secret_keys)[found.kind.secret]
    except (ValueError, KeyError):
        messages.error(request, _("The secret cannot be opened any more; enter it again."))
        return go(request, to(request, "shop", shop_id=shop_id))
    record(request.workspace, request.user.email, "download_plugin", f"shop:{found.id}", {})
    made = build_plugin(address=address_of(found), secret=secret)
    named = {"Content-Disposition": f'attachment; filename="safar-{found.name}.zip"'}
    return HttpResponse(made, content_type="application/zip", headers=named)


@needs("admin")
@require_POST
def disconnect(request: ConsoleRequest, shop_id: int) -> HttpResponse:
    """``settings/shops/<id>/disconnect/``."""
    with session() as conn:
        if disconnect_shop(conn, workspace_id=request.workspace.pk, shop=_shop(conn, request, shop_id).id):
            record(request.workspace, request.user.email, "disconnect_shop", f"shop:{shop_id}", {})
            messages.success(request, _("The shop is disconnected. Contacts and their orders stay."))
    return go(request, to(request, "shops"))


def address_of(shop: Shop) -> str:
    """Where the shop's deliveries come."""
    return shop.address(settings.SAFAR.public_url)


def _shop(conn: Connection[Any], request: ConsoleRequest, shop_id: int) -> Shop:
    found = read_shop(conn, request.workspace.pk, shop_id)
    if found is None:
        raise Http404
    return found


def _past(conn: Connection[Any], shop: Shop) -> dict[str, Any]:
    """What is said of the fetching of the past."""
    fetched = read_fetched(conn, shop)
    last: Job | None = next(iter(jobs_about(conn, shop.workspace_id, KIND, {"shop": shop.id}, 1)), None)
    going = last is not None and last.going
    try:
        can = shop.kind.can_fetch(shop.opened(sending().secret_keys))
    except ValueError:
        can = False
    return {
        "shop": shop,
        "can_fetch": can,
        "going": going,
        "stopping": going and not is_fetching(conn, shop),
        "begun": any(one.done for one in fetched),
        "finished": all(one.finished_at for one in fetched),
        "fetched": [(RESOURCES[one.resource], one, min(one.done, one.total or one.done)) for one in fetched],
        "failed": [say(fault["message"]) for fault in last.told.get("faults", [])]
        if last and last.state == "failed"
        else [],
        "left_out": [(fault["place"], say(fault["message"])) for fault in last.told.get("faults", [])]
        if last and last.state == "finished"
        else [],
    }


def _steps(kind: System) -> list[str]:
    return [marked(step) for step in kind.steps[language()]]


def _entered(shop: Shop) -> frozenset[str]:
    """Names of the secret settings that somebody has filled in; of those that cannot be opened any more none."""
    try:
        return frozenset(name for name, value in shop.opened(sending().secret_keys).items() if value) & shop.kept
    except ValueError:
        return frozenset()


def _form(kind: System, kept: Shop | None, data: Any) -> Form:
    """Made from what the shop system declares."""
    there = _entered(kept) if kept else frozenset()
    fields: dict[str, forms.Field] = {one.name: make_field(one, one.name in there) for one in kind.fields}
    made = type("ShopForm", (Form,), fields)
    initial = {one.name: one.default for one in kind.fields if not one.secret} | (dict(kept.settings) if kept else {})
    form: Form = made(data, initial=initial)
    return form
