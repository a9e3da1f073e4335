"""The list of contacts: what is found by what is typed, and how one goes on from a page."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL

from safar.contacts import listing
from safar.contacts.columns import keep_columns, read_columns
from safar.contacts.listing import Listed, Place, list_by_seen, list_contacts, read_place

MAKE = """
INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, phone, traits, created_at)
SELECT n %% 1024, (n::bigint << 10) | (n %% 1024), %(workspace)s, 'u' || n, 'u' || n, %(email)s, %(phone)s, %(traits)s, now() FROM (SELECT %(n)s::int AS n) x
RETURNING id
"""
SEARCHED = """
INSERT INTO contact_search (bucket, contact_id, workspace_id, words)
SELECT bucket, id, workspace_id, safar_search_words(workspace_id, safar_searched(traits)) FROM contact WHERE workspace_id = %s
ON CONFLICT DO NOTHING
"""
NUMBER = iter(range(1, 1_000_000))
HOUSES = iter(range(90_000, 100_000))


@pytest.fixture
def house(database_url: str) -> int:
    """The number of a workspace of the test's own."""
    return next(HOUSES)


def make(conn: psycopg.Connection[Any], house: int, **traits: Any) -> int:
    from psycopg.types.json import Jsonb

    n = next(NUMBER)
    asked = {"workspace": house, "n": n, "email": traits.get("email"), "phone": traits.get("phone")}
    row = conn.execute(MAKE, {**asked, "traits": Jsonb(traits)}).fetchone()
    conn.execute(SEARCHED, (house,))
    conn.execute(
        "INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES (%s, 1, %s, %s)", (house, f"u{n}", row[0])
    )
    return int(row[0])


def found(conn: psycopg.Connection[Any], house: int, typed: str, **more: Any) -> set[int]:
    return {one.id for one in list_contacts(conn, house, typed=typed, **more)[0].people}


@pytest.mark.parametrize(
    "typed",
    [
        "علیرضا", "علی‌رضا", "علی رضا", "عليرضا", "عَلی‌رضا", "رضا", "کریمی", "كريمي", "كَريمي علي", "ali@shop", "ALI@SHOP.ir", "shop.ir",
        "09121234567", "۰۹۱۲۱۲۳", "0912 123 4567", "+98 912", "00989121234567", "٩١٢١٢٣",
    ],
)  # fmt: skip
def test_ali_is_found(conn: psycopg.Connection[Any], house: int, typed: str) -> None:
    ali = make(conn, house, first_name="علی‌رضا", last_name="کریمی", email="ali@shop.ir", phone="+989121234567")
    make(conn, house, name="مینا موسوی", email="mina@other.ir")
    assert found(conn, house, typed) == {ali}


@pytest.mark.parametrize("typed", ["Sára", "sara", "SARA", "O'N", "neil", "آرش", "ارش", "مسئول", "مسیول"])
def test_marks_do_not_matter(conn: psycopg.Connection[Any], house: int, typed: str) -> None:
    sara = make(conn, house, name="Sara Ó'Neil", company="آرش مسئول")
    assert found(conn, house, typed) == {sara}


@pytest.mark.parametrize("typed", ["ara", "لی", "nobody", "'", "':*", "& | !", "(", "\\", "%", "a%s", "9" * 300])
def test_nobody_is_found_and_nothing_breaks(conn: psycopg.Connection[Any], house: int, typed: str) -> None:
    make(conn, house, name="Sara", email="sara@shop.ir")
    assert found(conn, house, typed) == set()


def test_an_id_is_found_whole(conn: psycopg.Connection[Any], house: int) -> None:
    sara = make(conn, house, name="Sara")
    row = list_contacts(conn, house)[0].people[0]
    assert found(conn, house, row.key) == {sara}


def test_another_workspaces_people_are_never_found(conn: psycopg.Connection[Any], house: int) -> None:
    make(conn, house, name="Sara", email="sara@shop.ir")
    other = next(HOUSES)
    assert found(conn, other, "sara") == set()
    assert list_contacts(conn, other)[0].people == []


def test_pages_follow_each_other(conn: psycopg.Connection[Any], house: int) -> None:
    people = [make(conn, house, name=f"Sara {n}") for n in range(7)]
    for typed in ("", "sara"):
        seen: list[Listed] = []
        after = None
        for _ in range(4):
            page, _many = list_contacts(conn, house, typed=typed, after=after, size=2)
            seen += page.people
            after = page.after
        assert [one.id for one in seen] == people[::-1]
        assert after is None


def test_where_many_match_they_are_walked(
    conn: psycopg.Connection[Any], house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make(conn, house, name="Sara" if n % 2 else "Mina") for n in range(8)]
    monkeypatch.setattr(listing, "FEW", 2)
    monkeypatch.setattr(listing, "HITS", 2)
    monkeypatch.setattr(listing, "LOOK", 3)
    page, many = list_contacts(conn, house, typed="sara", size=10)
    assert [one.id for one in page.people] == [people[7], people[5]]
    assert (page.after, page.looked) == (people[5], 3)
    assert many is not None
    assert (many.n, many.more) == (2, True)
    rest, _ = list_contacts(conn, house, typed="sara", size=10, after=page.after)
    assert [one.id for one in rest.people] == [people[3]]


