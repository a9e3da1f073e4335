"""The list of contacts: the newest first, or those who were here last, found by what somebody typed, a page at a time whatever the number of people.

Two ways lead to a page. Few contacts have the words: their ids come out of the index and are looked up by key. Many have them, or a segment is asked for: contacts are walked from the newest on and tried, ``LOOK`` of them at
most for one page; a page may then be short, and says how far it has come.

By last seen, as many are read and sorted: that is everybody of a workspace with up to ``SORTED`` contacts, or with up to ``FEW`` who have the words; in a larger one it is the order of the newest
``SORTED``, and the page says so. An index on what every event changes would cost each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.sql import SQL, Composable, Literal

from safar.contacts.names import MAX_ID, fold_email, fold_phone
from safar.lib.sqlfile import load_sql

FEW, HITS = (
    5_000,
    50_000,
)  # ids; where more have the words, one in twenty of a million has them, and walking finds a page soon
SORTED = 10_000  # read and sorted for a page by last seen
LOOK = 20_000  # tried for one page at most; by a condition over facts, where nobody meets it, that takes 100 ms
COUNTED = 10_000  # people are counted up to here; above, the planner's statistics say about how many
SIZE = 50
END = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_WALKED = SQL(
    "(SELECT *, -id AS newest FROM contact WHERE workspace_id::bigint = %(workspace)s AND -id > -%(after)s ORDER BY workspace_id::bigint, -id LIMIT %(look)s)"
)
_NAMED = SQL(
    "(SELECT k.*, -k.id AS newest FROM unnest(%(ids)s::bigint[]) i (id) CROSS JOIN LATERAL (SELECT * FROM contact k WHERE k.bucket = (i.id & 1023)::smallint"
    " AND k.id = i.id AND k.workspace_id = %(workspace)s OFFSET 0) k)"
)
# `newest` stands in both, so that the planner sees that they come in order and stops at a page. OFFSET 0 keeps each a probe by key: for a page
# of fifty it may else read a whole table into a hash.
_PAGE = SQL("""
SELECT c.id, c.key, c.external_id, c.email, c.phone, c.traits, c.created_at, f.last_seen, coalesce(f.orders, 0) AS orders,
    coalesce(f.spent, 0) AS spent, f.last_order
FROM {people} c
LEFT JOIN LATERAL (SELECT * FROM contact_facts q WHERE q.bucket = c.bucket AND q.contact_id = c.id OFFSET 0) f ON TRUE
WHERE c.created_at IS NOT NULL AND c.merged_into IS NULL AND c.erased_at IS NULL AND {holds}
ORDER BY c.newest LIMIT %(size)s
""")
_SEEN = "coalesce(f.last_seen, '-infinity')"
_BY_SEEN = SQL(f"""
SELECT c.id, c.key, c.external_id, c.email, c.phone, c.traits, c.created_at, f.last_seen, coalesce(f.orders, 0) AS orders,
    coalesce(f.spent, 0) AS spent, f.last_order
FROM {{people}} c
LEFT JOIN LATERAL (SELECT * FROM contact_facts q WHERE q.bucket = c.bucket AND q.contact_id = c.id OFFSET 0) f ON TRUE
WHERE c.created_at IS NOT NULL AND c.merged_into IS NULL AND c.erased_at IS NULL
    AND ({_SEEN}, c.id) < (coalesce(%(seen)s::timestamptz, CASE WHEN %(first)s THEN 'infinity' ELSE '-infinity' END::timestamptz), %(before)s)
    AND {{holds}}
ORDER BY {_SEEN} DESC, c.id DESC LIMIT %(size)s
""")
_WORDS = SQL(
    "EXISTS (SELECT FROM contact_search s WHERE s.bucket = c.bucket AND s.contact_id = c.id"
    " AND s.words @@ safar_search_query(%(workspace)s, %(typed)s) OFFSET 0)"
)
_LOOKED = """
SELECT count(*), min(id) FROM (SELECT id FROM contact WHERE workspace_id::bigint = %(workspace)s AND -id > -%(after)s
    ORDER BY workspace_id::bigint, -id LIMIT %(look)s) l
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM contact WHERE workspace_id::bigint = %(workspace)s LIMIT %(most)s) c"
_ESTIMATE = "EXPLAIN (FORMAT JSON) SELECT FROM contact WHERE workspace_id = {}"
_TAGS = """
SELECT i.id, array_agg(g.tag ORDER BY g.at, g.tag) FROM unnest(%s::bigint[]) i (id)
JOIN contact_tag g ON g.bucket = (i.id & 1023)::smallint AND g.contact_id = i.id GROUP BY 1
"""


