"""What to look at before a template goes out: found by reading it, for no contact in particular. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from safar.content.pattern_text import places
from safar.content.render import CannotRender, parse
from safar.content.sms import has_stop_word

LONG_SUBJECT = 60  # characters; phones show 40 to 60 of them
LARGEST_LETTER = 100 * 1024  # bytes of HTML; Gmail shows 102 KB of it and hides the rest, the way out too
SAFE = (
    "contact", "facts", "entry", "cart", "latest_order", "workspace", "journey", "unsubscribe_url", "preferences_url", "confirm_url", "now",
)  # fmt: skip
FIXED = {
    "workspace": ("name", "language", "currency"),
    "journey": ("key", "point"),
}
_PLAIN_LINK = re.compile(r"(?:https?:)?//[^\s.]+(?:[\s/]|$)|https?://(?:localhost|127\.|.*\bexample\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """level: fault (it will not work), warning (it will be regretted) or note. code: says what (the pages have the words)."""

    level: str
    code: str
    language: str = ""
    part: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def check(
    template: Mapping[str, Any], *, known: Mapping[str, Collection[str]], marketing: bool, wanted: Collection[str]
) -> list[Remark]:
    """known: "contact" and "facts" → names that there are; what is not named there is not judged. wanted: languages of the workspace."""
    languages = template.get("languages") or {}
    found = [Remark("warning", "missing_language", language) for language in wanted if not languages.get(language)]
    for language, texts in languages.items():
        found += _language(template.get("channel", ""), language, texts, known, marketing)
    return found


def _language(
    channel: str, language: str, texts: Mapping[str, Any], known: Mapping[str, Collection[str]], marketing: bool
) -> Iterator[Remark]:
    body = texts.get("html") or texts.get("text") or ""
    pattern = texts.get("pattern")
    if isinstance(pattern, Mapping):
        yield from _pattern(pattern, language, known)
    elif not body.strip():
        yield Remark("fault", "no_text", language)
    if channel == "email":
        subject = texts.get("subject") or ""
        if not subject.strip():
            yield Remark("fault", "no_subject", language, "subject")
        elif len(re.sub(r"\{\{.*?\}\}", "xxxxxx", subject)) > LONG_SUBJECT:
            yield Remark("warning", "long_subject", language, "subject", {"n": len(subject), "most": LONG_SUBJECT})
        if (size := len((texts.get("html") or "").encode())) > LARGEST_LETTER:
            yield Remark(
                "warning", "large_letter", language, "html", {"n": size // 1024, "most": LARGEST_LETTER // 1024}
            )
        if marketing and "unsubscribe_url" not in body:
            yield Remark("note", "unsubscribe_added", language, "html")
    elif marketing and body.strip() and not has_stop_word(body):
        if language == "fa":
            yield Remark("note", "stop_word_added", language, "text")
        elif not re.search(r"unsubscribe_url|\bSTOP\b", body):
            yield Remark("warning", "no_way_out", language, "text")
    for part, text in texts.items():
        if part == "pattern":
            continue
        yield from _variables(text, language, part, known)
    for address in _addresses(texts.get("html") or ""):
        if not address.strip() or address.strip() == "#" or _is_broken(address):
            yield Remark("warning", "broken_link", language, "html", {"address": address[:200]})


def _pattern(pattern: Mapping[str, Any], language: str, known: Mapping[str, Collection[str]]) -> Iterator[Remark]:
    """A pattern whose faults are none: variables and places that do not meet."""
    variables = pattern.get("variables")
    if not isinstance(variables, Mapping) or not isinstance(pattern.get("text"), str):
        return
    there = places(pattern["text"])
    for name, source in variables.items():
        if str(name).lower() not in there:
            yield Remark("warning", "pattern_no_place", language, "pattern", {"name": str(name)})
        if isinstance(source, str):
            yield from _variables(source, language, "pattern", known)
    for name in sorted(there - {str(one).lower() for one in variables}):
        yield Remark("warning", "pattern_no_value", language, "pattern", {"name": name})


def _variables(text: str, language: str, part: str, known: Mapping[str, Collection[str]]) -> Iterator[Remark]:
    try:
        paths = parse(text, html=part == "html").variable_paths()
        own = set(parse(text, html=part == "html").global_variables())
    except CannotRender as fault:
        yield Remark("fault", "liquid", language, part, {"said": str(fault)})
        return
    except Exception:  # reading ahead is a service; what cannot be read so is judged when it is rendered
        return
    told = set()
    for path in paths:
        root, _, rest = path.partition(".")
        name = rest.split(".")[0].split("[")[0]
        names = FIXED.get(root) or known.get(root)
        unknown = root not in SAFE if root in own else False
        if root in own and not unknown and name and names is not None and name not in names:
            unknown = True
        shown = f"{root}.{name}" if name else root
        if unknown and shown not in told:
            told.add(shown)
            yield Remark("warning", "unknown_variable", language, part, {"name": shown})


def _is_broken(address: str) -> bool:
    if "{{" in address or "{%" in address:
        return False
    if address.startswith(("mailto:", "tel:")):
        return len(address) < 8
    return not address.startswith(("https://", "http://")) or bool(_PLAIN_LINK.search(address))


def _addresses(html: str) -> list[str]:
    reader = _Links()
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.found))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")