def test_where_the_newest_do_not_match_their_ids_are_looked_up(
    conn: psycopg.Connection[Any], house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make(conn, house, name="Sara" if n < 4 else "Mina") for n in range(8)]
    monkeypatch.setattr(listing, "FEW", 2)
    monkeypatch.setattr(listing, "LOOK", 3)
    page, many = list_contacts(conn, house, typed="sara", size=3)
    assert [one.id for one in page.people] == people[3:0:-1]
    assert many is not None
    assert (many.n, many.more) == (4, False)


def test_a_condition_is_a_filter_like_others(conn: psycopg.Connection[Any], house: int) -> None:
    sara = make(conn, house, name="Sara", city="100% شیراز")
    make(conn, house, name="Sara", city="تهران")
    condition = SQL("c.traits ->> 'city' = '100% شیراز'")
    assert found(conn, house, "", condition=condition) == {sara}
    assert found(conn, house, "sara", condition=condition) == {sara}


def test_the_merged_and_the_erased_are_not_listed(conn: psycopg.Connection[Any], house: int) -> None:
    sara, ali, mina = (make(conn, house, name=f"Sara {n}") for n in range(3))
    conn.execute("UPDATE contact SET merged_into = %s WHERE bucket = %s AND id = %s", (mina, sara & 1023, sara))
    conn.execute("UPDATE contact SET erased_at = now() WHERE bucket = %s AND id = %s", (ali & 1023, ali))
    assert found(conn, house, "") == found(conn, house, "sara") == {mina}


def test_a_page_costs_the_same_statements_for_two_people_and_for_forty(
    conn: psycopg.Connection[Any], house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(conn, house, name="Sara")
    counted: list[int] = []
    execute = psycopg.Cursor.execute

    def count(self: Any, *args: Any, **more: Any) -> Any:
        counted.append(1)
        return execute(self, *args, **more)

    def cost() -> int:
        counted.clear()
        list_contacts(conn, house, typed="sara", tags=True)
        list_contacts(conn, house, tags=True)
        return len(counted)

    monkeypatch.setattr(psycopg.Cursor, "execute", count)
    few = cost()
    for _ in range(40):
        make(conn, house, name="Sara")
    assert cost() == few <= 8


def test_columns_are_each_members_own(conn: psycopg.Connection[Any], house: int) -> None:
    assert read_columns(conn, house, 1) is None
    keep_columns(conn, house, 1, ["email", "email", "trait:city"])
    keep_columns(conn, house, 2, ["phone"])
    assert read_columns(conn, house, 1) == ["email", "trait:city"]
    assert read_columns(conn, house, 2) == ["phone"]


def test_those_who_were_here_last_come_first_page_by_page(
    conn: psycopg.Connection[Any], house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [3, None, 1, 3, None, 7]  # ago; two at one moment, two never
    people = [make(conn, house, name=f"Sara {n}", tag="x" if n % 2 else "y") for n in range(len(days))]
    for number, days_ago in zip(people, days, strict=True):
        conn.execute(
            "INSERT INTO contact_facts (bucket, contact_id, last_seen) VALUES (%s, %s, timestamptz '2026-03-21Z' - %s * interval '1 day')",
            (number & 1023, number, days_ago),
        )
    order = sorted(zip(people, days, strict=True), key=lambda one: (one[1] is None, one[1] or 0, -one[0]))
    expected = [number for number, _ in order]
    for typed in ("", "sara"):
        seen: list[int] = []
        after: Place | None = None
        for _ in range(10):
            page, many = list_by_seen(conn, house, typed=typed, after=after, size=2)
            assert many is not None
            assert many.n == 6
            seen += [one.id for one in page.people]
            if page.place is None:
                break
            after = read_place(str(page.place))
            assert after == page.place
        assert seen == expected
    some = SQL("c.traits ->> 'tag' = 'x'")
    found = list_by_seen(conn, house, condition=some)[0].people
    assert [one.id for one in found] == [number for number in expected if number in people[1::2]]
    monkeypatch.setattr(listing, "SORTED", 4)
    monkeypatch.setattr(listing, "FEW", 3)
    for typed in ("", "sara"):
        page, _ = list_by_seen(conn, house, typed=typed)
        assert (page.looked, {one.id for one in page.people}) == (4, set(people[2:]))


@pytest.mark.parametrize(
    "text", ["", "5", "x.5", "5.", ".", "99999999999999999999.5", "5.9999999999999999999999", "1.2.3"]
)
def test_a_place_that_is_none(text: str) -> None:
    assert read_place(text) is None