@dataclass
class Listed:
    """A contact as a line of the list. traits: as sent; tags: filled where they are asked for."""

    id: int
    key: str
    external_id: str | None
    email: str | None
    phone: str | None
    traits: dict[str, Any]
    created_at: datetime
    last_seen: datetime | None
    orders: int
    spent: Decimal
    last_order: datetime | None
    tags: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return name_of(self.traits)


@dataclass(frozen=True)
class Page:
    """after: give it to go on; None at the end. looked: how many were tried where the page is short and not the last, or where an
    order by last seen is that of the newest alone."""

    people: list[Listed]
    after: int | None = None
    looked: int | None = None
    place: Place | None = None  # instead of after, by last seen


@dataclass(frozen=True)
class Place:
    """Behind whom a page by last seen begins. seen None: nobody knows when they were here; they come last."""

    seen: datetime | None
    id: int

    def __str__(self) -> str:
        """Microseconds since 1970 and the id, as an address has them."""
        return f"{'' if self.seen is None else (self.seen - EPOCH) // timedelta(microseconds=1)}.{self.id}"


def read_place(text: str) -> Place | None:
    """What ``str`` of a place has written; None for anything else."""
    found = re.fullmatch(r"(-?[0-9]{1,17})?\.([0-9]{1,18})", text)
    if found is None:
        return None
    try:
        seen = EPOCH + timedelta(microseconds=int(found[1])) if found[1] else None
    except OverflowError:
        return None
    return Place(seen, int(found[2]))


@dataclass(frozen=True)
class HowMany:
    """n contacts; about: by the server's statistics. more: n or more."""

    n: int
    about: bool = False
    more: bool = False


def list_contacts(
    conn: psycopg.Connection[Any],
    workspace_id: int,
    *,
    typed: str = "",
    condition: Composable | None = None,
    after: int | None = None,
    size: int = SIZE,
    tags: bool = False,
) -> tuple[Page, HowMany | None]:
    """A page, and how many there are as far as that is cheap to know. condition: SQL over contact ``c`` and its facts ``f``.

    typed: beginnings of words of name, company, e-mail, phone, or a whole id. after: of the page before; None: the newest.
    """
    after = END if after is None else after
    asked = {"workspace": workspace_id, "after": after, "size": size + 1, "look": LOOK, "typed": typed[:MAX_ID]}
    holds: Composable = SQL("TRUE")
    if condition is not None:  # its values stand in the text, and this statement has parameters
        holds = SQL(condition.as_string(conn).replace("%", "%%"))
    many = None
    if typed.strip():
        page, many = _searched(conn, asked, typed, holds, size)
        many = many if condition is None else None
    else:
        page = _walked(conn, asked, holds, size)
        many = count_contacts(conn, workspace_id) if condition is None else None
    return _tagged(conn, page, tags), many


def list_by_seen(
    conn: psycopg.Connection[Any],
    workspace_id: int,
    *,
    typed: str = "",
    condition: Composable | None = None,
    after: Place | None = None,
    size: int = SIZE,
    tags: bool = False,
) -> tuple[Page, HowMany | None]:
    """As `list_contacts`, those first who were here last; who was never here comes at the end, the newest first."""
    asked = {"workspace": workspace_id, "after": END, "size": size + 1, "look": SORTED, "typed": typed[:MAX_ID]}
    asked |= {"first": after is None, "seen": after.seen if after else None, "before": after.id if after else END}
    holds: Composable = SQL("TRUE")
    if condition is not None:
        holds = SQL(condition.as_string(conn).replace("%", "%%"))
    source, many, everybody = _WALKED, None, False
    if typed.strip():
        ids = _hits(conn, workspace_id, typed, FEW)
        many = HowMany(min(len(ids), FEW), more=len(ids) > FEW) if condition is None else None
        if len(ids) <= FEW:
            source, everybody, asked["ids"] = _NAMED, True, ids
        else:
            holds = SQL("{} AND {}").format(_WORDS, holds)
    elif condition is None:
        many = count_contacts(conn, workspace_id)
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        people = cursor.execute(_BY_SEEN.format(people=source, holds=holds), asked).fetchall()
    looked = None if everybody else (conn.execute(_LOOKED, asked).fetchone() or (0,))[0]
    last = Place(people[size - 1].last_seen, people[size - 1].id) if len(people) > size else None
    return _tagged(conn, Page(people[:size], None, SORTED if looked == SORTED else None, last), tags), many


