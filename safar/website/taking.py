"""What somebody sends by a form, taken or not: the guards first, then the fields. Whoever answers says it in words (`page`, `script`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection

from safar.channels.consent.contact_pages import secret_keys
from safar.lib.faults import Refused
from safar.website.coming import read_coming
from safar.website.guards import OK, SHOWN, TOO_OLD, TRAP, Rate, check_shown, present, sign_shown
from safar.website.keeping import Kept
from safar.website.submitting import submit

now = present  # tests move it
rate = Rate()


@dataclass(frozen=True, slots=True)
class Taken:
    """confirm: whether the form confirms what is agreed to, whoever it is. said: empty where it was taken, else the name of what is said (`telling.WORDS`); wrong: field → name of what is wrong with it."""

    status: int = 200
    confirm: bool = False
    said: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


def take(
    conn: Connection[Any], kept: Kept, given: Mapping[str, str], *, language: str, proof: Mapping[str, str]
) -> Taken:
    """given: fields, consent0, …, shown, the trap, anonymous, and where they came from (`coming`)."""
    at = now()
    if given.get(TRAP):  # a machine: it hears what people hear, and nothing was taken
        return Taken()
    if check_shown(given.get(SHOWN, ""), kept.token, at, secret_keys()) != OK:
        return Taken(422, said="again")
    if not rate.takes(f"{kept.token} {proof.get('ip', '')}", at):
        return Taken(429, said="often")
    try:
        anonymous, coming = given.get("anonymous", ""), read_coming(given)
        confirm = submit(
            conn,
            kept,
            given,
            language=language,
            proof=proof,
            anonymous=anonymous,
            coming=coming,
            keys=secret_keys(),
            now=at,
        )
    except Refused as refused:
        wrong = {fault.place: "missing" if "missing" in fault.message else "wrong" for fault in refused.faults}
        return Taken(422, said="faults", wrong=wrong)
    return Taken(confirm=confirm)


def shown_again(kept: Kept, given: Mapping[str, str]) -> str:
    """What was handed out first, so that pressing once more is not too quick again; a new one where that is too old."""
    before = given.get(SHOWN, "")
    old = check_shown(before, kept.token, now(), secret_keys()) == TOO_OLD
    return sign_shown(kept.token, now(), secret_keys()) if old else before
