"""Messages as they leave the house: their links tracked, with UTM parameters, and the one of an SMS made short.

What is kept of an e-mail (``message.body_html``) is what was written; the tracked addresses stand in what goes over the wire alone, and
come out the same at every attempt. The short link of an SMS is part of its text, is counted with it, and is frozen with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from psycopg import Connection

from safar.channels.settings import Sending
from safar.channels.tracking.links import CODE, LONGEST_URL, KnownLinks, Link, Short, keep_links, shorten
from safar.channels.tracking.rewriting import bare_links, change_bare, change_links, put_at_end
from safar.channels.tracking.settings import Tracking, read_tracking
from safar.channels.tracking.tokens import OPENED, TRAP, Tracked, make_tracked, number_of_link
from safar.content.pool import Rendered
from safar.lib.utm import fill_utm, is_own, with_utm
from safar.outbox.rows import Claimed

OFF = Tracking(opens=False, clicks=False)


@dataclass(slots=True)
class Unmarked:
    """One message on its way. source: of its template, to know which addresses stand in it. tracking: OFF where this contact, or this
    message, is not to be tracked. frozen: an SMS that has its short link already.
    """

    row: Claimed
    text: Rendered
    tracking: Tracking
    source: str = ""
    variant: str | None = None
    template: str | None = None
    frozen: bool = False
    links: list[Link] = field(default_factory=list)


def mark(conn: Connection[Any], letters: Sequence[Unmarked], *, sending: Sending, known: KnownLinks) -> list[Rendered]:
    """Each as it goes over the wire, in order. What its links lead to is written down by then."""
    made = [_mark(letter, sending) for letter in letters]
    keep_links(conn, [link for letter in letters for link in letter.links], known)
    wanted = [
        Short(one.row.workspace_id, one.row.key.bucket, one.row.id, one.links[0].id)
        for one in letters
        if one.row.channel == "sms" and one.links
    ]
    codes = shorten(conn, wanted)
    return [_with_code(letter, text, codes, sending) for letter, text in zip(letters, made, strict=True)]


def short_place(made: Rendered, sending: Sending) -> str:
    """The address of an SMS that is made short: the first that is not of our own pages, in its free text, else in what its pattern is filled
    with. Empty where there is none.
    """
    values = made.pattern["values"].values() if made.pattern else ()
    found = (url for text in (made.text, *values) for url in bare_links(text))
    return next((url for url in found if not _ours(url, sending) and len(url) <= LONGEST_URL), "")


def short_sample(made: Rendered, tracking: Tracking, sending: Sending) -> Rendered:
    """An SMS with an address as long as its short link will be, for looking at and for counting; it leads nowhere."""
    place = short_place(made, sending) if tracking.clicks else ""
    return _put(made, place, short_url("x" * CODE, tracking, sending)) if place else made


def short_stand_in(conn: Connection[Any], workspace_id: int, sending: Sending) -> Callable[[Mapping[str, Any]], str]:
    """What gives, for what a message says itself of being tracked, an address as long as its short link; empty where its links stay as they are."""
    tracking = read_tracking(conn, workspace_id)
    made = short_url("x" * CODE, tracking, sending)
    return lambda own: made if tracking.of_message(own).clicks else ""


def short_url(code: str, tracking: Tracking, sending: Sending) -> str:
    return tracking.short_base(sending) + code


def _mark(letter: Unmarked, sending: Sending) -> Rendered:
    if letter.row.channel == "sms":
        return _mark_sms(letter, sending)
    text, tracking = letter.text, letter.tracking
    base = tracking.base(sending)

    def change(url: str, raw: str) -> str:
        if _ours(url, sending):
            return url
        target = _with_utm(url, letter)
        if not tracking.clicks or len(target) > LONGEST_URL:
            return target
        return f"{base}/c/{_token(letter, _take(letter, target, raw), sending)}"

    if not text.html:  # a plain mail: nothing else could be followed
        return replace(text, text=change_bare(text.text, change))
    html = change_links(text.html, change)
    tracked = bool(letter.links)
    html = put_at_end(
        html,
        pixel=f"{base}/o/{_token(letter, OPENED, sending)}" if tracking.opens else "",
        trap=f"{base}/c/{_token(letter, TRAP, sending)}" if tracked else "",
    )
    return replace(
        text,
        html=html,
        text=change_bare(text.text, lambda url, _: url if _ours(url, sending) else _with_utm(url, letter)),
    )


def _mark_sms(letter: Unmarked, sending: Sending) -> Rendered:
    place = "" if letter.frozen else short_place(letter.text, sending)
    if not place:
        return letter.text
    target = _with_utm(place, letter)
    if letter.tracking.clicks:
        _take(letter, target, place)
        return letter.text  # its code comes when it is known
    return _put(letter.text, place, target)


def _with_code(letter: Unmarked, text: Rendered, codes: Mapping[tuple[int, int], str], sending: Sending) -> Rendered:
    code = codes.get((letter.row.key.bucket, letter.row.id)) if letter.row.channel == "sms" and letter.links else None
    if code is None:
        return text
    return _put(text, short_place(text, sending), short_url(code, letter.tracking, sending))


def _put(made: Rendered, place: str, url: str) -> Rendered:
    """The one for the other: in the free text once, and wherever the pattern has it, so that both ways of an SMS lead by one link."""
    pattern = made.pattern
    if pattern is not None:
        values = {name: value.replace(place, url) for name, value in pattern["values"].items()}
        pattern = {**pattern, "values": values, "text": pattern["text"].replace(place, url)}
    return replace(made, text=made.text.replace(place, url, 1), pattern=pattern)


def _take(letter: Unmarked, target: str, raw: str) -> int:
    """The number of the link, which is written down with the others."""
    link = Link(letter.row.workspace_id, target, None if raw in letter.source else letter.row.contact_id)
    letter.links.append(link)
    return number_of_link(target)


def _token(letter: Unmarked, link_id: int, sending: Sending) -> str:
    row = letter.row
    return make_tracked(Tracked(row.workspace_id, row.key.bucket, row.id, link_id), sending.secret_key)


def _ours(url: str, sending: Sending) -> bool:
    """Ways out and preferences are never tracked: pages of ours behind a token of their own."""
    return url.startswith(f"{sending.public_url}/")


def _with_utm(url: str, letter: Unmarked) -> str:
    tracking, row = letter.tracking, letter.row
    values = tracking.utm_values
    if not values or not is_own(url, tracking.sites):
        return url
    words = {
        "channel": row.channel,
        "journey": row.effect.get("journey"),
        "point": row.effect.get("point"),
        "template": letter.template,
        "variant": letter.variant,
        "language": letter.text.language,
    }
    return with_utm(url, fill_utm(values, words))
