"""When a campaign has to stop by its own figures: 5 % came back for good, or 0.1 % called it spam, after the first 500. Mail services judge the sender
by both, and a shop that goes on loses the road for its order mail as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.outbox.statements import statement

FIRST = 500  # sent before anything is concluded
HARD_SHARE, COMPLAINT_SHARE = 0.05, 0.001


@dataclass(frozen=True, slots=True)
class Figures:
    """sent: counted no further than it takes to judge."""

    sent: int
    hard: int
    complaints: int

    @property
    def too_hard(self) -> bool:
        return self.sent >= FIRST and self.hard >= HARD_SHARE * self.sent

    @property
    def too_loud(self) -> bool:
        return self.sent >= FIRST and self.complaints >= COMPLAINT_SHARE * self.sent


def take_checks(conn: Connection[Any]) -> list[tuple[int, int]]:
    """(workspace, journey) of which something came back since they were looked at; in the caller's transaction."""
    return conn.execute("DELETE FROM brake_check RETURNING workspace_id, journey_id").fetchall()


def read_figures(conn: Connection[Any], *, workspace_id: int, journey_id: int) -> Figures:
    asked = {"workspace_id": workspace_id, "journey_id": journey_id}
    row = conn.execute(statement("brake_figures", "safar.channels.reports"), asked).fetchone()
    assert row is not None
    return Figures(*row)


def note_brake(
    conn: Connection[Any],
    *,
    workspace_id: int,
    journey_id: int,
    figures: Figures,
    titles: Mapping[str, str],
    now: datetime,
) -> None:
    """That it was stopped, and why: kept, so that what went out before does not stop it again, and told to the team. titles: by language."""
    conn.execute(
        "INSERT INTO brake (workspace_id, journey_id, at, sent, hard, complaints) VALUES (%s, %s, %s, %s, %s, %s)",
        (workspace_id, journey_id, now, figures.sent, figures.hard, figures.complaints),
    )
    conn.execute(
        "INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (workspace_id, subject) WHERE over_at IS NULL DO UPDATE SET words = EXCLUDED.words, at = EXCLUDED.at",
        (workspace_id, _subject(journey_id), json.dumps(_words(figures, titles)), now),
    )


def read_brake(conn: Connection[Any], *, workspace_id: int, journey_id: int) -> Mapping[str, str] | None:
    """Why it has stopped itself, by language; None where it has not, or goes on again."""
    row = conn.execute(
        "SELECT words::text FROM team_notice WHERE workspace_id = %s AND subject = %s AND over_at IS NULL",
        (workspace_id, _subject(journey_id)),
    ).fetchone()
    return json.loads(row[0]) if row else None


def end_brakes(conn: Connection[Any], *, held: str, now: datetime) -> None:
    """Notices of campaigns that somebody let go on, or ended. held: a query of the ids of journeys that are still held."""
    conn.execute(
        "UPDATE team_notice SET over_at = %s WHERE over_at IS NULL AND starts_with(subject, 'brake:')"
        f" AND substr(subject, 7)::bigint NOT IN ({held})",
        (now,),
    )


def _subject(journey_id: int) -> str:
    return f"brake:{journey_id}"


def _words(figures: Figures, titles: Mapping[str, str]) -> dict[str, str]:
    if figures.too_hard:
        why_en = f"{figures.hard} of {figures.sent} messages came back for good ({figures.hard / figures.sent:.1%}; the limit is 5%)"
        why_fa = f"{figures.hard} پیام از {figures.sent} پیام برای همیشه برگشت ({figures.hard / figures.sent * 100:.1f}٪؛ حد مجاز ۵٪ است)"
        mend_en = "Look where these addresses come from before it goes on."
        mend_fa = "پیش از ادامه ببینید این نشانی‌ها از کجا آمده‌اند."
    else:
        why_en = f"{figures.complaints} of {figures.sent} readers called it spam ({figures.complaints / figures.sent:.2%}; the limit is 0.1%)"
        why_fa = f"{figures.complaints} نفر از {figures.sent} گیرنده آن را هرزنامه خواندند ({figures.complaints / figures.sent * 100:.2f}٪؛ حد مجاز ۰٫۱٪ است)"
        mend_en = "Look whether all of them asked for it before it goes on."
        mend_fa = "پیش از ادامه ببینید آیا همهٔ آنان چنین پیامی خواسته بودند."
    name = {language: titles.get(language) or next(iter(titles.values()), "") for language in ("en", "fa")}
    return {
        "en": f"The campaign “{name['en']}” has paused itself: {why_en}. {mend_en}",
        "fa": f"کمپین «{name['fa']}» خودش را متوقف کرد: {why_fa}. {mend_fa}".translate(_PERSIAN),
    }


_PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
