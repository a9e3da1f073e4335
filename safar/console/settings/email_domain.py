"""Whether the sender's domain says that we may send in its name, what to add to its DNS, and the key that we sign with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.channels.mail.compose import BadAddress, sender_address
from safar.channels.mail.domain_checks import Sends, ask_dns, check_domain
from safar.channels.mail.signing import make_key, read_key, remove_key
from safar.channels.provider import providers
from safar.channels.senders import read_senders
from safar.channels.sending.carriers import read_carriers
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.faults import say
from safar.console.settings.own_service import language, sending
from safar.lib.faults import Refused

resolve = ask_dns  # tests put a name service of their own here
ABOUT = {
    "spf": gettext_lazy("SPF: who may send in your name"),
    "dkim": gettext_lazy("DKIM: the signature"),
    "dmarc": gettext_lazy("DMARC: what becomes of forgeries"),
    "alignment": gettext_lazy("Alignment"),
}
STATES = {
    "ok": ("green", gettext_lazy("in order")),
    "warn": ("orange", gettext_lazy("could be better")),
    "fault": ("red", gettext_lazy("has to be mended")),
    "unknown": ("secondary", gettext_lazy("not known")),
}


@needs("admin")
@require_safe
def domain(request: ConsoleRequest) -> HttpResponse:
    """``settings/email/domain/``."""
    with session() as conn:
        name, sends = _sends(request, conn)
    context = {"domain": name, "plain": sends.plain, "dkim_key": sends.key, "tab": "email_service"}
    return render(request, "console/settings/email_domain.html", context)


@needs("admin")
@require_safe
def checks(request: ConsoleRequest) -> HttpResponse:
    """``settings/email/domain/checks/``: a piece of the page, because the name service is asked."""
    with session() as conn:
        name, sends = _sends(request, conn)
    lines = []
    for n, one in enumerate(check_domain(name, sends, resolve) if name else ()):
        color, state = STATES[one.state]
        lines.append(
            {
                "n": n,
                "about": ABOUT[one.about],
                "color": color,
                "state": state,
                "said": say(one.said),
                "found": one.found,
                "add": one.add,
            }
        )
    return render(request, "console/settings/_email_checks.html", {"lines": lines})


@needs("admin")
@require_POST
def key(request: ConsoleRequest) -> HttpResponse:
    """``settings/email/domain/key/``: a new key for the sender's domain."""
    with session() as conn:
        name, _sends_by = _sends(request, conn)
        try:
            made = make_key(conn, workspace_id=request.workspace.pk, domain=name, keys=sending().secret_keys)
        except Refused as refused:
            messages.error(request, say(refused.faults[0].message))
        else:
            what = {"domain": made.domain, "selector": made.selector}
            record(request.workspace, request.user.email, "make_dkim_key", f"domain:{made.domain}", what)
            messages.success(request, _("The key is made. Put its record into the DNS, then look again."))
    return go(request, to(request, "email_domain"))


@needs("admin")
@require_POST
def key_remove(request: ConsoleRequest) -> HttpResponse:
    """``settings/email/domain/key/remove/``."""
    with session() as conn:
        if remove_key(conn, request.workspace.pk):
            record(request.workspace, request.user.email, "remove_dkim_key", "domain", {})
            messages.success(request, _("Messages are signed no more."))
    return go(request, to(request, "email_domain"))


def _sends(request: ConsoleRequest, conn: Any) -> tuple[str, Sends]:
    """(the domain that readers see, by what e-mail leaves). The domain is empty where the sender has none."""
    chosen = settings.SAFAR
    sender = read_senders(conn, request.workspace.pk)["email"].address or chosen.email_from
    try:
        name = sender_address(sender).rpartition("@")[2].lower()
    except BadAddress:
        name = ""
    kinds = providers()
    carrier = read_carriers(conn, request.workspace.pk, kinds=kinds, sending=sending()).get("email")
    kind = kinds[carrier.provider] if carrier else kinds["smtp"]
    signed = read_key(conn, request.workspace.pk) if kind.signs else None
    return name, Sends(kind.label[language()], kind.spf, kind.selectors, signed, plain=kind.signs)
