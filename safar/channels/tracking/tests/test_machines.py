"""A person or a machine: the table of docs/tracking.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safar.channels.tracking.machines import GMAIL_AHEAD, Hit, judge
from safar.channels.tracking.tokens import OPENED, TRAP, Tracked

SENT = datetime(2026, 3, 21, 12, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)
OUTLOOK = (
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.5387; ms-office)"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
LINK = 1234


def hit(link: int = LINK, after: float = 600, **rest) -> Hit:
    return Hit(Tracked(1, 2, 3, link), SENT + timedelta(seconds=after), **{"agent": PHONE, **rest})


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (hit(), ""),
        (hit(agent=ANDROID), ""),
        (hit(OPENED, agent=OUTLOOK), ""),
        (hit(OPENED, agent=GMAIL), ""),
        (hit(OPENED, agent=YAHOO), ""),
        (hit(OPENED, agent="Mozilla/5.0"), "apple_privacy"),
        (hit(agent="Mozilla/5.0"), ""),  # who reads there clicks with a browser of their own; the words alone say nothing
        (hit(OPENED, agent=f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {GMAIL_AHEAD}"), "gmail_prefetch"),
        (hit(head=True), "head"),
        (hit(ahead=True), "prefetch"),
        (hit(agent=""), "agent"),
        (hit(agent="curl/8.5.0"), "agent"),
        (hit(agent="python-requests/2.32"), "agent"),
        (hit(agent="Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"), "agent"),
        (hit(agent="facebookexternalhit/1.1 Facebot Twitterbot/1.0"), "agent"),  # a telephone showing what an SMS links to
        (hit(agent="TelegramBot (like TwitterBot)"), "agent"),
        (hit(agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0 Safari/537.36"), "agent"),
        (hit(agent="Barracuda Sentinel (EE)"), "agent"),
        (hit(after=4.9), "too_soon"),
        (hit(after=5), ""),
        (hit(OPENED, after=1.9), "too_soon"),
        (hit(OPENED, after=2), ""),
        (hit(OPENED, after=1, agent=GMAIL), "too_soon"),
        (hit(TRAP), "trap"),
        (hit(said="person", agent="", after=0), ""),
        (hit(said="machine"), "reported"),
    ],
)  # fmt: skip
def test_alone(one: Hit, reason: str) -> None:
    assert judge(one, [one], sent_at=SENT) == reason


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ([hit(2000), hit(2001)], "many_links"),
        ([hit(2000, 600.9), hit(2001, 599.2)], "many_links"),
        ([hit(2000, 602), hit(2001, 598)], ""),
        ([hit(2000), hit(OPENED)], ""),
        ([hit(), hit(), hit()], ""),
    ],
    ids=["three at once", "within a second", "one after the other", "an opening is no link", "the same again"],
)
def test_among_others(others: list[Hit], reason: str) -> None:
    one = hit()
    assert judge(one, [one, *others], sent_at=SENT) == reason


def test_what_came_with_a_visit_to_the_link_that_nobody_sees() -> None:
    trapped = SENT + timedelta(seconds=630)
    assert judge(hit(after=600), trapped_at=trapped) == "trap"
    assert judge(hit(after=691), trapped_at=trapped) == ""
    assert judge(hit(OPENED, after=630), trapped_at=trapped) == ""  # its reader may have it open at that very time


def test_when_it_left_is_not_known() -> None:
    assert judge(hit(after=0)) == ""
