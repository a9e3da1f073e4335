"""Whether a person opened or clicked, or a machine did: scanners of mail services follow links, and Apple's mail program opens every mail.
Pure; docs/tracking.md has the table.

Of a doubt the person has the benefit where pictures are shown through a proxy: Gmail and Yahoo ask for them when somebody opens the mail. What is
taken for a machine's is kept beside, with the reason, and nothing is decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safar.channels.tracking.tokens import OPENED, TRAP, Tracked

# Nobody reads and presses so soon after the message has left us.
SOONEST = {"open": timedelta(seconds=2), "click": timedelta(seconds=5)}
AT_ONCE, MANY = timedelta(seconds=1), 3  # so many links of one message within so long
TRAPPED = timedelta(seconds=60)  # around a visit to the link that no person sees

APPLE = "Mozilla/5.0"  # all that Apple's Mail Privacy Protection says of itself
GMAIL_AHEAD = "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"  # pictures fetched before the mail is shown
PROXIES = re.compile(
    r"GoogleImageProxy|YahooMailProxy|DuckDuckGo-Favicons|Proton", re.IGNORECASE
)  # on behalf of who reads
ROBOTS = re.compile(
    r"bot\b|bot[/;]|crawl|spider|scan|preview|fetch|monitor|facebookexternalhit|whatsapp|telegram|slack-img|skype|embed"
    r"|barracuda|mimecast|proofpoint|symantec|trendmicro|sophos|fortinet|forcepoint|cisco|ironport|messagelabs|safebrowsing|google-safety"
    r"|headless|phantomjs|selenium|puppeteer|playwright|lighthouse"
    r"|^(curl|wget|python|java|ruby|perl|php|go-http-client|okhttp|axios|node|undici|httpx?|libwww|apache-httpclient|dart|guzzle)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One request for a pixel or a link. agent: User-Agent. ahead: it says itself that nobody has asked for it yet (Purpose: prefetch).

    said: what an e-mail service says of it in its report: "person", "machine", or nothing.
    """

    what: Tracked
    at: datetime
    agent: str = ""
    head: bool = False
    ahead: bool = False
    said: str = ""

    @property
    def opened(self) -> bool:
        return self.what.link_id == OPENED


def judge(
    hit: Hit, others: Sequence[Hit] = (), *, sent_at: datetime | None = None, trapped_at: datetime | None = None
) -> str:
    """Why it was a machine; empty for a person. others: hits of the same message around this one, this one may be among them. sent_at: when
    it left the house. trapped_at: when the link that no person sees was visited.
    """
    if hit.what.link_id == TRAP or (trapped_at is not None and abs(hit.at - trapped_at) <= TRAPPED and not hit.opened):
        return "trap"
    if hit.said:
        return "" if hit.said == "person" else "reported"
    if hit.head:
        return "head"
    if hit.ahead:
        return "prefetch"
    if hit.opened and hit.agent.strip() == APPLE:
        return "apple_privacy"
    if hit.agent.endswith(GMAIL_AHEAD):
        return "gmail_prefetch"
    if not PROXIES.search(hit.agent) and (not hit.agent.strip() or ROBOTS.search(hit.agent)):
        return "agent"
    soonest = SOONEST["open" if hit.opened else "click"]
    if sent_at is not None and hit.at - sent_at < soonest:
        return "too_soon"
    near = {one.what.link_id for one in others if abs(one.at - hit.at) <= AT_ONCE and not one.opened}
    if not hit.opened and len(near | {hit.what.link_id}) >= MANY:
        return "many_links"
    return ""
