"""Messages in Segment's form from a file, one a line, plain or gzipped: the past, as another system recorded it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from psycopg import Connection

from safar.events.imports.contacts_csv import Workspace
from safar.events.imports.files import survey
from safar.events.imports.progress import Progress
from safar.events.imports.report import ImportReport, Refusal
from safar.events.imports.running import Report, Row, run
from safar.events.message import MAX_MESSAGE, Accepted, check_message, check_size
from safar.events.moments import read_moment
from safar.events.reading import read_json
from safar.lib.faults import Fault, Faults, Refused, said

BATCH = 2_000
MAX_LINE = 4 * MAX_MESSAGE  # bytes: a message of escapes is longer as it lies there


def import_events(
    conn: Connection[Any], workspace: Workspace, path: Path, *, progress: Report, batch: int = BATCH
) -> ImportReport:
    """Import a file; one that was cut off goes on where it stopped. progress: called with (bytes done, bytes in all).

    Messages without a messageId get one from file and line. Bad lines are left out and listed. Raises Refused where the
    file cannot be read, TakenOver.
    """
    found = survey(path)
    kept = Progress(conn, workspace.id, "events", found.sha256)
    if kept.report.already:
        return kept.report
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        lines = gzip.GzipFile(fileobj=file) if packed else file
        rows = _rows(lines, found.sha256.hex(), kept.line)
        run(conn, workspace.id, kept, rows, batch=batch, tell=lambda: progress(file.tell(), found.size))
    return kept.report


def _rows(lines: BinaryIO | gzip.GzipFile, sha256: str, done: int) -> Iterator[Row]:
    number = 0
    try:
        while line := lines.readline(MAX_LINE + 1):
            number += 1
            whole = line
            while len(whole) > MAX_LINE and not whole.endswith(b"\n"):
                whole = lines.readline(MAX_LINE + 1)
            if number > done and not line.isspace():
                yield number, _row(number, line, sha256)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield number + 1, Refusal(number + 1, "", f"the file ends in the middle: {error}")


def _row(number: int, line: bytes, sha256: str) -> Accepted | Refusal:
    try:
        return read_line(line, f"import:{sha256}:{number}")
    except Refused as refused:
        first = refused.faults[0]
        return Refusal(number, first.place, first.message)


def read_line(line: bytes, message_id: str | None = None) -> Accepted:
    """One recorded message, from a trusted file. message_id: for a message that has none. Raises Refused.

    `receivedAt`, where it is given, is our clock of then: `sentAt` means something only beside it, and without a
    timestamp the message happened then.
    """
    if len(line) > MAX_LINE:
        raise Refused([Fault("", said("is longer than %(max_line)s bytes", max_line=MAX_LINE))])
    message = read_json(line.removeprefix(b"\xef\xbb\xbf"))
    faults = Faults()
    received = now = datetime.now(UTC)
    if isinstance(message, dict):
        if message_id is not None and not message.get("messageId"):
            message["messageId"] = message_id
        received = min(read_moment(message, "receivedAt", faults) or now, now)
        if message.get("receivedAt") is None:
            message.pop("sentAt", None)
        if len(line) > MAX_MESSAGE:
            check_size(message, faults)
    accepted = check_message(message, faults, received=received, trusted=True)
    if accepted is None or faults:
        raise Refused(faults)
    return accepted
