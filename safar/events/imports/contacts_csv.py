"""Contacts from a CSV file: each row becomes an edit of its contact, and goes in by the inbox like everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from psycopg import Connection

from safar.contacts.names import MAX_ID, Names, fold_email, fold_phone
from safar.contacts.suppressing import suppress
from safar.contacts.topics import CHANNEL_PREFIX
from safar.events.imports import cells
from safar.events.imports.columns import (
    CONSENT,
    EMAIL,
    ID,
    LIST_STATUS,
    PHONE,
    REFUSED,
    SKIP,
    STATUS,
    TAGS,
    TOPIC,
    Column,
    check_columns,
    read_header,
)
from safar.events.imports.files import open_text, survey
from safar.events.imports.progress import Progress
from safar.events.imports.records import Lines, read_records, sniff_delimiter
from safar.events.imports.report import ImportReport, Refusal
from safar.events.imports.running import Report, Row, run
from safar.events.message import MAX_PROPERTIES, Accepted, check_size
from safar.events.names import EDIT, HISTORY_NAMES
from safar.events.reading import check_value
from safar.lib.faults import Fault, Faults, Refused, said, told
from safar.lib.text import fold_digits

BATCH = 2_000


class Workspace(Protocol):
    """What an import has to know of a workspace."""

    id: int


@dataclass(frozen=True)
class Choices:
    """What somebody has chosen for a file. columns: None, as the header is understood. name: the file's, for the history.

    set_aside: rows with a placeholder address (test@, noreply@, example.com) are refused.
    """

    columns: Sequence[Column] | None = None
    name: str = ""
    set_aside: bool = False


def import_contacts(
    conn: Connection[Any],
    workspace: Workspace,
    path: Path,
    *,
    progress: Report,
    batch: int = BATCH,
    choices: Choices = Choices(),
) -> ImportReport:
    """Import a file; one that was cut off goes on where it stopped. progress: called with (bytes done, bytes in all).

    A row is an `edit`: traits, tags that are added, consents. Suppressions stay; a mailing list's statuses add some. Bad
    rows are left out and listed. The same file with other columns is another import. Raises Refused where the file cannot
    be read or its header says nobody, TakenOver.
    """
    found = survey(path)
    key = import_key(found.sha256, choices)
    kept = Progress(conn, workspace.id, "contacts", key)
    with open_text(path, found.encoding) as (text, file):
        lines = Lines(text)
        header, delimiter = _header(lines)
        columns, kept.report.notes = _columns(header, choices)
        kept.report.columns = {cell: f"{c.kind} {c.name}" for cell, c in zip(header, columns, strict=True)}
        if not kept.report.already:
            source = {"file": choices.name or path.name, "sha256": key.hex()}
            rows = _rows(lines, delimiter, columns, source, kept.line, set_aside=choices.set_aside)
            run(
                conn,
                workspace.id,
                kept,
                rows,
                batch=batch,
                tell=lambda: progress(file.tell(), found.size),
                besides=partial(_suppress, workspace.id),
            )
    return kept.report


def preview_contacts(path: Path, choices: Choices, n: int = 10) -> tuple[list[str], list[tuple[list[str], Row]]]:
    """The header, and the first n rows: their cells (none where the row is no row), and what would become of them.

    Writes nothing. Raises Refused as `import_contacts` does.
    """
    found = survey(path)
    with open_text(path, found.encoding) as (text, _):
        lines = Lines(text)
        header, delimiter = _header(lines)
        columns, _notes = _columns(header, choices)
        rows: list[tuple[list[str], Row]] = []
        source, now = {"file": path.name, "sha256": ""}, datetime.now(UTC)
        for record in islice(read_records(lines, delimiter), n):
            if isinstance(record, Refusal):
                rows.append(([], (record.line, record)))
            else:
                line, cells = record
                rows.append((cells, (line, _row(line, cells, columns, source, now, choices.set_aside))))
    return header, rows


def read_columns_of(path: Path) -> list[str]:
    """The cells of a file's header. Raises Refused."""
    found = survey(path)
    with open_text(path, found.encoding) as (text, _):
        return _header(Lines(text))[0]


def import_key(sha256: bytes, choices: Choices) -> bytes:
    """What an import is known by: the file, and the columns where somebody has chosen them."""
    if choices.columns is None:
        return sha256
    said = json.dumps([[c.kind, c.name] for c in choices.columns] + [choices.set_aside], ensure_ascii=False)
    return hashlib.sha256(sha256 + said.encode()).digest()


def _columns(header: Sequence[str], choices: Choices) -> tuple[Sequence[Column], list[str]]:
    if choices.columns is None:
        return read_header(header)
    check_columns(choices.columns, len(header))
    return choices.columns, []


def _suppress(workspace_id: int, conn: Connection[Any], messages: Sequence[Accepted]) -> None:
    rows = [
        ("email", message.names.email, reason)
        for message in messages
        if message.names.email and (reason := (message.context or {})["import"].get("suppress"))
    ]
    if rows:
        suppress(conn, workspace_id, rows)


