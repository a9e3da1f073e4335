"""Changing a workspace's settings. Calendar and currency stay: what is kept was computed by them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from safar.accounts.models import Workspace
from safar.accounts.services import COMMAND_LINE, CURRENCY, record
from safar.accounts.weeks import DAYS, MOST_WEEKEND, STARTS, is_weekend
from safar.lib.faults import Faults, Refused, did_you_mean, said

MODES = ("mailbox", "team", "live")
CHANGEABLE = (
    "name", "zone", "language", "currency_unit", "week_start", "weekend", "late_events", "send_mode", "team_addresses", "stopped",
)  # fmt: skip


@transaction.atomic
def update_workspace(*, workspace: Workspace, actor: str = COMMAND_LINE, **changes: Any) -> list[str]:
    """Change settings by name (CHANGEABLE); returns the names of those that are others now. Raises Refused with every fault.

    Engines read zone and late_events once: whoever changes them tells the engines (``touch_plan``).
    """
    faults = Faults()
    for name, value in changes.items():
        _check(name, value, faults.at(name))
    if faults:
        raise Refused(faults)
    locked = Workspace.objects.select_for_update().get(pk=workspace.pk)
    changed = [name for name, value in changes.items() if getattr(locked, name) != value]
    if changed:
        for name in changed:
            setattr(locked, name, changes[name])
        locked.save(update_fields=changed)
        told = {name: changes[name] for name in changed}
        record(locked, actor, "update_workspace", f"workspace:{locked.pk}", told)
    return changed


def _check(name: str, value: Any, faults: Faults) -> None:
    if name not in CHANGEABLE:
        faults.add(said("cannot be changed%(hint)s", hint=did_you_mean(name, CHANGEABLE)))
    elif name == "name" and (not value.strip() or len(value) > 200 or "\0" in value):
        faults.add(said("has to be 1 to 200 characters"))
    elif name == "zone":
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):  # what zoneinfo raises for no such name, a path, a folder
            faults.add(said("%(value)r is not a zone's name such as Asia/Tehran", value=value))
    elif name == "language" and value not in ("en", "fa"):
        faults.add(said("%(value)r is none of en, fa", value=value))
    elif name == "currency_unit" and not CURRENCY.fullmatch(value):
        faults.add(said("%(value)r is not a currency code such as IRR", value=value))
    elif name == "week_start" and value not in STARTS:
        faults.add(said("%(value)r is none of %(known)s", value=value, known=", ".join(STARTS)))
    elif name == "weekend" and not is_weekend(value):
        faults.add(
            said("has to be up to %(most_weekend)s of %(known)s", most_weekend=MOST_WEEKEND, known=", ".join(DAYS))
        )
    elif name == "late_events" and not 0 <= value <= 30 * 86_400:
        faults.add(said("has to be seconds, up to 30 days"))
    elif name == "send_mode" and value not in MODES:
        faults.add(
            said(
                "%(value)r is none of %(known)s%(hint)s",
                value=value,
                known=", ".join(MODES),
                hint=did_you_mean(value, MODES),
            )
        )
    elif name == "team_addresses" and any(address.count("@") != 1 for address in value):
        faults.add(said("has to be e-mail addresses"))
