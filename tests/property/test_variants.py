"""Random A/B tests: who gets which variant, what is counted of people and not of machines, and which is ahead, as the simulator says."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from safar.channels.sending.desk import choose_variant
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.reactions import note_hits
from safar.channels.tracking.settings import Tracking
from safar.channels.tracking.tokens import OPENED, Tracked
from safar.journeys.reckoning.variants import compare_variants, read_variants
from safar.outbox.tests.house import Shop
from tests.simulator.variants import Sending, drawn, figures, verdict

NOON = datetime(2026, 3, 21, 12, tzinfo=UTC)
LINK = 77
NAMES = ("short", "warm", "long")
PLAYS = 12


@pytest.mark.parametrize("seed", range(PLAYS))
def test_figures_and_who_leads(conn: psycopg.Connection[Any], seed: int) -> None:
    dice = random.Random(seed)
    shop = Shop(conn)
    conn.execute("INSERT INTO link (workspace_id, id, url) VALUES (%s, %s, 'https://shop.ir/')", (shop.id, LINK))
    shares = {name: dice.choice([1, 20, 50, 0.5]) for name in NAMES[: dice.choice([2, 2, 3])]}
    likely = {name: dice.choice([0.05, 0.3, 0.35, 0.9]) for name in shares}
    effect = {
        "journey": "j",
        "point": "p",
        "variants": [{"name": name, "template": name, "share": part} for name, part in shares.items()],
    }
    sendings, hits = [], []
    for number in range(dice.choice([40, 120, 240])):
        person = shop.person(f"Sara{number}")
        name = drawn(f"c{number}", "j", "p", shares)
        assert choose_variant(effect, f"c{number}") == (name, name)
        one = Sending(name, dice.random() < 0.9, _who(dice, likely[name]), _who(dice, likely[name] / 2))
        one.goal = dice.random() < likely[name]
        sendings.append(one)
        _put(conn, shop, person, one, dice)
        hits += _hits(shop, person, one) if one.sent else []
    dice.shuffle(hits)
    note_hits(conn, hits)
    counts = read_variants(conn, shop.journey_id)["p"]
    for metric in ("opened", "clicked", "goal"):
        expected = figures(sendings, metric)
        found = {name: (one.did(metric).people, one.did(metric).reached) for name, one in counts.items()}
        assert found == expected, metric
        compared = compare_variants(
            metric,
            [counts[name] for name in expected],
            channel="email",
            goal=True,
            tracked=[Tracking()] * len(expected),
        )
        if len(expected) > 1:
            assert compared.leading is not None
            assert (compared.leading.verdict, compared.leading.name) == verdict(expected), (metric, expected)


@pytest.mark.parametrize("seed", range(200))
def test_the_sums(seed: int) -> None:
    """The same of figures alone, large ones and near ones among them."""
    from safar.journeys.reckoning.leading import look_who_leads
    from safar.journeys.reckoning.lift import Group

    dice = random.Random(seed)
    sent = {name: dice.choice([29, 30, 200, 5_000]) for name in NAMES[: dice.choice([2, 3])]}
    found = {name: (n, round(n * dice.choice([0, 0.1, 0.11, 0.15, 1]))) for name, n in sent.items()}
    leads = look_who_leads({name: Group(*each) for name, each in found.items()})
    assert leads is not None
    assert (leads.verdict, leads.name) == verdict(found), found


def test_where_nobody_can_tell_nobody_leads() -> None:
    both = [Tracking(), Tracking()]
    for metric, channel, goal, tracked in (
        ("opened", "sms", None, both),
        ("opened", "email", None, [Tracking(opens=False)] * 2),
        (
            "opened",
            "email",
            None,
            [Tracking(), Tracking(opens=False)],
        ),  # of one message alone: it would look like a loser
        ("clicked", "email", None, [Tracking(clicks=False)] * 2),
        ("clicked", "sms", None, [Tracking(clicks=False), Tracking()]),
        ("goal", "email", None, both),
    ):
        compared = compare_variants(metric, [], channel=channel, goal=goal, tracked=tracked)
        assert (compared.known, compared.leading) == (False, None)
    assert compare_variants("opened", [], channel="email", goal=None, tracked=both).known
    assert compare_variants("", [], channel="sms", goal=None, tracked=both).metric == "clicked"
    assert compare_variants("", [], channel="sms", goal="Order Completed", tracked=both).metric == "goal"


def _who(dice: random.Random, likely: float) -> list[str]:
    return [dice.choice(["person", "machine"]) for _ in range(2) if dice.random() < likely]


def _put(conn: psycopg.Connection[Any], shop: Shop, person: Any, one: Sending, dice: random.Random) -> None:
    """The message, and the trip that it belongs to: this one, or one of before whose goal counts all the same."""
    past = dice.random() < 0.3
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, journey_key, point_key,"
        " kind, channel, class, variant, state, decided_at, sending_at) VALUES (%s, %s, %s, %s, %s, %s, 1, 0, 0, 'j', 'p', 'message', 'email',"
        " 'marketing', %s, %s, %s, %s)",
        (
            person.bucket,
            person.id,
            shop.id,
            person.id,
            shop.journey_id,
            person.enrollment_id,
            one.variant,
            dice.choice(["accepted", "assumed_sent"]) if one.sent else dice.choice(["skipped", "failed", "in_doubt"]),
            NOON,
            NOON,
        ),
    )
    given: Mapping[str, Any] = {
        "bucket": person.bucket,
        "contact": person.id,
        "journey": shop.journey_id,
        "id": person.enrollment_id,
        "workspace": shop.id,
        "now": NOON,
        "goal": NOON if one.goal else None,
    }
    conn.execute("DELETE FROM enrollment WHERE bucket = %(bucket)s AND contact_id = %(contact)s", given)
    columns = "bucket, contact_id, journey_id, one_per, id, workspace_id, entry_no, version_id, starting_point, entered_at, entry_seq, state, hops, trail_moved, trail, since, since_seq, goal_at"
    for table, number, goal in (
        (("enrollment", 2, "NULL::timestamptz"), ("enrollment_past", 1, "%(goal)s::timestamptz"))
        if past
        else (("enrollment", 1, "%(goal)s::timestamptz"),)
    ):
        conn.execute(
            f"INSERT INTO {table} ({columns}) VALUES (%(bucket)s, %(contact)s, %(journey)s, '', %(id)s, %(workspace)s, {number}, 1, 0, %(now)s, 1, 1, 0, 0,"
            f" '{{}}', %(now)s, 1, {goal})",
            given,
        )


def _hits(shop: Shop, person: Any, one: Sending) -> list[Hit]:
    later = NOON + timedelta(hours=1)
    return [
        Hit(Tracked(shop.id, person.bucket, person.id, link), later, "Mozilla/5.0 (X11)", said=who)
        for link, several in ((OPENED, one.opened), (LINK, one.clicked))
        for who in several
    ]
