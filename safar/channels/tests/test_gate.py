"""The one gate: each reason for which a message does not go out, read at the hand-over and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from safar.channels.sending.dispatch import Dispatcher
from safar.channels.sending.gate import SKIP_REASONS, STEPS
from safar.channels.tests.settings import sending
from safar.outbox.books import read_books
from safar.outbox.holds import hold, let_go
from safar.outbox.tests.house import NOON, WELCOME, Shop

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(conn):
    one = Shop(conn)
    yield one
    assert all(line.closes for line in read_books(conn, one.id))


def outcome(shop, person):
    message = shop.message(person)
    return message["state"], message["reason"]


def test_every_reason_is_tested_here():
    reasons = {
        "erased",
        "left_the_journey",
        "expired",
        "no_address",
        "no_consent",
        "topic_left",
        "preferences",
        "suppressed",
        "capped",
    }
    assert set(SKIP_REASONS) == reasons
    assert {step.reason for step in STEPS} - set(SKIP_REASONS) == {
        "stopped",
        "paused",
        "mode",
        "address",
        "cannot_be_rendered",
        "quiet",
    }


@pytest.mark.parametrize("consent", [None, "pending", "withdrawn"])
def test_marketing_goes_only_where_consent_was_given(shop, run, consent):
    sara = shop.person(consent=consent)
    shop.decide(sara)
    run()
    assert outcome(shop, sara) == ("skipped", "no_consent")
    assert shop.events()[0] == ("message_skipped", {
        "journey": "welcome", "point": "greet-0", "template": "welcome", "channel": "email", "reason": "no_consent",
        "message_id": f"{sara.bucket}-{shop.message(sara)['id']}"})  # fmt: skip


def test_what_a_purchase_itself_needs_goes_without_consent(shop, run):
    sara = shop.person(consent=None)
    shop.decide(sara, **{"class": "transactional"})
    run()
    assert outcome(shop, sara)[0] == "accepted"


@pytest.mark.parametrize("klass", ["marketing", "transactional"])
@pytest.mark.parametrize(("said", "goes"), [("left", False), ("joined", True), (None, True)])
def test_who_has_left_a_topic_gets_nothing_of_it(shop, run, conn, klass, said, goes):
    shop.template("welcome", WELCOME, topic="news")
    sara = shop.person()
    for topic, state in (("news", said), ("offers", "left")):
        if state:
            conn.execute(
                "INSERT INTO consent VALUES (%s, %s, %s, %s, %s, '')",
                (sara.bucket, sara.id, f"topic:{topic}", state, NOON),
            )
    shop.decide(sara, **{"class": klass})
    run()
    assert outcome(shop, sara) == (("accepted", None) if goes else ("skipped", "topic_left"))
    assert shop.message(sara)["topic"] == "news"


def test_the_topic_of_the_point_stands_before_the_templates(shop, run, conn):
    shop.template("welcome", WELCOME, topic="news")
    sara = shop.person()
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'topic:offers', 'left', %s, '')", (sara.bucket, sara.id, NOON))
    shop.decide(sara, topic="offers")
    run()
    assert outcome(shop, sara) == ("skipped", "topic_left")


@pytest.mark.parametrize("klass", ["marketing", "transactional"])
def test_a_suppressed_address_gets_nothing(shop, run, conn, klass):
    sara = shop.person(email=f"Sara.{shop.id}@People.Example")
    conn.execute("INSERT INTO suppression VALUES (%s, 'email', lower(%s), 'complained', now())", (shop.id, sara.email))
    shop.decide(sara, **{"class": klass})
    run()
    assert outcome(shop, sara) == ("skipped", "suppressed")


@pytest.mark.parametrize(("klass", "goes"), [("marketing", False), ("transactional", True)])
def test_who_unsubscribed_gets_what_belongs_to_an_order_and_nothing_else(shop, run, conn, klass, goes):
    sara = shop.person()
    conn.execute("INSERT INTO suppression VALUES (%s, 'email', %s, 'unsubscribed', now())", (shop.id, sara.email))
    shop.decide(sara, **{"class": klass})
    run()
    assert outcome(shop, sara) == (("accepted", None) if goes else ("skipped", "suppressed"))


def test_a_suppression_of_another_workspace_is_none_of_ours(shop, run, conn):
    sara = shop.person()
    conn.execute(
        "INSERT INTO suppression VALUES (%s, 'email', lower(%s), 'bounced', now())", (shop.id + 1000, sara.email)
    )
    shop.decide(sara)
    run()
    assert outcome(shop, sara)[0] == "accepted"


@pytest.mark.parametrize("email", ["", "   "])
def test_without_an_address(shop, run, email):
    sara = shop.person(email=email)
    shop.decide(sara)
    run()
    assert outcome(shop, sara) == ("skipped", "no_address")


def test_with_an_address_that_is_none(shop, run):
    sara = shop.person(email="sara at people")
    shop.decide(sara)
    run()
    assert outcome(shop, sara) == ("failed", "cannot_be_rendered")
    assert "is not an e-mail address" in shop.message(sara)["said"]


def test_too_late_is_not_sent(shop, run):
    sara = shop.person()
    shop.decide(sara, not_after=NOON + HOUR)
    run(NOON + HOUR)
    assert outcome(shop, sara) == ("skipped", "expired")


@pytest.mark.parametrize(
    ("ended", "entry_no", "state", "expected"),
    [
        (NOON + HOUR, 1, 2, ("skipped", "left_the_journey")),
        (NOON, 1, 2, ("accepted", None)),  # an exit point in the very stretch that decided the message
        (NOON + HOUR, 1, 1, ("accepted", None)),  # the map ended: that is no leaving
        (NOON + HOUR, 2, 2, ("accepted", None)),  # another trip
    ],
)
def test_who_has_left_the_journey_since(shop, run, conn, ended, entry_no, state, expected):
    sara = shop.person()
    shop.decide(sara)
    conn.execute(
        "UPDATE enrollment SET state = %s, ended_at = %s, entry_no = %s WHERE bucket = %s AND contact_id = %s",
        (state, ended, entry_no, sara.bucket, sara.id),
    )
    run(NOON + 2 * HOUR)
    assert outcome(shop, sara) == expected


def test_who_has_left_and_come_back_left_all_the_same(shop, run, conn):
    sara = shop.person()
    shop.decide(sara)
    where = (sara.bucket, sara.id)
    conn.execute(
        "UPDATE enrollment SET state = 2, ended_at = %s WHERE bucket = %s AND contact_id = %s", (NOON + HOUR, *where)
    )
    columns = ", ".join(
        name for (name,) in conn.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'enrollment' AND table_schema = 'public'"
        )
    )  # fmt: skip
    conn.execute(
        f"INSERT INTO enrollment_past ({columns}) SELECT {columns} FROM enrollment WHERE bucket = %s AND contact_id = %s",
        where,
    )
    conn.execute(
        "UPDATE enrollment SET state = 0, ended_at = NULL, entry_no = 2 WHERE bucket = %s AND contact_id = %s", where
    )
    run(NOON + 2 * HOUR)
    assert outcome(shop, sara) == ("skipped", "left_the_journey")


def test_merged_and_erased_contacts(shop, run, conn):
    sara, ali, mina = shop.person("Sara"), shop.person("Ali"), shop.person("Mina")
    for person in (sara, ali, mina):
        shop.decide(person)
    conn.execute("UPDATE contact SET merged_into = %s WHERE bucket = %s AND id = %s", (ali.id, sara.bucket, sara.id))
    conn.execute("UPDATE contact SET erased_at = now() WHERE bucket = %s AND id = %s", (ali.bucket, ali.id))
    conn.execute("DELETE FROM contact WHERE bucket = %s AND id = %s", (mina.bucket, mina.id))
    run()
    assert outcome(shop, sara) == ("skipped", "left_the_journey")
    assert outcome(shop, ali) == outcome(shop, mina) == ("skipped", "erased")


def test_the_kill_switch_of_a_workspace_and_of_everything(shop, run, conn):
    sara = shop.person()
    shop.decide(sara)
    switches = [
        (
            "UPDATE accounts_workspace SET stopped = true WHERE id = %s",
            "UPDATE accounts_workspace SET stopped = false WHERE id = %s",
        ),
        (
            "INSERT INTO outbox_hold (workspace_id, journey_id) VALUES (%s, 0)",
            "DELETE FROM outbox_hold WHERE workspace_id = %s",
        ),
        (
            "INSERT INTO outbox_hold (workspace_id, journey_id) VALUES (0 * %s, 0)",
            "DELETE FROM outbox_hold WHERE workspace_id = 0 * %s",
        ),
    ]
    for stop, go in switches:
        conn.execute(stop, (shop.id,))
        assert run() == 0
        assert shop.outbox(sara)["state"] == 0
        conn.execute(go, (shop.id,))
    assert run() == 1
    assert outcome(shop, sara) == ("accepted", None)


def test_a_paused_journey_holds_its_messages_and_no_others(shop, run, conn):
    sara, ali = shop.person("Sara"), shop.person("Ali")
    shop.decide(sara, not_after=NOON + HOUR)
    shop.decide(ali)
    conn.execute("UPDATE outbox SET journey_id = journey_id + 1 WHERE enrollment_id = %s", (ali.enrollment_id,))
    hold(conn, workspace_id=shop.id, journey_id=shop.journey_id)
    run()
    assert outcome(shop, ali) == ("accepted", None)
    assert shop.outbox(sara)["state"] == 5
    let_go(conn, workspace_id=shop.id, journey_id=shop.journey_id)
    run(NOON + HOUR / 2)
    assert outcome(shop, sara) == ("accepted", None)


def test_not_after_runs_on_while_a_journey_is_paused(shop, run, conn):
    sara = shop.person()
    shop.decide(sara, not_after=NOON + HOUR)
    hold(conn, workspace_id=shop.id, journey_id=shop.journey_id)
    run()
    run(NOON + HOUR)
    assert outcome(shop, sara) == ("skipped", "expired")


class Meanwhile(Dispatcher):
    """Something happens after the messages were made ready and before they are handed over."""

    happens = staticmethod(lambda: None)

    def _round(self, conn, outcomes):
        if len(self.supply):
            self.happens()
        return super()._round(conn, outcomes)


@pytest.mark.parametrize(
    ("happens", "state", "reason"),
    [
        ("UPDATE consent SET state = 'withdrawn' WHERE contact_id = {contact}", "skipped", "no_consent"),
        (
            "INSERT INTO consent SELECT bucket, id, 'topic:tips', 'left', now(), '' FROM contact WHERE id = {contact}",
            "skipped",
            "topic_left",
        ),
        (
            "INSERT INTO suppression VALUES ({shop}, 'email', '{email}', 'by_hand', now()) ON CONFLICT DO NOTHING",
            "skipped",
            "suppressed",
        ),
        ("UPDATE contact SET email = 'new-{contact}@people.example' WHERE id = {contact}", "accepted", None),
        ("UPDATE accounts_workspace SET send_mode = 'team' WHERE id = {shop}", "accepted", None),
    ],
)
def test_what_changes_after_it_was_made_ready_is_seen(shop, conn, database_url, happens, state, reason):
    sara = shop.person()
    shop.decide(sara, topic="tips")
    dispatcher = Meanwhile(database_url, "test", sending=sending())
    dispatcher.happens = lambda: conn.execute(happens.format(shop=shop.id, contact=sara.id, email=sara.email))
    dispatcher.run_once(NOON)
    dispatcher.close()
    assert outcome(shop, sara) == (state, reason)
    if "SET email" in happens:
        assert shop.message(sara)["address"] == f"new-{sara.id}@people.example"


def test_the_kill_switch_bites_what_was_made_ready(shop, conn, database_url):
    people = [shop.person() for _ in range(10)]
    for person in people:
        shop.decide(person)
    dispatcher = Meanwhile(database_url, "test", sending=sending())
    dispatcher.happens = lambda: conn.execute("UPDATE accounts_workspace SET stopped = true WHERE id = %s", (shop.id,))
    dispatcher.run_once(NOON)
    dispatcher.close()
    assert {shop.outbox(person)["state"] for person in people} == {0}


def test_one_message_that_cannot_be_rendered_stops_no_other(shop, run):
    shop.template("broken", {"en": {"subject": "x", "html": "{{ contact.first_name | nonsense }}"}})
    shop.template("strict", {"en": {"subject": "x", "html": "{{ contact.height }}"}}, strict=True)
    people = [shop.person() for _ in range(4)]
    for person, template in zip(people, ("welcome", "broken", "strict", "missing"), strict=True):
        shop.decide(person, template=template)
    run()
    assert [outcome(shop, person) for person in people] == [("accepted", None), *[("failed", "cannot_be_rendered")] * 3]
    assert "nonsense" in shop.message(people[1])["said"]
    assert "height" in shop.message(people[2])["said"]
    assert "missing" in shop.message(people[3])["said"]
    assert [name for name, _ in shop.events()].count("message_failed") == 3


def test_variants_fall_as_the_stable_hash_says_and_are_recorded(shop, run):
    from safar.lib.hashing import share

    shop.template("other", {"en": {"subject": "Other", "html": "x"}})
    people = [shop.person() for _ in range(30)]
    variants = [{"name": "a", "template": "welcome", "share": 50}, {"name": "b", "template": "other", "share": 50}]
    for person in people:
        shop.decide(person, template=None, variants=variants)
    run()
    for person in people:
        (key,) = shop.conn.execute(
            "SELECT key FROM contact WHERE bucket = %s AND id = %s", (person.bucket, person.id)
        ).fetchone()
        expected = ("a", "welcome") if share(f"{key}|welcome|greet-0") < 0.5 else ("b", "other")
        message = shop.message(person)
        assert (message["variant"], message["template"]) == expected
    assert {shop.message(person)["variant"] for person in people} == {"a", "b"}


@pytest.mark.parametrize(
    "effect",
    [
        {"variants": [{"share": "many"}]},
        {"variants": [{"template": "welcome"}]},
        {"variants": 7},
        {"template": ["welcome"]},
        {"template": 5},
    ],
)
def test_an_effect_that_makes_no_sense_stops_no_other(shop, run, effect):
    sara, ali = shop.person("Sara"), shop.person("Ali")
    shop.decide(sara, **effect)
    shop.decide(ali)
    run()
    assert outcome(shop, sara) == ("failed", "cannot_be_rendered")
    assert outcome(shop, ali) == ("accepted", None)


def test_skipped_messages_keep_no_content(shop, run):
    sara = shop.person(consent=None)
    shop.decide(sara)
    run()
    assert shop.message(sara)["body_html"] is None