def _header(lines: Lines) -> tuple[list[str], str]:
    first = lines.next()
    while first is not None and not first[1].strip():
        first = lines.next()
    if first is None:
        raise Refused([Fault("header", said("is missing: the file has no text in it"))])
    lines.give_back([first])
    delimiter = sniff_delimiter(first[1])
    record = next(read_records(lines, delimiter), None)
    if record is None or isinstance(record, Refusal):
        faults = Faults()
        faults.at("header").add(record.message if record else said("is missing"))
        raise Refused(faults)
    return record[1], delimiter


def _rows(
    lines: Lines, delimiter: str, columns: Sequence[Column], source: dict[str, str], done: int, *, set_aside: bool
) -> Iterator[Row]:
    now = datetime.now(UTC)
    for record in read_records(lines, delimiter):
        line = record.line if isinstance(record, Refusal) else record[0]
        if line <= done:
            continue
        yield line, record if isinstance(record, Refusal) else _row(line, record[1], columns, source, now, set_aside)


def _row(
    line: int, row: Sequence[str], columns: Sequence[Column], source: dict[str, str], now: datetime, set_aside: bool
) -> Accepted | Refusal:
    faults = Faults()
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        return Refusal(line, "", f"has {len(row)} cells, and the header has {len(columns)}")
    traits: dict[str, Any] = {}
    consent: dict[str, str] = {}
    tags: list[str] = []
    user = reason = None
    for column, cell in zip(columns, row, strict=False):
        if not cell or cell.isspace() or column.kind == SKIP:
            continue
        try:
            if column.kind == LIST_STATUS:
                state, reason = cells.read_list_status(cell)
                if state is not None and consent.get("email") != "withdrawn":
                    consent["email"] = state
            elif column.kind == ID:
                user = _id(cell)
            elif column.kind == EMAIL:
                traits["email"] = _email(cell)
                if set_aside and cells.is_placeholder(traits["email"]):
                    raise cells.BadCell(f"{traits['email']!r} is a placeholder address")
            elif column.kind == PHONE:
                traits["phone"] = _phone(cell)
            elif column.kind == TAGS:
                tags = cells.read_tags(cell)
            else:
                _other(column, cell, traits, consent)
        except cells.BadCell as bad:
            faults.at(column.name).add(told(bad))
    names = Names(user, None, fold_email(traits.get("email")), fold_phone(traits.get("phone")))
    if not faults and names.user is None and names.email is None and names.phone is None:
        faults.add(said("says nobody: it has no id, no e-mail address and no phone number that can be read"))
    check_value(traits, faults)
    if len(traits) > MAX_PROPERTIES:
        faults.add(
            said("has %(n)s traits, and %(max_properties)s are the limit", n=len(traits), max_properties=MAX_PROPERTIES)
        )
    if sum(map(len, row)) > 4096:
        check_size(traits, faults)
    if any("\ufffd" in cell for cell in row):
        faults.add(said("has characters that cannot be read: the file is damaged, or in another encoding"))
    if faults:
        first = faults.found[0]
        return Refusal(line, first.place, first.message)
    return Accepted(
        EDIT,
        HISTORY_NAMES[EDIT],
        names,
        now,
        {},
        traits,
        consent or None,
        {"add": tags} if tags else None,
        {"import": {"file": source["file"], "line": line, **({"suppress": reason} if reason else {})}},
        f"import:{source['sha256']}:{line}",
    )


def _other(column: Column, cell: str, traits: dict[str, Any], consent: dict[str, str]) -> None:
    """A refusal anywhere in the row outweighs a consent."""
    if column.kind in (CONSENT, REFUSED, STATUS):
        read = {CONSENT: cells.read_consent, REFUSED: cells.read_refusal, STATUS: cells.read_status}[column.kind]
        state = read(cell)
        if state is not None and consent.get(column.name) != "withdrawn":
            consent[column.name] = state
        if column.kind != STATUS:
            return
        column = Column("trait", "status")
    if column.kind == TOPIC:
        taken = cells.read_topic(cell)
        if taken is not None:
            consent[CHANNEL_PREFIX + column.name] = taken
        return
    traits[column.name] = cells.read_trait(cell, code=column.code, date=column.date)


def _id(cell: str) -> str:
    text = cell.strip()
    if cells.DAMAGED.fullmatch(text):
        raise cells.BadCell(f"{text!r} was a long number, and a spreadsheet has rounded it")
    if len(text) > MAX_ID:
        raise cells.BadCell(f"is longer than {MAX_ID} characters")
    return text


def _email(cell: str) -> str:
    text = cell.strip()
    name, _, host = text.rpartition("@")
    if not name or "." not in host or any(char.isspace() for char in text) or fold_email(text) is None:
        raise cells.BadCell(f"{text[:80]!r} is no e-mail address")
    return text


def _phone(cell: str) -> str:
    """As E.164 where it can be read, else as it was typed: a trait, and no name."""
    text = fold_digits(cell.strip())
    if cells.DAMAGED.fullmatch(text):
        raise cells.BadCell(f"{text!r} was a long number, and a spreadsheet has rounded it")
    return fold_phone(text) or text
