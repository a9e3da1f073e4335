"""Bots by the API of Telegram (https://core.telegram.org/bots/api#sendmessage), which Bale has taken over (https://docs.bale.ai).

Texts go without a parse mode: nothing in them is markup. The token stands in the address; addresses are therefore never written down.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from safar.channels.fields import Field
from safar.channels.notices.kind import DestinationKind
from safar.channels.notices.line import DestinationLine
from safar.channels.provider import Accepted, AccountRefused, Line, NotNow, Parcel, Refused, Unanswered, Verdict
from safar.channels.services.http_line import read_json, without_sense, words_of
from safar.lib.calls import Answered, Call
from safar.lib.faults import Faults, said

TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{8,100}")
CHAT = re.compile(r"-?\d{1,20}|@[A-Za-z]\w{3,40}")
LONGEST_WAIT = 3_600  # seconds of a "retry after" that is believed
_GONE = re.compile(r"chat not found|chat_id is empty|group chat was|kicked|blocked|not a member|deactivated|no such group", re.I)  # fmt: skip


class BotLine(DestinationLine):
    def __init__(self, base: str, settings: Mapping[str, str]) -> None:
        super().__init__()
        self.base, self.settings = base, settings

    def request(self, parcel: Parcel) -> Call:
        url = f"{self.base}/bot{quote(self.settings['token'], safe=':')}/sendMessage"
        what = {"chat_id": self.settings["chat"], "text": parcel.source.decode(), "disable_web_page_preview": True}
        return Call("POST", url, {"Content-Type": "application/json"}, json.dumps(what).encode())

    def judge(self, answer: Answered) -> Verdict:
        found = read_json(answer)
        if not isinstance(found, dict) or not isinstance(found.get("ok"), bool):
            return without_sense(answer)
        if found["ok"]:
            number = found["result"].get("message_id") if isinstance(found.get("result"), dict) else None
            return Accepted(str(number)) if number else Unanswered("strange_answer", words_of(answer))
        described = str(found.get("description") or "")
        code = found["error_code"] if isinstance(found.get("error_code"), int) else answer.status
        words = f"{code} {described}"[:300].strip()
        if code == 429:
            return NotNow("quota", words, retry_after(found.get("parameters")))
        if code >= 500:
            return NotNow("service_down", words)
        if code in (401, 404):
            return AccountRefused("login", words)
        if code == 403 or _GONE.search(described):
            return AccountRefused("chat", words)
        return Refused("too_large" if "too long" in described else "content", words)


class Bot(DestinationKind):
    """base: where the API is."""

    base: ClassVar[str]
    fields = (
        Field(
            name="token",
            label={"en": "The bot's token", "fa": "توکن بات"},
            help={"en": "As BotFather gave it: `123456789:AA…`", "fa": "همان که BotFather داده است: `123456789:AA…`"},
            secret=True,
        ),
        Field(
            name="chat",
            label={"en": "Chat id", "fa": "شناسهٔ گفت‌وگو"},
            help={
                "en": "Of the person, group or channel, such as `-1001234567890` or `@shop_team`. The bot has to be in it; a person has to have written to it first.",
                "fa": "شناسهٔ شخص، گروه یا کانال، مانند `-1001234567890` یا `@shop_team`. بات باید عضو آن باشد؛ شخص باید پیش‌تر به بات پیام داده باشد.",
            },
            longest=60,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not TOKEN.fullmatch(settings["token"]):
            faults.at("token").add(said("is no token of a bot: it looks like 123456789:AA…"))
        if not CHAT.fullmatch(settings["chat"]):
            faults.at("chat").add(said("is no chat id: a number, or @ and a name"))

    def open(self, settings: Mapping[str, str]) -> Line:
        return BotLine(self.base, settings)


def retry_after(parameters: Any) -> timedelta:
    """How long the service wants to be left alone; nothing where it does not say."""
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else parameters
    return seconds_of(seconds)


def seconds_of(said: Any) -> timedelta:
    """Of a whole number, or of its digits."""
    if isinstance(said, str) and said.isascii() and said.isdecimal():
        said = int(said[:9])
    number = said if isinstance(said, int) and not isinstance(said, bool) else 0
    return timedelta(seconds=min(max(number, 0), LONGEST_WAIT))
