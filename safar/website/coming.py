"""Where somebody was who saw a form, and from where they had come: as the script says it, or the address of a form's own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LONGEST_ADDRESS, LONGEST_NAME = 2_000, 200
# Names in what is sent → those of Segment's `context.campaign`.
CAMPAIGN = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "name", "utm_term": "term", "utm_content": "content"}  # fmt: skip
SENT = ("referrer", *CAMPAIGN)


@dataclass(frozen=True, slots=True)
class Coming:
    """url: the page, empty for a form's own; referrer: the page before the visit; campaign: UTM parameters by Segment's names."""

    url: str = ""
    referrer: str = ""
    campaign: Mapping[str, str] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """Host and path, as figures have it."""
        parts = _parts(self.url)
        return f"{parts[0]}{parts[1]}"[:LONGEST_NAME] if parts[0] else ""

    @property
    def source(self) -> str:
        """utm_source, else the host of the referrer, but for the site itself."""
        host = _parts(self.referrer)[0]
        return self.campaign.get("source") or (host if host != _parts(self.url)[0] else "")

    @property
    def context(self) -> dict[str, Any]:
        """As events keep it; what is not known is left out."""
        page = {name: value for name, value in (("url", self.url), ("referrer", self.referrer)) if value}
        return {**({"page": page} if page else {}), **({"campaign": dict(self.campaign)} if self.campaign else {})}


def read_coming(given: Mapping[str, str]) -> Coming:
    """given: page, referrer, utm_source, utm_medium, …, as anybody may have sent it."""
    campaign = {own: value for name, own in CAMPAIGN.items() if (value := _clean(given.get(name, ""), LONGEST_NAME))}
    return Coming(_address(given.get("page", "")), _address(given.get("referrer", "")), campaign)


def _address(text: str) -> str:
    text = _clean(text, LONGEST_ADDRESS)
    return text if text.startswith(("http://", "https://")) else ""


def _clean(text: str, most: int) -> str:
    return "".join(one for one in text if one.isprintable()).strip()[:most]


def _parts(url: str) -> tuple[str, str]:
    """(host, path)."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "")[:LONGEST_NAME], parts.path.rstrip("/")
    except ValueError:
        return "", ""
