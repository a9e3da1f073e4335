"""How people answer what they are sent: the survey of the welcome, a win-back, newsletters.

The control groups of the journeys get none of it, and here they are known by the engine's own hash; so what a journey earns
beyond its control group is really there to be found.
"""

from __future__ import annotations

from random import Random

from safar.demo.buying import buy_straight
from safar.demo.diary import Diary
from safar.demo.people import Person
from safar.demo.seasons import DAY, Season

# Per cent held out, by journey; the definitions say the same (tests/test_journeys.py holds them together).
CONTROL = {"welcome": 10, "abandoned-cart": 15, "win-back": 20}
LAPSED_DAYS = 60
NEWSLETTER_EVERY, NEWSLETTER_FIRST = 25, 9  # days
HOUR = 3600


def is_sent(person: Person, journey: str) -> bool:
    """Whether the journey's e-mails reach them."""
    return person.email_consent and not person.held_out(journey, CONTROL[journey])


def answer_welcome(person: Person, diary: Diary, rng: Random, joined: int, orders: list[int]) -> None:
    """The links of the welcome ask for interest and for how often one wants to hear; the page they lead to tells the shop."""
    if not is_sent(person, "welcome"):
        return
    drawn = rng.random
    if drawn() < 0.46:
        at_once = drawn() < 0.66  # the others after the second mail
        hours = rng.expovariate(1 / 14) + 0.1 if at_once else 73 + rng.expovariate(1 / 20)
        said = {
            "interest": person.interest if drawn() < 0.85 else "gifts",
            "often": "weekly" if drawn() < 0.64 else "monthly",
        }
        diary.track(joined + int(hours * HOUR), "Interest Chosen", said)
    if drawn() < 0.055:
        coupon = "SALAM10" if diary.shop.language == "fa" else "HELLO10"
        buy_straight(person, diary, rng, joined + int((8.2 + drawn() * 8) * DAY), orders, coupon)


def come_back(person: Person, diary: Diary, rng: Random, orders: list[int]) -> None:
    """Some of those who have not bought for two months do again; more of them where somebody asked."""
    orders.sort()
    if not orders:
        return
    lapsed = orders[-1] + LAPSED_DAYS * DAY
    if lapsed > diary.end:
        return
    asked = is_sent(person, "win-back") and not person.withdraws
    if rng.random() < (0.085 if asked else 0.03):
        coupon = ("BARGARD15" if diary.shop.language == "fa" else "BACK15") if asked else ""
        buy_straight(person, diary, rng, lapsed + int((0.6 + rng.expovariate(1 / 9)) * DAY), orders, coupon)


def answer_newsletters(person: Person, season: Season, diary: Diary, rng: Random, joined: int) -> None:
    """What the shop's earlier mail service reports of its newsletter: sent, opened, clicked."""
    if not person.email_consent:
        return
    shop = diary.shop
    days = range(NEWSLETTER_FIRST, len(season.midnights) - 3, NEWSLETTER_EVERY)
    for number, day in enumerate(days, start=1):
        sent = season.midnights[day] + (18 if shop.late_evening else 10) * HOUR + int(rng.random() * 1200)
        if sent < joined:
            continue
        said = {
            "channel": "email",
            "template": f"newsletter-{number}",
            "message_id": f"{shop.prefix}N{number}-{person.number}",
        }
        if rng.random() < 0.003:
            diary.track(sent, "message_bounced", said)
            return
        diary.track(sent, "message_sent", said)
        if rng.random() < person.open_rate:
            opened = sent + int((0.1 + rng.expovariate(1 / 7)) * HOUR)
            diary.track(opened, "email_opened", said)
            if rng.random() < 0.17:
                diary.track(opened + 20 + int(rng.random() * 90), "email_clicked", {**said, "url": f"{shop.site}/"})
