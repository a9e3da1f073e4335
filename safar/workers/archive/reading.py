"""A workspace read from its file into an empty Safar, in one transaction: all of it or nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql

from safar.events.seen import message_hash
from safar.journeys.engine.load import touch_plan
from safar.lib.faults import Fault, Refused
from safar.lib.sqlfile import load_sql
from safar.outbox.holds import hold
from safar.workers.archive import FORMAT
from safar.workers.archive.tables import SEQUENCES, TABLES, Kept, new_number
from safar.workers.archive.writing import RAW, columns_of

IMPORTED = "imported"  # reason of the hold: the other Safar may have sent what waits here
LATER = ("late_events", "team_addresses")  # settings that a new workspace gets after it is made

PREPARE = """
CREATE TEMPORARY TABLE archive_numbers (space text, old bigint, new bigint, PRIMARY KEY (space, old)) ON COMMIT DROP;
CREATE TEMPORARY TABLE archive_line (number bigint GENERATED ALWAYS AS IDENTITY, line json) ON COMMIT DROP
"""


def read_manifest(source: Path) -> dict[str, Any]:
    """The archive's manifest. Raises Refused for a file that is no archive of ours, or of a later format."""
    try:
        with zipfile.ZipFile(source) as packed:
            manifest = json.loads(packed.read("manifest.json"))
        if not isinstance(manifest, dict) or not isinstance(manifest.get("tables"), dict):
            raise ValueError("its manifest.json is another one")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Refused([Fault(str(source), f"this is no archive of a workspace ({error})")]) from None
    if manifest.get("format") != FORMAT:
        raise Refused([Fault(str(source), f"its format is {manifest.get('format')}; this version reads {FORMAT}")])
    return cast(dict[str, Any], manifest)


def read_archive(
    source: Path,
    manifest: Mapping[str, Any],
    *,
    slug: str | None = None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> tuple[str, dict[str, int]]:
    """Bring everything in as a new workspace; returns its slug and the rows a table. Sending is held for it.

    Raises Refused where the slug is taken, where rows with these numbers are here already, where lanes are cut
    differently, or where the file is not whole. Then nothing has changed.
    """
    from django.db import connection, transaction

    from safar.accounts.models import Workspace
    from safar.accounts.services import create_workspace

    settings = {name: value for name, value in manifest["workspace"].items() if name not in (*LATER, "id")}
    with transaction.atomic():
        workspace = create_workspace(**{**settings, "slug": slug or settings["slug"]})
        Workspace.objects.filter(pk=workspace.pk).update(**{name: manifest["workspace"][name] for name in LATER})
        # The services' own session: workspace and rows appear together.
        rows = _read_rows(connection.connection, source, manifest, workspace.pk, progress)
    return workspace.slug, rows


def _read_rows(
    conn: psycopg.Connection[Any],
    source: Path,
    manifest: Mapping[str, Any],
    workspace: int,
    progress: Callable[[int, int | None], None],
) -> dict[str, int]:
    lanes = [lane for (lane,) in conn.execute("SELECT lane FROM bucket_lane ORDER BY bucket").fetchall()]
    if lanes != manifest["lanes"]:
        raise Refused([Fault("bucket_lane", "this Safar has another map of lanes; make it alike before importing")])
    conn.execute(PREPARE)
    conn.execute(
        "INSERT INTO archive_numbers VALUES ('workspace', %s, %s), ('journey', 0, 0)",
        (manifest["workspace"]["id"], workspace),
    )
    rows = {}
    try:
        with zipfile.ZipFile(source) as packed:
            for number, kept in enumerate(TABLES):
                told = manifest["tables"].get(kept.table)
                if told is not None:
                    rows[kept.table] = _read_table(conn, kept, packed, told)
                progress(number + 1, len(TABLES))
    except psycopg.errors.UniqueViolation as error:
        mend = "rows with these numbers are here already; import into an empty Safar"
        raise Refused([Fault(str(source), f"{mend} ({error.diag.message_detail})")]) from None
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, psycopg.DataError, psycopg.IntegrityError) as error:
        raise Refused([Fault(str(source), f"the archive is damaged ({error})")]) from None
    _take_up(conn, workspace)
    return rows


def _read_table(conn: psycopg.Connection[Any], kept: Kept, packed: zipfile.ZipFile, told: Mapping[str, Any]) -> int:
    conn.execute("TRUNCATE archive_line")
    with packed.open(f"data/{kept.table}.jsonl") as lines, conn.cursor() as cursor:
        copying = sql.SQL("COPY archive_line (line) FROM STDIN {}").format(RAW)
        with cursor.copy(copying) as copy:
            shutil.copyfileobj(lines, copy, 1 << 16)
    if kept.owns:
        conn.execute(
            "INSERT INTO archive_numbers SELECT %s, (line ->> 'id')::bigint,"
            " nextval(pg_get_serial_sequence(%s, 'id')) FROM archive_line ORDER BY number",
            (kept.owns, kept.table),
        )
    columns = [name for name in columns_of(conn, kept.table) if name in set(told["columns"]) | set(kept.made)]
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values}"
        " FROM archive_line l CROSS JOIN LATERAL json_populate_record(NULL::{table}, l.line) r ORDER BY l.number"
    ).format(
        table=sql.Identifier(kept.table),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(_value(kept, name) for name in columns),
    )
    count = conn.execute(statement).rowcount
    if count != told["rows"]:
        raise Refused([Fault(f"data/{kept.table}.jsonl", f"holds {count} rows and should hold {told['rows']}")])
    return count


def _value(kept: Kept, column: str) -> sql.Composable:
    if column in kept.made:
        return sql.SQL(kept.made[column])
    if column in kept.spaces:
        return sql.SQL(new_number(kept.spaces[column], f"r.{column}"))
    return sql.Identifier("r", column)


def _take_up(conn: psycopg.Connection[Any], workspace: int) -> None:
    """What was not kept is made anew: sequences, lanes' clocks, timers, messages seen; and the hold."""
    for sequence, highest in SEQUENCES.items():
        conn.execute(
            sql.SQL("SELECT setval({}, greatest((SELECT last_value FROM {}), ({})))").format(
                sequence, sql.Identifier(sequence), sql.SQL(highest)
            )
        )
    for name in ("clocks", "timers"):
        conn.execute(load_sql("safar.workers.archive", name), {"workspace": workspace})
    conn.execute(load_sql("safar.contacts", "search_fill"), {"workspace": workspace})
    _remember(conn, workspace)
    hold(conn, workspace_id=workspace, reason=IMPORTED)
    touch_plan(conn)


def _remember(conn: psycopg.Connection[Any], workspace: int) -> None:
    """A client that sends an old message again is answered as before. Under today: older days have no partition."""
    with conn.cursor("archive_seen") as known, conn.cursor() as writing:
        known.execute(load_sql("safar.workers.archive", "seen"), {"workspace": workspace})
        while rows := known.fetchmany(10_000):
            hashes = sorted({message_hash(workspace, message_id) for (message_id,) in rows})
            writing.execute(
                "INSERT INTO seen (day, hash) SELECT current_date, h FROM unnest(%s::uuid[]) h ON CONFLICT DO NOTHING",
                (hashes,),
            )
