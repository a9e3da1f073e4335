"""What people write to a line of ours: into the inbox as an event of theirs, and at once onto the suppression list where it is a stop word.

A stop word is the event ``unsubscribed`` with the consent withdrawn. Everything else is ``sms_received`` {text, keyword, line, from}; where that is a join word,
and it was a stop word to this very line that had withdrawn the consent, it gives it again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from psycopg import Connection

from safar.channels.provider import Inbound
from safar.channels.sms.words import JOIN, STOP, keyword_of, word_of
from safar.contacts.names import Names, fold_phone
from safar.events.accept import accept, again
from safar.events.message import Accepted
from safar.events.names import EDIT, IDENTIFY, SMS_RECEIVED, TRACK
from safar.events.seen import only_new
from safar.lib.text import fold_digits
from safar.outbox.statements import statement

LONGEST_TEXT = 2_000  # characters that are kept: thirty parts
_KNOWN = "SELECT FROM identity WHERE workspace_id = %s AND kind = 4 AND value = %s"
_IRANIAN_LINE = re.compile(r"(?:\+|00)?98((?:1000|2000|3000|5000|9000|21)\d*|[1-8]\d{4,})")


def take_inbound(
    conn: Connection[Any], items: Sequence[Inbound], *, workspace_id: int, provider: str, now: datetime | None = None
) -> int:
    """Write down what came, in order; how many were new. What comes from no number that can be read is left out, and what came
    before (by the service's number for it, else by what it says) changes nothing. A line that is known in two spellings is one.
    """
    now = now or datetime.now(UTC)
    return sum(again(partial(_take, conn, one, workspace_id, provider, now)) for one in items)


def _take(conn: Connection[Any], one: Inbound, workspace_id: int, provider: str, now: datetime) -> bool:
    number, text = fold_phone(one.sender), _clean(one.text)[:LONGEST_TEXT]
    if number is None or not text.strip():
        return False
    line, at = fold_line(one.line), min(one.at or now, now)
    said = {"text": text, "keyword": keyword_of(text), "line": line, "from": number}
    told = {"line": line, "address": number, "word": said["keyword"]}
    word = word_of(text)
    asked = {"workspace": workspace_id, "address": number, "reason": stop_reason(line), "at": at}
    with conn.transaction():
        if not only_new(conn, [(workspace_id, _id_of(one, provider, at))])[0][0]:
            return False
        before: list[Accepted] = []
        if conn.execute(_KNOWN, (workspace_id, number)).fetchone() is None:
            before = [Accepted(IDENTIFY, "identify", Names(phone=number), at, {}, {"phone": number})]
        event = Accepted(TRACK, SMS_RECEIVED, Names(phone=number), at, said)
        if word == STOP:
            (news,) = conn.execute(statement("stop_word", "safar.channels.sms"), asked).fetchone() or (False,)
            if not news:
                return False
            event = _with(event, type=EDIT, name="unsubscribed", properties={"channel": "sms", **said})
            event = _with(event, consent={"sms": "withdrawn"}, context={"sms_word": told})
        elif word == JOIN and conn.execute(statement("join_word", "safar.channels.sms"), asked).fetchone():
            event = _with(event, consent={"sms": "given"}, context={"sms_word": told})
        accept(conn, workspace_id, [*before, event], trusted=True)
    return True


def stop_reason(line: str) -> str:
    """Why an address is on the suppression list that answered a line with a stop word: only a join word to the same line takes it off."""
    return f"stop_word:{line}"


def fold_line(line: str) -> str:
    """A line as its owner writes it: ASCII digits, without the country of Iran before it."""
    bare = re.sub(r"[\s()-]", "", fold_digits(_clean(line)))[:40]
    found = _IRANIAN_LINE.fullmatch(bare)
    return found[1] if found else bare


def read_inbound(form: Mapping[str, str], **names: Sequence[str]) -> Inbound | None:
    """From the fields of a call, whatever their case. names: of ``sender``, ``line``, ``text`` and ``id`` → what a service may call them.

    None where nobody has written.
    """
    given = {name.lower(): value for name, value in form.items()}
    found = {name: next((given[one] for one in known if given.get(one)), "") for name, known in names.items()}
    if not found.get("sender"):
        return None
    return Inbound(found["sender"], found.get("text", ""), found.get("line", ""), found.get("id", ""))


def _with(event: Accepted, **changes: Any) -> Accepted:
    return Accepted(**{**{name: getattr(event, name) for name in event.__struct_fields__}, **changes})


def _id_of(one: Inbound, provider: str, at: datetime) -> str:
    """Without a number of the service's, the same words from the same person within an hour are one message that was told twice."""
    if one.id:
        return _clean(f"sms:{provider}:{one.id}")[:255]
    same = "|".join((one.sender, one.line, one.text, f"{at:%Y%m%d%H}"))
    return f"sms:{provider}:{hashlib.sha256(same.encode('utf-8', 'replace')).hexdigest()[:40]}"


def _clean(text: str) -> str:
    """What PostgreSQL refuses is left out."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
