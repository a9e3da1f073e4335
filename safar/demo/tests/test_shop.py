"""The shops: the same ones for the same seed, and believable."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import phonenumbers
import pytest

from safar.contacts.names import fold_phone
from safar.demo.past import check
from safar.demo.people import draw_person
from safar.demo.seasons import day_weight
from safar.demo.shop import build_towns
from safar.demo.shops import SHARES, read_shops
from safar.demo.tests.conftest import CONTACTS, NOW
from safar.lib.jalali import to_jalali

Everybody = list[tuple[Any, Any, list[dict[str, Any]]]]
ARABIC_AND_PERSIAN_DIGITS = re.compile("[٠-٩۰-۹]")


def events(everybody: Everybody, slug: str, name: str) -> list[dict[str, Any]]:
    return [m for town, _, messages in everybody if town.shop.slug == slug for m in messages if m.get("event") == name]


def test_the_same_seed_makes_the_same_messages() -> None:
    first, again = (list(build_towns(300, NOW, seed=7)[0].messages()) for _ in range(2))
    assert first == again
    assert first != list(build_towns(300, NOW, seed=8)[0].messages())


def test_a_contact_does_not_depend_on_how_many_there_are() -> None:
    few, many = build_towns(100, NOW)[0], build_towns(900, NOW)[0]
    assert few.diary(17) == many.diary(17)


def test_both_shops_share_the_contacts(everybody: Everybody) -> None:
    assert Counter(town.shop.slug for town, _, _ in everybody) == {
        slug: CONTACTS * part for slug, part in SHARES.items()
    }


def test_messages_come_in_order_of_receipt_and_not_from_the_future() -> None:
    for town in build_towns(200, NOW):
        received = [datetime.fromisoformat(message["receivedAt"]) for message in town.messages()]
        assert received == sorted(received)
        assert received[-1] <= NOW
        assert received[0] >= NOW - timedelta(days=180)


def test_every_message_is_one_the_api_accepts(everybody: Everybody) -> None:
    seen = set()
    for town, _, messages in everybody:
        for message in messages:
            check(message, datetime.fromisoformat(message["receivedAt"]))
            assert (town.shop.slug, message["messageId"]) not in seen
            seen.add((town.shop.slug, message["messageId"]))


def test_about_fifteen_events_a_contact(everybody: Everybody) -> None:
    assert 12 <= sum(len(messages) for _, _, messages in everybody) / len(everybody) <= 18


def test_nobody_is_two_people(everybody: Everybody) -> None:
    """Names, addresses and phones are one contact's: nothing merges."""
    owners: dict[tuple[str, str], str] = {}
    for town, person, messages in everybody:
        for message in messages:
            given = {name: message.get(name) for name in ("userId", "anonymousId")}
            given |= {name: (message.get("traits") or {}).get(name) for name in ("email", "phone")}
            for name, value in given.items():
                if value is not None:
                    assert owners.setdefault((town.shop.slug + name, value), person.key) == person.key


def test_names_of_the_machine_have_latin_digits(everybody: Everybody) -> None:
    for _, _, messages in everybody:
        for message in messages:
            said = message.get("properties", {})
            ids = [message["messageId"], message.get("userId"), message.get("anonymousId"), said.get("order_id")]
            ids += [product["product_id"] for product in said.get("products", [])]
            traits = message.get("traits") or {}
            ids += [traits.get("email"), traits.get("phone"), traits.get("birthday")]
            assert not ARABIC_AND_PERSIAN_DIGITS.search(" ".join(filter(None, ids)))


@pytest.mark.parametrize(("slug", "low", "high"), [("fenjan", 300_000, 12_000_000), ("kiln-and-bean", 5, 500)])
def test_money_is_in_range_and_adds_up(everybody: Everybody, slug: str, low: float, high: float) -> None:
    orders = [m["properties"] for m in events(everybody, slug, "Order Completed")]
    assert len(orders) > 200
    for order in orders:
        assert low <= order["total"] <= high
        goods = sum(product["price"] for product in order["products"])
        assert order["total"] == pytest.approx(goods - order.get("discount", 0) + order["shipping"])
    assert {order["currency"] for order in orders} == {"IRT" if slug == "fenjan" else "EUR"}
    assert len({order["order_id"] for order in orders}) == len(orders)
    if slug == "fenjan":
        assert all(isinstance(order["total"], int) for order in orders)


