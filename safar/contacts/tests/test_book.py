"""The rules of identity (docs/semantics.md 3 and 4), with Sara, Ali and Mina; and against the independent simulator."""

from __future__ import annotations

import random
import time

import pytest

from safar.contacts.book import IdentityBook, Person
from safar.contacts.names import Names, fold_email, fold_phone


@pytest.fixture
def book() -> IdentityBook:
    numbers = iter(range(1, 10_000))
    return IdentityBook(lambda key: next(numbers))


def who(book: IdentityBook, *, previous: str | None = None, trusted: bool = True, **names: str) -> Person:
    found = book.resolve(Names(**names, previous=previous, alias=previous is not None, trusted=trusted))
    assert found is not None
    return found[0]


def test_a_visitor_becomes_sara_and_keeps_the_past(book):
    visitor = who(book, anonymous="a-1")
    sara = who(book, user="sara", anonymous="a-1")
    assert sara is visitor
    assert (sara.key, sara.label) == ("a-1", "sara")
    assert who(book, user="sara") is sara


def test_two_people_on_one_device_stay_two(book):
    sara = who(book, user="sara", anonymous="a-1")
    ali = who(book, user="ali", anonymous="a-1")
    assert ali is not sara
    assert who(book, anonymous="a-1") is sara
    assert not book.changes.merged


def test_two_people_with_one_mailbox_stay_two(book):
    sara = who(book, user="sara", email="home@example.com")
    ali = who(book, user="ali", email="home@example.com")
    assert ali is not sara
    assert who(book, email="home@example.com") is sara


def test_known_sara_takes_in_the_visitor(book):
    sara = who(book, user="sara")
    visitor = who(book, anonymous="a-1")
    person, merges = book.resolve(Names(user="sara", anonymous="a-1"))
    assert person is sara
    assert [(merge.loser, merge.winner) for merge in merges] == [(visitor, sara)]
    assert who(book, anonymous="a-1") is sara
    assert visitor.label == "a-1"


def test_alias_joins_two_user_ids(book):
    old, new = who(book, user="old"), who(book, user="new")
    person, merges = book.resolve(Names(user="new", previous="old", alias=True))
    assert person is new
    assert merges[0].loser is old
    assert who(book, user="old") is new
    assert old.label == "old"


def test_alias_of_an_unknown_user_adds_a_name(book):
    old = who(book, user="old")
    assert who(book, user="new", previous="old") is old
    assert old.label == "old"


def test_a_public_key_takes_in_visitors_only(book):
    sara = who(book, user="sara")
    who(book, anonymous="a-1")
    mina = who(book, email="mina@example.com")
    assert who(book, user="sara", anonymous="a-1", trusted=False) is sara
    assert len(book.changes.merged) == 1
    assert who(book, user="sara", email="mina@example.com", trusted=False) is sara
    assert who(book, email="mina@example.com") is mina
    ali = who(book, user="ali")
    assert who(book, user="sara", previous="ali", trusted=False) is sara
    assert who(book, user="ali") is ali
    assert who(book, user="new", previous="ali", trusted=False) is not ali
    assert len(book.changes.merged) == 1


def test_a_message_without_a_name_is_nobodys(book):
    assert book.resolve(Names()) is None


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("09121234567", "+989121234567"),
        ("9121234567", "+989121234567"),
        ("0098 912 123 4567", "+989121234567"),
        ("+98-912-123-4567", "+989121234567"),
        ("۰۹۱۲۱۲۳۴۵۶۷", "+989121234567"),
        ("٠٩١٢١٢٣٤٥٦٧", "+989121234567"),
        ("(+44) 20.7946.0958", "+442079460958"),
        ("021-88888888", None),
        ("555-555-5555", None),
        ("", None),
        (9121234567, None),
        ("+0123456789", None),
    ],
)
def test_phones(typed, folded):
    assert fold_phone(typed) == folded


def test_emails():
    assert fold_email("  Sara@Example.COM ") == "sara@example.com"
    assert fold_email(" ") is None
    assert fold_email(5) is None


def random_message(rnd: random.Random) -> dict[str, object]:
    message: dict[str, object] = {"type": rnd.choice(("track", "track", "identify", "identify", "alias"))}
    if rnd.random() < 0.6:
        message["userId"] = f"u{rnd.randrange(5)}"
    if rnd.random() < 0.6:
        message["anonymousId"] = f"a{rnd.randrange(6)}"
    if rnd.random() < 0.7:
        message["traits"] = {"email": f"E{rnd.randrange(4)}@x.example", "phone": f"091212345{rnd.randrange(4):02}"}
    if message["type"] == "alias":
        message["previousId"] = f"{rnd.choice('ua')}{rnd.randrange(6)}"
    return message


def test_agrees_with_the_simulator(request):
    """2,000 random worlds: the same contacts, labels and mergers as tests/simulator, which shares no code with us."""
    simulator = pytest.importorskip("tests.simulator.identity")
    model = pytest.importorskip("tests.simulator.model")
    for seed in range(request.config.getoption("--runs") or 2000):
        rnd = random.Random(seed)
        world = model.World({}, {}, "UTC", "gregorian", "PT1H", "USD")
        numbers = iter(range(10_000))
        book = IdentityBook(lambda key, numbers=numbers: next(numbers))
        for _ in range(rnd.randrange(1, 25)):
            message = random_message(rnd)
            traits = message.get("traits", {}) if message["type"] == "identify" else {}
            names = Names(
                message.get("userId"),
                message.get("anonymousId"),
                fold_email(traits.get("email")),
                fold_phone(traits.get("phone")),
                message.get("previousId"),
                message["type"] == "alias",
            )
            expected, got = simulator.resolve(world, message), book.resolve(names)
            if expected is None or got is None:
                assert expected is got, (seed, message)
                continue
            contact, losers = expected
            for loser in losers:
                simulator.hand_over_names(world, loser, contact)
            person, merges = got
            assert (person.id, person.key, person.label) == (contact.number, contact.key, contact.label), (
                seed,
                message,
            )
            assert [merge.loser.id for merge in merges] == [loser.number for loser in losers], (seed, message)
            assert [merge.loser.label for merge in merges] == [loser.label for loser in losers], (seed, message)


def test_known_names_cost_little(book):
    """The back-test reads a million messages with it. Measured: 0.3 µs a message; 3 is the bound on a busy machine."""
    known = [Names(user=f"u{n}", anonymous=f"a{n}") for n in range(1000)]
    for names in known:
        book.resolve(names)
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        for names in known:
            book.resolve(names)
        best = min(best, (time.perf_counter() - began) / len(known))
    assert best < 3e-6
