"""Slack, by an incoming webhook (https://api.slack.com/messaging/webhooks). The whole address is a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from safar.channels.fields import Field
from safar.channels.notices.bots import seconds_of
from safar.channels.notices.kind import DestinationKind
from safar.channels.notices.line import DestinationLine
from safar.channels.provider import Accepted, AccountRefused, Line, NotNow, Parcel, Refused, Verdict
from safar.channels.services.http_line import without_sense, words_of
from safar.lib.calls import Answered, Call
from safar.lib.faults import Faults, said

PATH = re.compile(r"/[A-Za-z0-9/_-]{8,200}")
# Slack's words (https://api.slack.com/messaging/webhooks#handling_errors) that mean that this webhook is over.
OVER = {
    "invalid_token": "login",
    "no_active_hooks": "login",
    "no_service": "login",
    "no_service_id": "login",
    "no_team": "login",
    "team_disabled": "login",
    "user_not_found": "chat",
    "channel_not_found": "chat",
    "channel_is_archived": "chat",
    "action_prohibited": "chat",
    "posting_to_general_channel_denied": "chat",
}
CONTENT = ("invalid_payload", "no_text", "too_many_attachments", "invalid_blocks")


class SlackLine(DestinationLine):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def request(self, parcel: Parcel) -> Call:
        text = parcel.source.decode().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        body = json.dumps({"text": text, "unfurl_links": False}).encode()
        return Call("POST", self.url, {"Content-Type": "application/json"}, body)

    def judge(self, answer: Answered) -> Verdict:
        word = answer.text.strip()[:100]
        if answer.status == 200 and word == "ok":
            return Accepted(said=word)
        words = words_of(answer)
        if word in OVER:
            return AccountRefused(OVER[word], words)
        if word in CONTENT:
            return Refused("content", words)
        if answer.status == 429:
            return NotNow("quota", words, seconds_of(answer.headers.get("retry-after")))
        if word == "rollup_error":
            return NotNow("service_down", words)
        return AccountRefused("login", words) if answer.status in (404, 410) else without_sense(answer)


class Slack(DestinationKind):
    key = "slack"
    icon = "brand-slack"
    label = {"en": "Slack", "fa": "اسلک"}
    help = {
        "en": "By an incoming webhook: in Slack make an app, switch Incoming Webhooks on and choose the channel.",
        "fa": "با وب‌هوک ورودی: در Slack یک app بسازید، Incoming Webhooks را روشن کنید و کانال را برگزینید.",
    }
    base = "https://hooks.slack.com"
    fields = (
        Field(
            name="url",
            label={"en": "Webhook URL", "fa": "نشانی وب‌هوک"},
            help={
                "en": "Begins with `https://hooks.slack.com/`.",
                "fa": "با `https://hooks.slack.com/` آغاز می‌شود.",
            },
            secret=True,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not settings["url"].startswith(f"{self.base}/") or not PATH.fullmatch(settings["url"][len(self.base) :]):
            faults.at("url").add(said("is no incoming webhook of Slack: it begins with %(base)s/", base=self.base))

    def open(self, settings: Mapping[str, str]) -> Line:
        return SlackLine(settings["url"])
