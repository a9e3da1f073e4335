"""Making one message from its template and one contact's data. Runs in a child process (pool.py); pure.

A job is plain data, all of it JSON:
template: {"channel", "languages", "fallbacks", "strict"} as in the model; language: of the contact, or None; data:
{"contact", "facts", "entry", "journey", "cart", "latest_order", "workspace", "unsubscribe_url", "preferences_url", "confirm_url", "now"}; locale:
{"language" of the workspace, "calendar", "zone", "currency", "unit"}; unsubscribe: a link has to be in it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from safar.content import html as documents
from safar.content.liquid import LARGEST_SOURCE, environment
from safar.content.pattern_text import fill
from safar.lib.faults import said

LONGEST_SUBJECT = 500  # characters
LONGEST_FAULT = 500


class CannotRender(ValueError):
    """The template cannot be made into a message for this contact; the text says why, in words for whoever wrote it."""


def render(job: Mapping[str, Any]) -> dict[str, Any]:
    """{"language", "subject", "html", "text", "pattern"}; html is empty for SMS. pattern: {"code", "text", "values", "second"} of one that is filled, else None;
    the text beside it may then be empty. Raises CannotRender."""
    template = job["template"]
    language, texts = choose_language(template["languages"], job.get("language"), job["locale"].get("language"))
    data = with_fallbacks(job["data"], template.get("fallbacks") or {}, language)
    data["locale"] = {**job["locale"], "language": language}
    strict = bool(template.get("strict"))
    email = template.get("channel") == "email"
    subject = " ".join(_fill(texts.get("subject"), data, strict, "subject").split())[:LONGEST_SUBJECT] if email else ""
    body = _fill(texts.get("html"), data, strict, "html") if email else ""
    if texts.get("pattern") and not email:
        pattern, text = _sms(texts, data, strict)
    else:
        pattern, text = None, _fill(texts.get("text"), data, strict, "text")
    link = data.get("unsubscribe_url") if job.get("unsubscribe") else None
    choices = data.get("preferences_url") if email else None
    if body:
        body = documents.wrap(body, language=language, subject=subject, unsubscribe_url=link, preferences_url=choices)
        text = text if text.strip() else documents.to_text(body)
        body = documents.put_preheader(body, _fill(texts.get("preheader"), data, strict, "preheader"))
    if not text.strip() and pattern is None:
        raise CannotRender(said("the text in %(language)s is empty", language=language))
    if email:
        links = ((link, documents.UNSUBSCRIBE), (choices, documents.PREFERENCES))
        missing = [f"{words.get(language, words['en'])}: {url}" for url, words in links if url and url not in text]
        text = text.rstrip() + "\n\n" + "\n".join(missing) + "\n" if missing else text
    made = {"language": language, "subject": _clean(subject), "html": _clean(body), "text": _clean(text)}
    return {**made, "pattern": pattern}


def _sms(texts: Mapping[str, Any], data: Mapping[str, Any], strict: bool) -> tuple[dict[str, Any] | None, str]:
    """(the pattern with its values, the free text) of a language that has a pattern; one that cannot be filled does not keep the other back."""
    written = texts["pattern"]
    text, fault = "", None
    try:
        text = _fill(texts.get("text"), data, strict, "text")
    except CannotRender as error:
        fault = error
    try:
        values = {
            name: _clean(" ".join(_fill(source, data, strict, f"pattern.{name}").split()))
            for name, source in written["variables"].items()
        }
    except CannotRender as error:
        if not text.strip():
            raise fault or error from None
        return None, text
    filled = _clean(fill(written["text"], values))
    return {"code": written["code"], "text": filled, "values": values, "second": bool(written.get("second"))}, text


def choose_language(languages: Mapping[str, Any], *wanted: str | None) -> tuple[str, Mapping[str, str]]:
    """The first of ``wanted`` that the template has (``fa-IR`` counts as fa), else the first it has. Raises
    CannotRender: it has none.
    """
    for language in wanted:
        short = (language or "").replace("_", "-").split("-")[0].lower()
        if short in languages:
            return short, languages[short]
    for language, texts in languages.items():
        return language, texts
    raise CannotRender(said("the template has no text in any language"))


def with_fallbacks(data: Mapping[str, Any], fallbacks: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The data with what stands for missing values put in; a value that is missing, null or empty text counts as
    missing.
    """
    if not fallbacks:
        return dict(data)
    filled: dict[str, Any] = copy.deepcopy(dict(data))
    for path, texts in fallbacks.items():
        text = texts.get(language) if isinstance(texts, Mapping) else texts
        *folders, name = path.split(".")
        place: Any = filled
        for folder in folders:
            place = place.setdefault(folder, {}) if isinstance(place, dict) else None
        if text is not None and isinstance(place, dict) and place.get(name) in (None, ""):
            place[name] = text
    return filled


def parse(source: str, *, html: bool, strict: bool = False) -> BoundTemplate:
    """The parsed text. Raises CannotRender with the line where it is wrong."""
    if len(source) > LARGEST_SOURCE:
        raise CannotRender(said("the text is longer than %(largest_source)s characters", largest_source=LARGEST_SOURCE))
    return _parse(source, html, strict)


@lru_cache(maxsize=256)  # a batch is mostly one template
def _parse(source: str, html: bool, strict: bool) -> BoundTemplate:
    try:
        return environment(html=html, strict=strict).from_string(source)
    except LiquidError as error:
        raise CannotRender(_words(error)) from None


def _fill(source: str | None, data: Mapping[str, Any], strict: bool, part: str) -> str:
    if not source:
        return ""
    try:
        return parse(source, html=part == "html", strict=strict).render(**data)
    except CannotRender as fault:
        raise CannotRender(said("%(place)s: %(problem)s", place=part, problem=fault)) from None
    except MemoryError:
        raise CannotRender(
            said("%(place)s: %(problem)s", place=part, problem=said("it needs too much memory"))
        ) from None
    except LiquidError as error:
        raise CannotRender(said("%(place)s: %(problem)s", place=part, problem=_words(error))) from None
    except Exception as error:  # a filter that was given what it was not made for; never the process's end
        raise CannotRender(f"{part}: {type(error).__name__}: {str(error)[:LONGEST_FAULT]}") from None


def _words(error: LiquidError) -> str:
    line = getattr(getattr(error, "token", None), "source", None)
    problem = str(error.args[0] if error.args else error)[:LONGEST_FAULT]
    if line is not None and error.token is not None:
        number = line.count(chr(10), 0, error.token.start_index) + 1
        return said("line %(line)s: %(problem)s", line=number, problem=problem)
    return problem


def _clean(text: str) -> str:
    """What PostgreSQL and mail refuse (NUL, lone surrogates) is left out; filters such as url_decode can make it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
