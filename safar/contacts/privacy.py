"""How a workspace deals with what it knows of people: how long it is kept, whether consent is confirmed, the colour of pages that contacts see."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

import psycopg
from psycopg.rows import class_row

from safar.lib.faults import Faults, Refused, said

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
MOST = {
    "events_months": 600,
    "contents_days": 18_000,
    "unseen_months": 600,
    "refusals_days": 18_000,
    "exports_days": 18_000,
}


@dataclass(frozen=True, slots=True)
class Privacy:
    """accent: #rrggbb. double_opt_in: a consent said to be pending is asked for by a message. The rest: how long something is kept;
    None: for good."""

    accent: str = "#1f5f4a"
    double_opt_in: bool = False
    events_months: int | None = None
    contents_days: int | None = 365
    unseen_months: int | None = None
    refusals_days: int | None = None
    exports_days: int | None = 30


_NAMES = tuple(field.name for field in fields(Privacy))
_READ = f"SELECT {', '.join(_NAMES)} FROM privacy WHERE workspace_id = %s"
_SET = (
    f"INSERT INTO privacy (workspace_id, {', '.join(_NAMES)}) VALUES (%(workspace)s, {', '.join(f'%({name})s' for name in _NAMES)})"
    f" ON CONFLICT (workspace_id) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in _NAMES)}"
)


def read_privacy(conn: psycopg.Connection[Any], workspace_id: int) -> Privacy:
    """The defaults where nobody chose."""
    with conn.cursor(row_factory=class_row(Privacy)) as cursor:
        return cursor.execute(_READ.encode(), (workspace_id,)).fetchone() or Privacy()


def set_privacy(conn: psycopg.Connection[Any], workspace_id: int, privacy: Privacy) -> bool:
    """Keep it. False where it is that already. Raises Refused with every fault."""
    faults = Faults()
    if not COLOUR.fullmatch(privacy.accent):
        faults.at("accent").add(said("has to be a colour such as #1f5f4a"))
    for name, most in MOST.items():
        value = getattr(privacy, name)
        if value is not None and not 0 < value <= most:
            faults.at(name).add(said("has to be 1 to %(most)s, or empty", most=most))
    if faults:
        raise Refused(faults)
    if read_privacy(conn, workspace_id) == privacy:
        return False
    conn.execute(_SET.encode(), {**asdict(privacy), "workspace": workspace_id})
    return True
