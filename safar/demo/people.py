"""Who a contact is: names, addresses, consent, and what they are like as customers. Drawn from one random source each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from safar.contacts.ids import bucket, contact_id
from safar.demo.shops import Shop
from safar.lib.hashing import share
from safar.lib.jalali import from_jalali, month_length

# Nobody can be called by these: no Iranian operator has 097x (phonenumbers knows none either), and Ofcom keeps
# 07700 900000 to 900999 free for stories. The second range ends after a thousand; who comes later has no phone.
IRANIAN_NUMBERS = "0970{:07d}"
BRITISH_NUMBERS, BRITISH_COUNT, BRITISH_EVERY = "+447700900{:03d}", 1000, 11

# A round of the engine costs about the same for ten people as for a thousand, and every lane has rounds of its own. So the demo's
# people have names that put them into two of the sixteen lanes: loading walks them side by side, and in an eighth of the rounds.
CROWDED = 2
ROOM = 256  # numbers among which everybody finds theirs


@dataclass(slots=True)
class Person:
    """A contact before anything happened. user: None for one who never says who they are; key: what stable hashes use."""

    number: int
    user: str | None
    anonymous: str | None  # known by it before they are identified
    known_before: bool  # came before the 180 days, with a past
    interest: str
    email_consent: bool
    sms_consent: bool
    withdraws: bool
    traits: dict[str, Any] = field(default_factory=dict)
    open_rate: float = 0.0
    visit_gap: float = 1.0  # mean days between visits
    leaving: float = 0.5  # chance that a visit is the last one
    buying: float = 1.0  # how much more, or less, likely to buy than others

    @property
    def key(self) -> str:
        """The first name this contact ever gives (docs/semantics.md 4)."""
        return self.anonymous or self.user or ""

    def held_out(self, journey: str, per_cent: float) -> bool:
        """Whether the control group of a journey takes them, by the engine's own hash: they get none of its messages."""
        return share(f"{self.key}|{journey}|control") * 100 < per_cent


def draw_person(shop: Shop, number: int, rng: Random) -> Person:
    """number: from 0; the same one with the same source is the same person."""
    habits = shop.habits
    drawn = rng.random
    never_identified = drawn() < habits["anonymous"]
    known_before = not never_identified and drawn() < habits["known_before"]
    from_device = never_identified or (not known_before and drawn() < habits["begins_anonymous"])
    anonymous = _device(rng) if from_device else None
    user = None if never_identified else _user(shop, number)
    traits = {} if never_identified else _traits(shop, number, rng)
    has_email, has_phone = "email" in traits, "phone" in traits
    email_consent = has_email and drawn() < habits["consent_email"] / habits["email"]
    person = Person(
        number,
        user,
        anonymous,
        known_before,
        rng.choices(shop.interests.values, cum_weights=shop.interests.cumulative)[0],
        email_consent,
        has_phone and drawn() < habits["consent_sms"] / habits["phone"],
        email_consent and drawn() < habits["withdraws"],
        traits,
    )
    person.open_rate = rng.betavariate(*habits["open_rate"])
    # Few come every other day and many once a month: visits are Poisson, their rate is Gamma over people, and after each
    # visit one may be gone for good. So the counts are negative binomial with an end, as in Pareto/NBD.
    person.visit_gap = habits["session_gap_days"] / max(rng.gammavariate(1.3, 0.9), 0.08)
    person.leaving = rng.betavariate(0.9, 5.2)
    person.buying = rng.gammavariate(1.1, 0.91)
    return person


def _user(shop: Shop, number: int) -> str:
    """The account's number: nobody else's, and crowded."""
    first = 10_000 + number * ROOM
    names = (f"{shop.prefix.lower()}-{account}" for account in range(first, first + ROOM))
    return next(name for name in names if _is_crowded(name))


def _device(rng: Random) -> str:
    while not _is_crowded(name := f"{rng.getrandbits(64):016x}"):
        pass
    return name


def _is_crowded(key: str) -> bool:
    return bucket(contact_id(0, key)) % 16 < CROWDED


def _traits(shop: Shop, number: int, rng: Random) -> dict[str, Any]:
    habits, drawn = shop.habits, rng.random
    first, first_latin = shop.first_names[int(drawn() ** 1.3 * len(shop.first_names))]
    last, last_latin = shop.last_names[int(drawn() ** 1.3 * len(shop.last_names))]
    traits: dict[str, Any] = {}
    if drawn() < habits["first_name"]:
        traits["first_name"] = first
    if drawn() < habits["last_name"]:
        traits["last_name"] = last
    with_email = drawn() < habits["email"]
    phone = _phone(shop, number, drawn())
    if with_email or phone is None:
        host = shop.mail_hosts[int(drawn() * len(shop.mail_hosts))]
        traits["email"] = f"{first_latin}.{last_latin}{number + 1}@{host}"
    if phone is not None:
        traits["phone"] = phone
    if drawn() < habits["city"]:
        traits["city"] = rng.choices(shop.cities.values, cum_weights=shop.cities.cumulative)[0]
    if drawn() < habits["language"]:
        traits["language"] = shop.language
    if drawn() < habits["birthday"]:
        traits["birthday"] = _birthday(shop, rng).isoformat()
    if drawn() < habits["elsewhere"]:
        traits["timezone"] = shop.zones[int(drawn() * len(shop.zones))]
        traits.pop("city", None)
    return traits


def _phone(shop: Shop, number: int, drawn: float) -> str | None:
    """A number that is nobody else's, or none. drawn: 0 to 1."""
    if shop.calendar == "jalali":
        # 7919 shares no factor with ten million: no number comes twice.
        return IRANIAN_NUMBERS.format(number * 7919 % 10_000_000) if drawn < shop.habits["phone"] else None
    nth, rest = divmod(number, BRITISH_EVERY)
    return BRITISH_NUMBERS.format(nth) if rest == 0 and nth < BRITISH_COUNT else None


def _birthday(shop: Shop, rng: Random) -> date:
    """A day of the shop's calendar, as a Gregorian date: traits keep no other."""
    if shop.calendar != "jalali":
        return date(1956, 1, 1) + timedelta(days=int(rng.random() * 51 * 365.25))
    year, month = 1335 + int(rng.random() * 52), 1 + int(rng.random() * 12)
    return from_jalali(year, month, 1 + int(rng.random() * month_length(year, month)))
