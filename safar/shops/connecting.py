"""Shops of a workspace: connected, changed, looked up by the token in their address, taken away."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.fields import check_fields
from safar.channels.services.sealing import seal, unseal
from safar.lib.faults import Faults, Refused, said
from safar.shops.saying import Here
from safar.shops.system import System, systems

MOST = 10  # shops of one workspace
_COLUMNS = (
    "s.id, s.workspace_id, s.system, s.name, s.prefix, s.token, s.settings::text, s.sealed, s.connected_at, s.gone_at,"
    " w.currency FROM shop s JOIN accounts_workspace w ON w.id = s.workspace_id"
)
_READ = f"SELECT {_COLUMNS} WHERE s.workspace_id = %s AND (s.removed_at IS NULL OR %s) ORDER BY s.id"
_FIND = f"SELECT {_COLUMNS} WHERE s.token = %s AND s.removed_at IS NULL"
_PUT = """
INSERT INTO shop (workspace_id, system, name, prefix, token, settings, sealed) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
_AGAIN = """
UPDATE shop SET token = %s, settings = %s, sealed = %s, connected_at = now(), gone_at = NULL, removed_at = NULL WHERE id = %s AND workspace_id = %s
"""
_REMOVE = """
UPDATE shop SET sealed = NULL, removed_at = now(), fetching = false WHERE id = %s AND workspace_id = %s AND removed_at IS NULL
"""
_CHANGE = "UPDATE shop SET settings = %s, sealed = %s, gone_at = NULL WHERE id = %s AND workspace_id = %s"


@dataclass(frozen=True, slots=True)
class Shop:
    """A connected shop. settings: those that are no secret. kept: names of the secret ones that there are."""

    id: int
    workspace_id: int
    system: str
    name: str
    prefix: str
    token: str
    settings: Mapping[str, str]
    sealed: bytes | None
    connected_at: datetime
    gone_at: datetime | None
    currency: str = ""

    @property
    def kind(self) -> System:
        return systems()[self.system]

    @property
    def kept(self) -> frozenset[str]:
        return frozenset(one.name for one in self.kind.fields if one.secret) if self.sealed else frozenset()

    @property
    def here(self) -> Here:
        site = self.kind.site(self.settings)
        return Here(
            self.id, self.workspace_id, self.name, self.prefix, site, self.settings.get("currency") or self.currency
        )

    def address(self, public_url: str) -> str:
        """Where its deliveries come. public_url: of this installation, without a slash at its end."""
        return f"{public_url}/shops/{self.token}"

    def opened(self, keys: Sequence[str]) -> dict[str, str]:
        """All settings, the secret ones in clear. Raises ValueError where they cannot be unsealed."""
        return {**self.settings, **(unseal(self.sealed, keys) if self.sealed else {})}


def read_shops(conn: Connection[Any], workspace_id: int, *, removed: bool = False) -> list[Shop]:
    """In the order in which they were connected. removed: those as well that were taken away."""
    return [_shop(row) for row in conn.execute(_READ, (workspace_id, removed)).fetchall()]


def read_shop(conn: Connection[Any], workspace_id: int, shop: int) -> Shop | None:
    return next((one for one in read_shops(conn, workspace_id) if one.id == shop), None)


def find_shop(conn: Connection[Any], token: str) -> Shop | None:
    """The shop whose deliveries come with this token."""
    row = conn.execute(_FIND, (token,)).fetchone()
    return None if row is None else _shop(row)


def connect_shop(
    conn: Connection[Any], *, workspace_id: int, system: str, given: Mapping[str, str], keys: Sequence[str]
) -> Shop:
    """A new shop, or the one of the same site that was taken away: what it said before is not said again.

    keys: the installation's secret keys, the present one first. Raises Refused with every fault.
    """
    kind = systems().get(system)
    faults = Faults()
    if kind is None:
        faults.at("system").add(said("there is no shop system '%(name)s'", name=system))
        raise Refused(faults)
    whole = _check(kind, given, faults)
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('shop'), %s)", (workspace_id,))
        known = read_shops(conn, workspace_id, removed=True)
        shops = read_shops(conn, workspace_id)
        same = [shop for shop in known if shop.system == system and not faults and kind.site(whole) == shop.here.site]
        if any(shop in shops for shop in same):
            faults.add(said("this shop is connected already"))
        if len(known) >= MOST and not same:
            faults.add(said("has %(number)s shops, and that is the limit", number=MOST))
        if faults:
            raise Refused(faults)
        names = {shop.name for shop in known}
        name = next(one for n in range(1, MOST + 2) if (one := system if n == 1 else f"{system}-{n}") not in names)
        token, (settings, sealed) = secrets.token_urlsafe(24), _parted(kind, whole, keys)
        if same:
            number = same[0].id
            conn.execute(_AGAIN, (token, settings, sealed, number, workspace_id))
        else:
            prefix = f"{name}:" if known else ""
            row = conn.execute(_PUT, (workspace_id, system, name, prefix, token, settings, sealed)).fetchone()
            assert row is not None
            number = row[0]
        shop = read_shop(conn, workspace_id, number)
    assert shop is not None
    return shop


def change_shop(conn: Connection[Any], *, shop: Shop, given: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    """Other settings; a secret one that is left empty stays. Names of what changed. Raises Refused with every fault."""
    faults = Faults()
    try:
        was = shop.opened(keys)
    except ValueError:  # sealed under a key that is no more: they have to be entered again
        was = dict(shop.settings)
    secret = {one.name for one in shop.kind.fields if one.secret}
    whole = _check(
        shop.kind, {**given, **{name: was[name] for name in secret if not given.get(name) and was.get(name)}}, faults
    )
    if faults:
        raise Refused(faults)
    changed = [name for name, value in whole.items() if was.get(name, "") != value]
    if changed or shop.gone_at:
        conn.execute(_CHANGE, (*_parted(shop.kind, whole, keys), shop.id, shop.workspace_id))
    return changed


def disconnect_shop(conn: Connection[Any], *, workspace_id: int, shop: int) -> bool:
    """The address takes nothing any more and its secrets are gone; contacts and what they did stay. False where it was not there."""
    return conn.execute(_REMOVE, (shop, workspace_id)).rowcount == 1


def _check(kind: System, given: Mapping[str, str], faults: Faults) -> dict[str, str]:
    whole = check_fields(kind.fields, given, faults)
    if not faults:
        kind.check(whole, faults)
    return whole


def _parted(kind: System, whole: Mapping[str, str], keys: Sequence[str]) -> tuple[str, bytes]:
    secret = {one.name for one in kind.fields if one.secret}
    settings = {name: value for name, value in whole.items() if name not in secret}
    return json.dumps(settings), seal({name: whole[name] for name in sorted(secret)}, keys)


def _shop(row: Sequence[Any]) -> Shop:
    number, workspace, system, name, prefix, token, settings, sealed, connected_at, gone_at, currency = row
    opened = json.loads(settings)
    kept = None if sealed is None else bytes(sealed)
    return Shop(number, workspace, system, name, prefix, token, opened, kept, connected_at, gone_at, currency)
