"""Workbooks and ZIPs of lists as CSV files: whatever came, one reader reads it, and a row is a line.

A Mailchimp audience comes as a ZIP of several lists, whose names say what their members are (subscribed, unsubscribed, cleaned,
nonsubscribed): they become one file with that status before each row.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from safar.events.imports.files import open_text, survey
from safar.events.imports.records import Lines, read_records, sniff_delimiter
from safar.events.imports.report import Refusal
from safar.lib.faults import Fault, Refused, said

CSV, XLSX, AUDIENCE = "csv", "xlsx", "audience"
STATUS_HEADER = "list status"
LISTS = re.compile(r"(?:.*/)?(subscribed|unsubscribed|cleaned|nonsubscribed)[^/]*\.csv", re.IGNORECASE)
MOST_UNPACKED = 1 << 30  # bytes
MOST_COLUMNS = 500


@dataclass(frozen=True)
class Section:
    """A list in a file of several: its name, and the line on which its first row stands."""

    name: str
    line: int


@dataclass(frozen=True)
class Sheet:
    """path: a CSV file in UTF-8 or as it came. form: what it was. sections: where it was made of several."""

    path: Path
    form: str
    sections: tuple[Section, ...] = ()


def as_csv(path: Path, folder: Path, *, rows: int | None = None) -> Sheet:
    """The file as CSV, written into the folder where it is none yet. rows: of each list, for a look at it; None: all.

    Raises Refused for a workbook or ZIP that cannot be read, has no list in it, or unpacks to more than a gigabyte.
    """
    if not zipfile.is_zipfile(path):
        return Sheet(path, CSV)
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            if sum(info.file_size for info in packed.infolist()) > MOST_UNPACKED:
                raise Refused(
                    [
                        Fault(
                            "file",
                            said("the file unpacks to more than %(most_unpacked)s bytes", most_unpacked=MOST_UNPACKED),
                        )
                    ]
                )
            if "xl/workbook.xml" not in names:
                return _audience(packed, folder, rows)
        return _workbook(path, folder, rows)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, SyntaxError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused([Fault("file", f"the file is no ZIP or XLSX file that can be read ({error})"[:200])]) from None


def _workbook(path: Path, folder: Path, rows: int | None) -> Sheet:
    """The first sheet that has something in it. Every row is one line, so that lines are the rows one sees in the program."""
    import openpyxl  # here: an engine that imports no workbook need not load it

    made = folder / "workbook.csv"
    with path.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its size is often wrong
            found = islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), None if rows is None else rows + 1)
            with made.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\n")
                full = 0
                for row in found:
                    cells = _trimmed([cell_text(value) for value in row])
                    full += bool(cells)
                    writer.writerow(cells)
            if full:
                return Sheet(made, XLSX)
    raise Refused([Fault("header", said("is missing: the file has no text in it"))])


def cell_text(value: Any) -> str:
    """A cell of a workbook as it would stand in a CSV file, on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep="T", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return " ".join(str(value).split("\n")).replace("\r", " ")


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at its end, which a workbook has for every cell that was ever coloured."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _audience(packed: zipfile.ZipFile, folder: Path, rows: int | None) -> Sheet:
    lists = [(found[1].lower(), name) for name in sorted(packed.namelist()) if (found := LISTS.fullmatch(name))]
    if not lists:
        raise Refused(
            [Fault("file", said("there is no list in this ZIP: a Mailchimp audience has subscribed…csv and others"))]
        )
    headers: dict[str, list[str]] = {}
    paths = {}
    for number, (_, name) in enumerate(lists):
        paths[name] = folder / f"list{number}.csv"
        with packed.open(name) as source, paths[name].open("wb") as out:
            while piece := source.read(1 << 20):
                out.write(piece)
        headers[name] = next((row for _, row in _records(paths[name]) if isinstance(row, list)), [])
    columns = list(dict.fromkeys(key for header in headers.values() for key in _numbered(header)))
    made, sections, line = folder / "audience.csv", [], 1
    with made.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([STATUS_HEADER, *(header for header, _ in columns)])
        for status, name in lists:
            sections.append(Section(name, line + 1))
            places = [columns.index(key) for key in _numbered(headers[name])]
            for raw, row in islice(_records(paths[name]), 1, None if rows is None else rows + 1):
                line += 1
                if row is None:
                    out.write(raw.rstrip("\r\n") + "\n")  # refused once more where it is read, with its reason
                    continue
                cells = [""] * len(columns)
                for place, cell in zip(places, row, strict=False):
                    cells[place] = " ".join(cell.splitlines())
                writer.writerow([status, *cells, *row[len(places) :]])
    return Sheet(made, AUDIENCE, tuple(sections))


def _numbered(header: Sequence[str]) -> list[tuple[str, int]]:
    """(header, how often it stood before): some exports have a column twice."""
    seen: Counter[str] = Counter()
    found = []
    for cell in header:
        found.append((cell, seen[cell]))
        seen[cell] += 1
    return found


def _records(path: Path) -> Iterator[tuple[str, list[str] | None]]:
    """(the line as it stands, its cells); None for a row that is none."""
    if not path.stat().st_size:
        return
    with open_text(path, survey(path).encoding) as (text, _):
        lines = Lines(text)
        first = lines.next()
        if first is None:
            return
        lines.give_back([first])
        delimiter = sniff_delimiter(first[1])
        for record in read_records(lines, delimiter):
            yield ('"broken', None) if isinstance(record, Refusal) else ("", record[1])