def count_contacts(conn: psycopg.Connection[Any], workspace_id: int) -> HowMany:
    """Up to COUNTED by counting, above by the planner's statistics: nothing reads a million rows to show a number."""
    row = conn.execute(_COUNT, {"workspace": workspace_id, "most": COUNTED + 1}).fetchone()
    counted = int(row[0]) if row else 0
    if counted <= COUNTED:
        return HowMany(counted)
    plan = conn.execute(SQL(_ESTIMATE).format(Literal(workspace_id))).fetchone()
    guess = int(plan[0][0]["Plan"]["Plan Rows"]) if plan else 0
    return HowMany(max(guess, COUNTED), about=True)


def name_of(traits: dict[str, Any]) -> str:
    """What a contact is called, from its traits; empty where none says it."""
    whole = traits.get("name")
    if isinstance(whole, str) and whole.strip():
        return whole.strip()
    parts = (traits.get("first_name") or traits.get("firstName"), traits.get("last_name") or traits.get("lastName"))
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


def _searched(
    conn: psycopg.Connection[Any], asked: dict[str, Any], typed: str, holds: Composable, size: int
) -> tuple[Page, HowMany]:
    """Few: by their ids. Many: by walking; where that finds no page among the newest, by their ids after all, up to HITS."""
    ids = _hits(conn, asked["workspace"], typed, FEW)
    if len(ids) <= FEW:
        return _named(conn, asked, ids, holds, size), HowMany(len(ids))
    page = _walked(conn, asked, SQL("{} AND {}").format(_WORDS, holds), size)
    if len(page.people) == size:
        return page, HowMany(FEW, more=True)
    ids = _hits(conn, asked["workspace"], typed, HITS)
    if len(ids) <= HITS:
        return _named(conn, asked, ids, holds, size), HowMany(len(ids))
    return page, HowMany(HITS, more=True)


def _tagged(conn: psycopg.Connection[Any], page: Page, wanted: bool) -> Page:
    if wanted and page.people:
        found = dict(conn.execute(_TAGS, ([one.id for one in page.people],)).fetchall())
        for one in page.people:
            one.tags = found.get(one.id, [])
    return page


def _hits(conn: psycopg.Connection[Any], workspace_id: int, typed: str, most: int) -> list[int]:
    """Ids, the greatest first; more than `most` of them mean that there are others, and these are any."""
    exact = typed.strip()[:MAX_ID]
    names = [name for name in {exact, fold_email(exact), fold_phone(exact)} if name]
    asked = {"workspace": workspace_id, "typed": typed, "names": names, "most": most + 1}
    rows = conn.execute(load_sql("safar.contacts", "hits"), asked).fetchall()
    return sorted({row[0] for row in rows}, reverse=True)


def _named(
    conn: psycopg.Connection[Any], asked: dict[str, Any], ids: Sequence[int], holds: Composable, size: int
) -> Page:
    left = [number for number in ids if number < asked["after"]]
    people: list[Listed] = []
    while left and len(people) <= size:
        some, left = left[:500], left[500:]
        people += _read(conn, _NAMED, holds, {**asked, "ids": some})
    return Page(people[:size], people[size - 1].id) if len(people) > size else Page(people)


def _walked(conn: psycopg.Connection[Any], asked: dict[str, Any], holds: Composable, size: int) -> Page:
    people = _read(conn, _WALKED, holds, asked)
    if len(people) > size:
        return Page(people[:size], people[size - 1].id)
    looked, last = conn.execute(_LOOKED, asked).fetchone() or (0, None)
    return Page(people, last, looked) if looked == LOOK else Page(people)


def _read(conn: psycopg.Connection[Any], people: Composable, holds: Composable, asked: dict[str, Any]) -> list[Listed]:
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(_PAGE.format(people=people, holds=holds), asked).fetchall()
