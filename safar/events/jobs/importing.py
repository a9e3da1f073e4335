"""The job `import_contacts`: the uploaded file, read as somebody chose, into the inbox."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection

from safar.events.imports.columns import LIST_STATUS, Column, suggest
from safar.events.imports.contacts_csv import Choices, import_contacts, preview_contacts, read_columns_of
from safar.events.imports.report import ImportReport, Refusal
from safar.events.imports.running import Row
from safar.events.imports.sheets import AUDIENCE, STATUS_HEADER, Section, Sheet, as_csv
from safar.events.jobs.queue import Claimed, renew, write_file

KIND = "import_contacts"
LOOKED_AT = 20  # rows of a preview
MOST = 256 << 20  # bytes of a file


@dataclass
class House:
    """A workspace as far as an import has to know it."""

    id: int


@dataclass(frozen=True)
class Look:
    """What a file looks like before it is imported: its header, what each column is taken for, the first rows as they would be read."""

    form: str
    header: list[str]
    columns: list[Column]
    rows: list[tuple[list[str], Row]]


def look(conn: Connection[Any], job: int, said: Sequence[Mapping[str, Any]] | None, *, set_aside: bool) -> Look:
    """The first rows of an uploaded file. said: columns as chosen; None: as they are guessed. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="safar-look-") as name:
        folder = Path(name)
        write_file(conn, job, folder / "file")
        sheet = as_csv(folder / "file", folder, rows=LOOKED_AT)
        header = read_columns_of(sheet.path)
        columns = read_said(said) if said is not None else guess(header, sheet.form)
        rows = preview_contacts(sheet.path, Choices(columns, "", set_aside), LOOKED_AT)[1]
    return Look(sheet.form, header, columns, rows)


def guess(header: Sequence[str], form: str) -> list[Column]:
    """What the columns are taken for until somebody says otherwise."""
    columns = suggest(header)
    if form == AUDIENCE and header and header[0] == STATUS_HEADER:
        columns[0] = Column(LIST_STATUS, "email")
    return columns


def read_said(said: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Columns as a job keeps them."""
    return [Column(str(one["kind"]), str(one["name"]), bool(one.get("code")), bool(one.get("date"))) for one in said]


def run(conn: Connection[Any], job: Claimed) -> dict[str, Any]:
    """Import it; gives the figures for whoever looks. Goes on where an earlier process stopped. Raises Refused, Lost."""
    with tempfile.TemporaryDirectory(prefix="safar-import-") as name:
        folder = Path(name)
        write_file(conn, job.id, folder / "file")
        sheet = as_csv(folder / "file", folder)
        report = ImportReport()

        def progress(done: int, total: int | None) -> None:
            renew(conn, job, done=done, total=total, told={})

        choices = Choices(read_said(job.asked["columns"]), str(job.asked["file"]), bool(job.asked.get("set_aside")))
        progress(0, sheet.path.stat().st_size)
        report = import_contacts(conn, House(job.workspace_id), sheet.path, progress=progress, choices=choices)
    return told(report, sheet)


def told(report: ImportReport, sheet: Sheet) -> dict[str, Any]:
    """The report as a job keeps it."""
    figures = {name: getattr(report, name) for name in ("accepted", "repeated", "refused", "already")}
    refusals = [_placed(refusal, sheet.sections) for refusal in report.refusals]
    return {**figures, "refusals": refusals}


def _placed(refusal: Refusal, sections: Sequence[Section]) -> dict[str, Any]:
    """The line in the list that it stands in, where the file is made of several; there the header is line 1."""
    inside = [section for section in sections if section.line <= refusal.line]
    line = refusal.line - inside[-1].line + 2 if inside else refusal.line
    where = {"list": inside[-1].name} if inside else {}
    return {"line": line, "place": refusal.place, "message": refusal.message, **where}
