"""Asks services that do not call us what became of messages: a minute after they were taken, then less and less often; and beside it what people
wrote (``listening``), and whether an account's money runs low (``low_credit``)."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from safar.channels.provider import Provider, Report, providers
from safar.channels.reports.reporting import note_report
from safar.channels.services.http_line import HttpLine
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.channels.sms.listening import listen_once
from safar.channels.sms.low_credit import watch_credit
from safar.lib.calls import CallFault
from safar.outbox.statements import statement

log = logging.getLogger(__name__)

SECONDS = 15.0
AT_ONCE = 2_000  # messages of one account
QUESTIONS = 50  # to one account in a pass, and for so many seconds: then the others have their turn
PATIENCE = 20.0
LEASE = timedelta(minutes=5)  # until others may ask about what we took
WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 240, 720))


@dataclass(frozen=True, slots=True)
class Awaited:
    workspace_id: int
    channel: str
    provider: str
    bucket: int
    message_id: int
    provider_id: str
    asked: int
    until: datetime
    due_at: datetime


class Poller:
    """Any number may run. What cannot be asked now is asked later; nothing waits for it."""

    def __init__(self, sending: Sending, kinds: Mapping[str, Provider] | None = None) -> None:
        self.sending = sending
        self.kinds = providers() if kinds is None else kinds

    def poll_once(self, conn: Connection[Any], now: datetime) -> int:
        """Ask about what is due. conn: autocommit. Returns how many messages had news."""
        polled = {key: min(kind.polls * QUESTIONS, AT_ONCE) for key, kind in self.kinds.items() if kind.polls}
        conn.execute(statement("forget_past", "safar.channels.reports"), {"now": now})
        asked = {"now": now, "kinds": list(polled), "most": list(polled.values()), "lease": LEASE}
        with conn.cursor(row_factory=class_row(Awaited)) as cursor:
            due = cursor.execute(statement("ask_due", "safar.channels.reports"), asked).fetchall()
        by_account: dict[tuple[int, str, str], list[Awaited]] = defaultdict(list)
        for one in sorted(due, key=lambda one: one.due_at):
            by_account[one.workspace_id, one.channel, one.provider].append(one)
        return sum(self._ask(conn, some, now) for some in by_account.values())

    def work(self, conn: Connection[Any], now: datetime) -> None:
        """Everything that services are asked for."""
        self.poll_once(conn, now)
        listen_once(conn, kinds=self.kinds, sending=self.sending, now=datetime.now(UTC))
        watch_credit(conn, kinds=self.kinds, sending=self.sending, now=datetime.now(UTC))

    def _ask(self, conn: Connection[Any], some: Sequence[Awaited], now: datetime) -> int:
        """About messages of one account."""
        first = some[0]
        own = read_owns(conn, first.workspace_id).get(first.channel)
        kind = self.kinds[first.provider].of(own.settings) if own and own.provider == first.provider else None
        if own is None or kind is None or not kind.polls:
            _drop(conn, some)  # the account is another one: nobody can be asked any more
            return 0
        news = 0
        try:
            line = kind.open_own(self.sending, own, opened(own, self.sending.secret_keys))
            assert isinstance(line, HttpLine)
            try:
                end = time.monotonic() + PATIENCE
                for begin in range(0, len(some), kind.polls):
                    if time.monotonic() > end:
                        _put_back(conn, some[begin:])
                        break
                    part = some[begin : begin + kind.polls]
                    reports = {one.provider_id: one for one in line.ask_reports([one.provider_id for one in part])}
                    told = [one for one in part if one.provider_id in reports]
                    _put_back(conn, [one for one in part if one.provider_id not in reports])
                    news += sum(self._note(conn, one, reports[one.provider_id], now) for one in told)
            finally:
                line.close()
        except (CallFault, ValueError) as fault:
            log.info(
                "%s of workspace %s does not say what became of messages: %s", first.provider, first.workspace_id, fault
            )
        return news

    def _note(self, conn: Connection[Any], awaited: Awaited, report: Report, now: datetime) -> bool:
        if report.state == "waiting":
            wait = WAITS[min(awaited.asked, len(WAITS) - 1)]
            if now + wait > awaited.until:
                _drop(conn, [awaited])
            else:
                conn.execute(
                    "UPDATE report_wait SET asked = asked + 1, ask_at = %s WHERE bucket = %s AND message_id = %s",
                    (now + wait, awaited.bucket, awaited.message_id),
                )
            return False
        moved = note_report(
            conn,
            report,
            workspace_id=awaited.workspace_id,
            provider=awaited.provider,
            bucket=awaited.bucket,
            id=awaited.message_id,
            now=now,
        )
        _drop(conn, [awaited])
        return moved


def _put_back(conn: Connection[Any], some: Sequence[Awaited]) -> None:
    """What nobody asked about is as old as it was, and the first in the next pass."""
    conn.cursor().executemany(
        "UPDATE report_wait SET ask_at = %s WHERE bucket = %s AND message_id = %s",
        [(one.due_at, one.bucket, one.message_id) for one in some],
    )


def _drop(conn: Connection[Any], some: Sequence[Awaited]) -> None:
    conn.cursor().executemany(
        "DELETE FROM report_wait WHERE bucket = %s AND message_id = %s", [(one.bucket, one.message_id) for one in some]
    )
