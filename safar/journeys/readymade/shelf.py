"""What stands on the shelf, read from the folders beside this file.

A folder holds journey.yaml (the definition; a text of a point may be a text for each language), about.yaml (what it is good for, which stage it
serves, what it needs), en.yaml and fa.yaml (its messages), and segments.yaml where it names segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from safar.journeys.definition.model import LANGUAGES
from safar.journeys.definition.yaml12 import load_yaml
from safar.lib.faults import Fault, Refused, did_you_mean, said

# The five essential ones first, then along the road of a customer.
KEYS = (
    *("welcome", "abandoned-cart", "win-back", "ask-review", "organise"),
    *("browsed", "failed-payment", "order-shipped", "second-purchase", "birthday", "onboarding", "vip"),
)
STAGES: Mapping[str, tuple[str, str]] = {
    "awareness": ("awareness", "آگاهی"),
    "consideration": ("consideration", "معرفی و سنجش"),
    "conversion": ("conversion", "تبدیل"),
    "retention": ("retention", "نگهداشت"),
    "loyalty": ("loyalty", "وفاداری"),
}
SITE = "shop.example"  # stands for the shop's own address until somebody says it
FALLBACKS = {"contact.first_name": {"fa": "دوست عزیز", "en": "there"}}
# What stands above and below every e-mail; blocks like any other, for the shop to change.
_HEAD = {"kind": "heading", "level": 3, "text": "{{ workspace.name }}"}
_FOOT = {
    "en": "You get this because you signed up or ordered here. Had enough?",
    "fa": "این نامه را چون اینجا عضو شده یا خرید کرده‌اید گرفته‌اید. دیگر نمی‌خواهید؟",
}


@dataclass(frozen=True)
class Need:
    """kind: event, consent, fact, trait or coupon; name: of it; text: what to do about it, in the language asked for."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True)
class ReadyMade:
    """One journey of the shelf. title, about, stage_name: in the language asked for. stage: a key of STAGES.

    draft: the whole definition; templates, segments: keys of what comes along.
    """

    key: str
    title: str
    about: str
    stage: str
    stage_name: str
    needs: tuple[Need, ...]
    draft: Mapping[str, Any]
    templates: tuple[str, ...]
    segments: tuple[str, ...]


def list_ready_made(language: str) -> list[ReadyMade]:
    """All of them, in the order in which they are offered. language: en or fa."""
    return [find_ready_made(key, language) for key in KEYS]


def find_ready_made(key: str, language: str) -> ReadyMade:
    """Raises Refused where there is none of that key."""
    if key not in KEYS:
        raise Refused(
            [
                Fault(
                    "key",
                    said("there is no ready-made journey '%(key)s'%(hint)s", key=key, hint=did_you_mean(key, KEYS)),
                )
            ]
        )
    about = _read(key, "about")
    draft = read_draft(key, language)
    needs = []
    for need in about["needs"]:
        kind, name = next((kind, name) for kind, name in need.items() if kind not in LANGUAGES)
        needs.append(Need(kind, name, need[language]))
    return ReadyMade(
        key=key,
        title=draft["title"][language],
        about=about["about"][language],
        stage=about["stage"],
        stage_name=STAGES[about["stage"]][language == "fa"],
        needs=tuple(needs),
        draft=draft,
        templates=tuple(_read(key, language)),
        segments=tuple(read_segments(key)),
    )


def read_draft(key: str, language: str) -> dict[str, Any]:
    """The definition with the texts of its points in the language; titles keep both."""
    draft = dict(_read(key, "journey"))
    draft["points"] = {
        name: {word: _in(value, language) for word, value in point.items()} for name, point in draft["points"].items()
    }
    return draft


def read_segments(key: str) -> dict[str, Any]:
    """key → {title, condition}; empty where it names none."""
    return dict(_read(key, "segments"))


def read_templates(key: str, languages: Iterable[str], site: str = SITE) -> dict[str, Any]:
    """key → template as ``content.services.apply_templates`` takes it; the title is in the first of the languages.

    site: the shop's address without https://, put in place of shop.example.
    """
    found: dict[str, Any] = {}
    for language in languages:
        for name, written in _read(key, language).items():
            template = found.setdefault(
                name,
                {"channel": written["channel"], "title": written["title"], "languages": {}, "fallbacks": FALLBACKS},
            )
            template["languages"][language] = _at(site, _parts(written, language))
    return found


def _parts(written: Mapping[str, Any], language: str) -> dict[str, Any]:
    """subject, preheader, blocks; only text for SMS. The plain text of an e-mail is made from its blocks, so that it never says something else."""
    if written["channel"] != "email":
        return {"text": written["text"]}
    blocks = [_HEAD, *written["blocks"], {"kind": "footer", "text": _FOOT[language]}]
    return {"subject": written["subject"], "preheader": written["preheader"], "blocks": blocks}


def _at(site: str, value: Any) -> Any:
    """The same with the shop's own address in place of shop.example."""
    if isinstance(value, str):
        return value.replace(SITE, site)
    if isinstance(value, list):
        return [_at(site, one) for one in value]
    return {name: _at(site, one) for name, one in value.items()} if isinstance(value, Mapping) else value


def _in(value: Any, language: str) -> Any:
    """The text in the language, where a text for each language was written."""
    return value[language] if isinstance(value, Mapping) and set(value) == set(LANGUAGES) else value


@cache
def _read(key: str, name: str) -> Mapping[str, Any]:
    """Of a folder's files those that it has no use for may be missing: a journey that sends nothing has no messages."""
    file = files(__name__.rpartition(".")[0]) / key / f"{name}.yaml"
    found: Mapping[str, Any] = load_yaml(file.read_bytes()).data if file.is_file() else {}
    return found
