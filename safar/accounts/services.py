"""What can be done to workspaces and keys. Each checks, writes, and leaves an audit entry, in one transaction."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from safar.accounts.keys import key_hash
from safar.accounts.models import ApiKey, AuditEntry, Workspace
from safar.accounts.scopes import SCOPES
from safar.accounts.weeks import DAYS, MOST_WEEKEND, STARTS, is_weekend, usual_week
from safar.lib.faults import Faults, Refused, did_you_mean, said

COMMAND_LINE = "command line"
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
CURRENCY = re.compile(r"[A-Z]{3,4}")  # ISO 4217, and IRHR, IRHT for thousands and ten thousands of rials
SITE = re.compile(
    r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
)  # a host as a browser names it; localhost and addresses while one tries
LONGEST_SITE = 253
MOST_SITES = 50
LIVE_SECRET_KEYS = 2  # two, so that one can be rotated out while the other works
PREFIXES = {ApiKey.WRITE: "pk_", ApiKey.SECRET: "sk_"}


@transaction.atomic
def create_workspace(
    *,
    slug: str,
    name: str,
    zone: str = "UTC",
    calendar: str = "gregorian",
    language: str = "en",
    currency: str = "USD",
    currency_unit: str = "",
    week_start: str = "",
    weekend: Sequence[str] | None = None,
    send_mode: str = "mailbox",
    demo: bool = False,
    actor: str = COMMAND_LINE,
) -> Workspace:
    """A new workspace. currency_unit: the unit money is shown in, the currency itself if left out.
    week_start, weekend: as the calendar has them if left out (``weeks``).

    Raises Refused with every fault.
    """
    currency, currency_unit = currency.upper(), (currency_unit or currency).upper()
    week = usual_week(calendar)
    week_start, weekend = week_start or week.start, list(week.weekend if weekend is None else weekend)
    faults = Faults()
    if not SLUG.fullmatch(slug):
        faults.at("slug").add(said("%(slug)r has to be Latin small letters, digits, - or _, 64 at most", slug=slug))
    elif Workspace.objects.filter(slug=slug).exists():
        faults.at("slug").add(said("there is a workspace %(slug)r already", slug=slug))
    if not name.strip() or len(name) > 200 or "\0" in name:
        faults.at("name").add(said("has to be 1 to 200 characters"))
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # what zoneinfo raises for no such name, a path, a folder
        faults.at("zone").add(said("%(value)r is not a zone's name such as Asia/Tehran", value=zone))
    for place, value, known in (
        ("calendar", calendar, ("gregorian", "jalali")),
        ("language", language, ("en", "fa")),
        ("send_mode", send_mode, ("mailbox", "team", "live")),
        ("week_start", week_start, STARTS),
    ):
        if value not in known:
            faults.at(place).add(said("%(value)r is none of %(known)s", value=value, known=", ".join(known)))
    for place, value in (("currency", currency), ("currency_unit", currency_unit)):
        if not CURRENCY.fullmatch(value):
            faults.at(place).add(said("%(value)r is not a currency code such as IRR", value=value))
    if not is_weekend(weekend):
        faults.at("weekend").add(
            said("has to be up to %(most_weekend)s of %(known)s", most_weekend=MOST_WEEKEND, known=", ".join(DAYS))
        )
    if faults:
        raise Refused(faults)
    workspace = Workspace.objects.create(
        slug=slug,
        name=name,
        zone=zone,
        calendar=calendar,
        language=language,
        currency=currency,
        currency_unit=currency_unit,
        week_start=week_start,
        weekend=weekend,
        send_mode=send_mode,
        demo=demo,
    )
    record(workspace, actor, "create_workspace", f"workspace:{workspace.pk}", {"slug": slug})
    return workspace


def free_slug(name: str) -> str:
    """A short name that nobody has: of the name's Latin letters, or ``shop``; with a number where it is taken."""
    begun = slugify(name)[:50].strip("-_") or "shop"
    taken = set(Workspace.objects.filter(slug__startswith=begun).values_list("slug", flat=True))
    return next(slug for n in count(1) if (slug := begun if n == 1 else f"{begun}-{n}") not in taken)


