"""A workspace written into one file, as it is at one moment, while everything runs."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from safar.journeys.definition.dump import dump_yaml
from safar.workers.archive import FORMAT
from safar.workers.archive.tables import TABLES, Kept

# A line of JSON holds neither of these, so CSV leaves it untouched; COPY's text form would double backslashes.
RAW = sql.SQL("(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02', ENCODING 'UTF8')")
README = """A workspace of Safar, written on {made_at} by version {safar}.

workspace.yaml     its settings
journeys/*.yaml    its journeys as text; `safar journey apply` reads them
data/*.jsonl       every table, one row a line, by column name
manifest.json      what is here, with the number of rows

`safar workspace import FILE` brings it into an empty Safar. The format is described in docs/archive.md.
"""


def write_archive(
    conn: psycopg.Connection[Any],
    workspace: int,
    settings: Mapping[str, Any],
    target: Path,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Write the workspace with this id; returns the manifest. settings: of the workspace, as they are to be made again.

    One snapshot, so that the books in the file close. The file appears whole or not at all. Keys are not in it.
    """
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "safar": version("safar"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "workspace": {**settings, "id": workspace},
        "tables": {},
    }
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed,
            conn.transaction(),
        ):
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            manifest["lanes"] = _lanes(conn)
            for number, kept in enumerate(TABLES):
                manifest["tables"][kept.table] = _write_table(conn, workspace, kept, packed)
                progress(number + 1, len(TABLES))
            for key, text in _journeys(conn, workspace):
                packed.writestr(f"journeys/{key}.yaml", text)
            packed.writestr("workspace.yaml", dump_yaml(dict(settings)))
            packed.writestr("README.txt", README.format(**manifest))
            packed.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write_table(conn: psycopg.Connection[Any], workspace: int, kept: Kept, packed: zipfile.ZipFile) -> dict[str, Any]:
    """One member of the archive. Returns its columns and the number of its rows."""
    columns = [name for name in columns_of(conn, kept.table) if name not in kept.left_out]
    query = sql.SQL("COPY (SELECT row_to_json(r) FROM (SELECT {} FROM {} t WHERE {}) r) TO STDOUT {}").format(
        sql.SQL(", ").join(sql.Identifier("t", name) for name in columns),
        sql.Identifier(kept.table),
        sql.SQL(kept.which.replace("%(workspace)s", str(int(workspace)))),  # COPY takes no parameters
        RAW,
    )
    rows = 0
    with (
        packed.open(f"data/{kept.table}.jsonl", "w", force_zip64=True) as out,
        conn.cursor() as cursor,
        cursor.copy(query) as copy,
    ):
        for block in copy:
            rows += bytes(block).count(b"\n")
            out.write(block)
    return {"columns": columns, "rows": rows}


def columns_of(conn: psycopg.Connection[Any], table: str) -> list[str]:
    """Columns that can be written: without those the database makes."""
    rows = conn.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        (table,),
    ).fetchall()
    return [name for (name,) in rows]


def _lanes(conn: psycopg.Connection[Any]) -> list[int]:
    return [lane for (lane,) in conn.execute("SELECT lane FROM bucket_lane ORDER BY bucket").fetchall()]


def _journeys(conn: psycopg.Connection[Any], workspace: int) -> list[tuple[str, str]]:
    rows = conn.execute("SELECT key, draft FROM journeys_journey WHERE workspace_id = %s", (workspace,)).fetchall()
    return [(key, dump_yaml(json.loads(draft) if isinstance(draft, str) else draft)) for key, draft in rows if draft]
