"""A workspace's own services: by which account, of which provider, its messages of a channel leave the house.

What is secret of a service is sealed (``sealing``) and only goes in: it is never read back into a page, a log or an export.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.fields import check_fields
from safar.channels.provider import Own, Provider, account_of, providers
from safar.channels.services.circuits import forget_circuit
from safar.channels.services.sealing import seal, unseal
from safar.lib.faults import Faults, Refused, said
from safar.outbox.rows import CHANNEL

# Text, because Django's connections read jsonb as text and ours as values.
_COLUMNS = "workspace_id, channel, provider, settings::text, sealed, version::text"
# Of messages that the account before had taken: nobody can be asked about them any more.
_FORGET_WAITS = "DELETE FROM report_wait WHERE workspace_id = %s AND channel = %s"
_READ = f"SELECT {_COLUMNS} FROM service WHERE workspace_id = %s"
_PUT = """
    INSERT INTO service (workspace_id, channel, provider, settings, sealed) VALUES (%(workspace)s, %(channel)s, %(provider)s, %(settings)s, %(sealed)s)
    ON CONFLICT (workspace_id, channel) DO UPDATE SET provider = EXCLUDED.provider, settings = EXCLUDED.settings, sealed = EXCLUDED.sealed,
        version = EXCLUDED.version, changed_at = EXCLUDED.changed_at"""


@dataclass(frozen=True, slots=True)
class Service:
    """As a page may see it. kept: names of the secret settings that there are."""

    channel: str
    provider: str
    settings: Mapping[str, str]
    kept: frozenset[str] = field(default_factory=frozenset)
    changed_at: datetime | None = None


def read_owns(conn: Connection[Any], workspace_id: int) -> dict[str, Own]:
    """By channel, sealed: for whoever sends."""
    return {row[1]: _own(row) for row in conn.execute(_READ, (workspace_id,)).fetchall()}


def read_services(conn: Connection[Any], workspace_id: int) -> dict[str, Service]:
    """By channel, without anything secret."""
    rows = conn.execute(
        "SELECT channel, provider, settings::text, changed_at, sealed IS NOT NULL FROM service WHERE workspace_id = %s",
        (workspace_id,),
    ).fetchall()
    found = {}
    for channel, provider, settings, changed_at, sealed in rows:
        kind = providers().get(provider)
        secret = frozenset(one.name for one in kind.fields if one.secret) if kind and sealed else frozenset()
        found[channel] = Service(channel, provider, json.loads(settings), secret, changed_at)
    return found


def service_of(conn: Connection[Any], workspace_id: int, channel: str) -> Provider | None:
    """The provider of the workspace's own account, as this account has it; None where it has none."""
    own = read_owns(conn, workspace_id).get(channel)
    kind = providers().get(own.provider) if own else None
    return kind.of(own.settings) if own and kind else None


def set_service(
    conn: Connection[Any],
    *,
    workspace_id: int,
    channel: str,
    provider: str,
    given: Mapping[str, str],
    keys: Sequence[str],
    kinds: Mapping[str, Provider] | None = None,
) -> list[str]:
    """Keep the account by which a workspace sends. Returns the names of what changed; empty where it is that already.

    A secret setting that is left empty stays as it was while the provider stays. keys: the installation's secret keys, the
    present one first. What stood in the way of the old account (its circuit) is forgotten: the next message tries the new one.
    Raises Refused with every fault.
    """
    kind = (providers() if kinds is None else kinds).get(provider)
    if kind is None or channel not in kind.channels or not kind.fields:
        faults = Faults()
        faults.at("provider").add(
            said("there is no service '%(name)s' for %(channel)s", name=provider, channel=channel)
        )
        raise Refused(faults)
    demo = conn.execute("SELECT demo FROM accounts_workspace WHERE id = %s", (workspace_id,)).fetchone()
    if demo and demo[0]:
        faults = Faults()
        faults.add(said("a demo sends nothing to anybody; make a workspace of your own"))
        raise Refused(faults)
    before = read_owns(conn, workspace_id).get(channel)
    same = before is not None and before.provider == provider
    was = _opened(before, keys) if before and same else {}
    secret = {one.name for one in kind.fields if one.secret}
    whole = {**given, **{name: was[name] for name in secret if not given.get(name) and was.get(name)}}
    faults = Faults()
    settings = check_fields(kind.fields, whole, faults)
    if not faults:
        kind.check(settings, faults)
    if faults:
        raise Refused(faults)
    changed = [name for name, value in settings.items() if not same or was.get(name, "") != value]
    if same and not changed:
        return []
    sealed = {name: settings.pop(name) for name in sorted(secret)}
    with conn.transaction():
        if before:
            forget_circuit(conn, provider=account_of(before.provider, before), workspace_id=workspace_id)
        if not same:
            conn.execute(_FORGET_WAITS, (workspace_id, channel))
        conn.execute(
            _PUT,
            {
                "workspace": workspace_id,
                "channel": channel,
                "provider": provider,
                "settings": json.dumps(settings),
                "sealed": seal(sealed, keys),
            },
        )
        conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return changed if same else ["provider", *changed]


def remove_service(conn: Connection[Any], *, workspace_id: int, channel: str) -> bool:
    """Messages of the channel stay in the mailbox (or go by the installation's) from the next claim on. False where there was none."""
    with conn.transaction():
        row = conn.execute(
            f"DELETE FROM service WHERE workspace_id = %s AND channel = %s RETURNING {_COLUMNS}",
            (workspace_id, channel),
        ).fetchone()
        if row is None:
            return False
        own = _own(row)
        forget_circuit(conn, provider=account_of(own.provider, own), workspace_id=workspace_id)
        conn.execute(_FORGET_WAITS, (workspace_id, channel))
        conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return True


def opened(own: Own, keys: Sequence[str]) -> dict[str, str]:
    """All settings of an account, the secret ones in clear. Raises ValueError where they cannot be unsealed."""
    return {**own.settings, **(unseal(own.sealed, keys) if own.sealed else {})}


def _own(row: tuple[Any, ...]) -> Own:
    workspace_id, channel, provider, settings, sealed, version = row
    return Own(workspace_id, channel, provider, json.loads(settings), sealed, version)


def _opened(own: Own, keys: Sequence[str]) -> dict[str, str]:
    """What cannot be unsealed any more counts as missing: it has to be entered again."""
    try:
        return opened(own, keys)
    except ValueError:
        return dict(own.settings)
