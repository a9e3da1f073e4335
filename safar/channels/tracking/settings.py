"""What of a workspace's messages is tracked, by which addresses, and which UTM parameters go along: the row of `tracking`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from psycopg import Connection
from psycopg.rows import class_row

from safar.channels.settings import Sending
from safar.lib.faults import Faults, Refused, said
from safar.lib.utm import NAMES, check_utm

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(
    rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])"
)  # a name, with its top-level domain; no address of a machine
LONGEST_HOST = 253
MOST_SITES = 50
LONGEST_SHORT = 25  # letters that a short link should have at most


@dataclass(frozen=True)
class Tracking:
    """host, short_host: names of our own, empty for the installation's. sites: hosts of the workspace's own."""

    host: str = ""
    short_host: str = ""
    opens: bool = True
    clicks: bool = True
    utm: bool = False
    utm_source: str = "safar"
    utm_medium: str = "{channel}"
    utm_campaign: str = "{journey}"
    sites: tuple[str, ...] = ()

    @property
    def utm_values(self) -> Mapping[str, str]:
        """Empty where none go along."""
        return {name: getattr(self, name) for name in NAMES} if self.utm else {}

    def of_message(self, own: Mapping[str, Any]) -> Tracking:
        """As a message has it. own: what it says itself (``content.switches``); the rest is the workspace's."""
        utm = own.get("utm")
        values = {name: utm.get(name) or getattr(self, name) for name in NAMES} if isinstance(utm, Mapping) else {}
        return replace(
            self,
            opens=own.get("opens", self.opens),
            clicks=own.get("clicks", self.clicks),
            utm=self.utm if utm is None else utm is not False,
            **values,
        )

    def base(self, sending: Sending) -> str:
        """What every tracked address begins with, without a slash at the end."""
        return f"{sending.public_url.partition('://')[0]}://{self.host}" if self.host else sending.public_url

    def short_base(self, sending: Sending) -> str:
        """What every short link begins with, with its slash."""
        host = self.short_host or sending.short_host
        if host:
            return f"{sending.public_url.partition('://')[0]}://{host}/"
        return f"{sending.public_url}/s/"


_READ = """
    SELECT host, short_host, opens, clicks, utm, utm_source, utm_medium, utm_campaign, sites
      FROM tracking WHERE workspace_id = %s"""
_OWN = "SELECT key, tracking::text FROM content_template WHERE workspace_id = %s AND key = ANY (%s)"


def read_tracking(conn: Connection[Any], workspace_id: int) -> Tracking:
    """As it is set; opens and clicks where nobody has said anything."""
    with conn.cursor(row_factory=class_row(Tracking)) as cursor:
        found = cursor.execute(_READ, (workspace_id,)).fetchone()
    return replace(found, sites=tuple(found.sites)) if found else Tracking()


def tracking_of(conn: Connection[Any], workspace_id: int, templates: Iterable[str]) -> dict[str, Tracking]:
    """By key, as each of these messages has it; where there is no such message, as the workspace has it."""
    keys = sorted(set(templates))
    if not keys:
        return {}
    ours = read_tracking(conn, workspace_id)
    own = dict(conn.execute(_OWN, (workspace_id, keys)).fetchall())
    return {key: ours.of_message(json.loads(own.get(key, "{}"))) for key in keys}


def set_tracking(conn: Connection[Any], workspace_id: int, given: Tracking, *, sending: Sending) -> bool:
    """Keep it. False where it is that already. Raises Refused with every fault."""
    faults = Faults()
    public = urlsplit(sending.public_url).hostname or ""
    for name in ("host", "short_host"):
        host = getattr(given, name)
        if host and (fault := host_fault(host, public)):
            faults.at(name).add(fault)
    for number, site in enumerate(given.sites):
        if not is_host(site):
            faults.at("sites", number).add(said("%(host)r is not a host such as shop.example", host=site[:100]))
    if len(given.sites) > MOST_SITES:
        faults.at("sites").add(said("has more than %(most)s hosts", most=MOST_SITES))
    if given.utm and not given.sites:
        faults.at("sites").add(said("names no site, and UTM parameters go on links to your own sites only"))
    for name in NAMES:
        check_utm(getattr(given, name), faults.at(name))
    if faults:
        raise Refused(faults)
    if read_tracking(conn, workspace_id) == given:
        return False
    values = (given.host, given.short_host, given.opens, given.clicks, given.utm, given.utm_source, given.utm_medium)
    conn.execute(
        "INSERT INTO tracking (workspace_id, host, short_host, opens, clicks, utm, utm_source, utm_medium, utm_campaign, sites)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id) DO UPDATE SET host = EXCLUDED.host,"
        " short_host = EXCLUDED.short_host, opens = EXCLUDED.opens, clicks = EXCLUDED.clicks, utm = EXCLUDED.utm,"
        " utm_source = EXCLUDED.utm_source, utm_medium = EXCLUDED.utm_medium, utm_campaign = EXCLUDED.utm_campaign,"
        " sites = EXCLUDED.sites",
        (workspace_id, *values, given.utm_campaign, list(given.sites)),
    )
    return True


def is_host(text: str) -> bool:
    """A name with its top-level domain, in small letters, as it goes over the wire."""
    return len(text) <= LONGEST_HOST and _HOST.fullmatch(text) is not None


def host_fault(host: str, public: str) -> str:
    """Why messages cannot carry it; empty where they can. public: the installation's own host, which needs no saying."""
    if not is_host(host):
        return said(
            "%(host)r is not a host such as links.shop.example: without https:// and without a path", host=host[:100]
        )
    if host == public:
        return said("is the address of this installation: leave it empty")
    return ""
