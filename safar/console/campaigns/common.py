"""What every page of a campaign needs: the campaign or a 404, its names in the page's language, the message it sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.http import Http404
from django.utils.html import strip_tags
from django.utils.text import Truncator

from safar.console.access import ConsoleRequest
from safar.console.campaigns.words import COLOURS, STATES
from safar.console.journeys.common import language, reading, title_of
from safar.console.segments.listing import title_of as segment_title
from safar.content.models import Template
from safar.journeys.campaigns.plan import Variant
from safar.journeys.campaigns.progress import Campaign, find_campaign
from safar.journeys.campaigns.services import moment_of
from safar.segments.models import Segment

BEGINNING = 400  # characters of an e-mail that its campaign shows
_UNREAD = re.compile(r"(?is)<(style|script|head|title)\b.*?</\1>|<!--.*?-->")


@dataclass(frozen=True)
class Sent:
    """A message of a campaign. share: of those who get it, 0 to 1; parts: subject, preheader and text in one language.

    words: how an e-mail begins, without its pictures and colours.
    """

    key: str
    title: str
    channel: str
    share: float
    parts: Mapping[str, str]
    words: str
    missing: bool


def now() -> datetime:
    return datetime.now(UTC)


def find(request: ConsoleRequest, key: str) -> Campaign:
    """The campaign of this workspace, or 404."""
    found = find_campaign(reading(), request.workspace, key, now())
    if found is None:
        raise Http404
    return found


def described(request: ConsoleRequest, one: Campaign, segments: Mapping[str, str]) -> dict[str, Any]:
    """What the list and the page say of a campaign."""
    return {
        "campaign": one,
        "title": title_of({"title": dict(one.plan.title)}, one.journey.key, language()),
        "state": STATES[one.state],
        "colour": COLOURS[one.state],
        "segment": segments.get(one.plan.segment, one.plan.segment),
        "segment_known": one.plan.segment in segments,
        "at": moment_of(one.plan, request.workspace) if one.plan.at else None,
    }


def segment_titles(request: ConsoleRequest) -> dict[str, str]:
    """key → title, in the order of segments."""
    return {
        each.key: segment_title(each) for each in Segment.objects.filter(workspace=request.workspace).order_by("id")
    }


def templates_of(request: ConsoleRequest) -> dict[str, Template]:
    """key → template, those changed last first."""
    found = Template.objects.filter(workspace_id=request.workspace.pk).order_by("-updated_at", "key")
    return {each.key: each for each in found}


def messages_of(request: ConsoleRequest, variants: tuple[Variant, ...]) -> list[Sent]:
    """What the campaign sends, in the page's language where it is written in it."""
    known = templates_of(request)
    whole = sum(each.share for each in variants) or 1
    found = []
    for each in variants:
        template = known.get(each.template)
        written = template.languages if template else {}
        parts: Mapping[str, str] = written.get(language()) or next(iter(written.values()), {})
        found.append(
            Sent(
                key=each.template,
                title=(template.title or template.key) if template else each.template,
                channel=template.channel if template else "",
                share=each.share / whole,
                parts=parts,
                words=_words(parts),
                missing=template is None,
            )
        )
    return found


def _words(parts: Mapping[str, str]) -> str:
    text = parts.get("text") or strip_tags(_UNREAD.sub(" ", parts.get("html", "")).replace("<", " <"))
    return Truncator(" ".join(unescape(text).split())).chars(BEGINNING)