def test_more_than_two_thirds_of_carts_are_left(everybody: Everybody) -> None:
    carts = bought = 0
    for _, _, messages in everybody:
        open_cart = None
        for message in messages:
            if message.get("event") == "Product Added" and message["properties"]["cart_id"] != open_cart:
                open_cart = message["properties"]["cart_id"]
                carts += 1
            elif message.get("event") == "Order Completed" and open_cart:
                open_cart = None
                bought += 1
    assert carts > 2_000
    assert 0.65 <= 1 - bought / carts <= 0.73


def test_consent_is_a_believable_share_and_never_without_an_address(everybody: Everybody) -> None:
    people = [person for _, person, _ in everybody]
    assert 0.5 <= sum(person.email_consent for person in people) / len(people) <= 0.65
    assert all("email" in person.traits for person in people if person.email_consent)
    assert all("phone" in person.traits for person in people if person.sms_consent)
    said = Counter(
        state
        for _, _, messages in everybody
        for message in messages
        for state in (message.get("context") or {}).get("consent", {}).values()
    )
    assert 0 < said["withdrawn"] < said["given"] / 10


def test_birthdays_are_days_of_the_calendar_written_in_iso(everybody: Everybody) -> None:
    born = [person.traits["birthday"] for town, person, _ in everybody if "birthday" in person.traits]
    assert len(born) > 300
    years = {to_jalali(date.fromisoformat(day))[0] for day in born}
    assert min(years) >= 1330
    assert max(years) <= 1390


def test_nobody_is_called_by_the_numbers(everybody: Everybody) -> None:
    phones = [(town.shop.slug, p.traits["phone"]) for town, p, _ in everybody if "phone" in p.traits]
    assert len(phones) > 1_000
    for slug, phone in phones:
        assert fold_phone(phone) is not None
        if slug == "fenjan":
            assert not phonenumbers.is_valid_number(phonenumbers.parse(phone, "IR"))
        else:
            assert re.fullmatch(r"\+447700900[0-9]{3}", phone)


def test_all_addresses_and_links_lie_under_example(everybody: Everybody) -> None:
    for _, person, messages in islice(everybody, 400):
        assert person.traits.get("email", "@x.example").endswith(".example")
        for message in messages:
            url = message.get("properties", {}).get("url", "https://x.example/")
            assert url.split("/")[2].endswith(".example")


def test_nowruz_is_busy_and_its_holidays_are_quiet() -> None:
    fenjan, kiln = read_shops()
    rush, holiday, plain = date(2026, 3, 10), date(2026, 3, 22), date(2026, 6, 7)
    assert day_weight(fenjan, rush) > 1.5 * day_weight(fenjan, plain)
    assert day_weight(fenjan, holiday) < 0.7 * day_weight(fenjan, plain)
    assert day_weight(kiln, date(2025, 11, 28)) > 1.5 * day_weight(kiln, plain)


def test_evenings_are_busier_than_mornings(everybody: Everybody) -> None:
    hours = Counter(
        datetime.fromisoformat(m["timestamp"]).astimezone(UTC).hour
        for m in events(everybody, "fenjan", "Product Viewed")
    )
    evening, morning = (
        sum(hours[h] for h in span) for span in ((16, 17, 18), (3, 4, 5))
    )  # 19:30 to 22:30, 6:30 to 9:30
    assert evening > 3 * morning


def test_the_demo_lives_in_two_lanes_of_sixteen() -> None:
    from safar.contacts.ids import bucket, contact_id

    town = build_towns(400, NOW)[0]
    lanes = {bucket(contact_id(0, town.person(number).key)) % 16 for number in range(town.contacts)}
    assert lanes == {0, 1}


def test_a_control_group_is_the_engines(towns: Any) -> None:
    """As safar_share says: known people, known sides."""
    from random import Random

    from safar.lib.hashing import share

    person = draw_person(read_shops()[0], 3, Random(1))
    assert person.held_out("welcome", 100)
    assert not person.held_out("welcome", 0)
    edge = share(f"{person.key}|welcome|control") * 100
    assert not person.held_out("welcome", edge)
    assert person.held_out("welcome", edge + 0.001)