@transaction.atomic
def create_key(
    *, workspace: Workspace, kind: str, label: str = "", scopes: Sequence[str] = (), actor: str = COMMAND_LINE
) -> str:
    """A new key, in plain text. Of a secret one only the hash is kept, so this is the one time it can be shown.

    kind: write (``pk_…``) or secret (``sk_…``). scopes: what a secret key is limited to (``scopes.SCOPES``); none: everything.
    Raises Refused for another kind or scope, or a third live secret key.
    """
    faults = Faults()
    if kind not in PREFIXES:
        faults.at("kind").add(said("%(value)r is none of %(known)s", value=kind, known=", ".join(PREFIXES)))
    if scopes and kind != ApiKey.SECRET:
        faults.at("scopes").add(said("only secret keys have scopes"))
    for scope in scopes:
        if scope not in SCOPES:
            faults.at("scopes").add(
                said("there is no scope %(scope)r%(hint)s", scope=scope, hint=did_you_mean(scope, SCOPES))
            )
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # two at once would both count one live key
    live = ApiKey.objects.filter(workspace=workspace, kind=ApiKey.SECRET, revoked_at=None)
    if kind == ApiKey.SECRET and live.count() >= LIVE_SECRET_KEYS:
        faults.at("kind").add(said("there are two live secret keys already; revoke one first"))
    if faults:
        raise Refused(faults)
    plain = PREFIXES[kind] + secrets.token_urlsafe(24)
    key = ApiKey.objects.create(
        workspace=workspace,
        kind=kind,
        prefix=plain[:9],
        hash=key_hash(plain),
        label=label,
        scopes=sorted(set(scopes)),
        plain=plain if kind == ApiKey.WRITE else "",
    )
    told: dict[str, Any] = {"kind": kind, "prefix": key.prefix}
    if scopes:
        told["scopes"] = key.scopes
    record(workspace, actor, "create_key", f"key:{key.pk}", told)
    return plain


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: str = COMMAND_LINE) -> bool:
    """End a key; it stops working everywhere within ``keys.TTL`` seconds. False where it was revoked before."""
    done = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    if done:
        record(key.workspace, actor, "revoke_key", f"key:{key.pk}", {"prefix": key.prefix})
    return bool(done)


@transaction.atomic
def set_key_sites(*, key: ApiKey, sites: Sequence[str], actor: str = COMMAND_LINE) -> bool:
    """Whose pages may send with a public key; none: every one's. Holds everywhere within ``keys.TTL`` seconds.

    sites: hosts such as shop.example; what lies below one belongs to it. False where it is that already. Raises Refused with every fault.
    """
    faults = Faults()
    if key.kind != ApiKey.WRITE:
        faults.at("sites").add(said("only public keys are bound to sites"))
    for number, site in enumerate(sites):
        if len(site) > LONGEST_SITE or not SITE.fullmatch(site):
            faults.at("sites", number).add(said("%(host)r is not a host such as shop.example", host=site[:100]))
    if len(sites) > MOST_SITES:
        faults.at("sites").add(said("has more than %(most)s hosts", most=MOST_SITES))
    if faults:
        raise Refused(faults)
    wanted = list(dict.fromkeys(sites))
    if key.sites == wanted:
        return False
    key.sites = wanted
    key.save(update_fields=["sites"])
    record(key.workspace, actor, "set_key_sites", f"key:{key.pk}", {"prefix": key.prefix, "sites": wanted})
    return True


def record(
    workspace: Workspace | None, actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None
) -> None:
    """Add an audit entry; belongs into the transaction of what it tells."""
    AuditEntry.objects.create(
        workspace=workspace, actor=actor, action=action, subject=subject, details=dict(details or {})
    )
