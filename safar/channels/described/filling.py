"""The templates of a form: ``{{ variable }}`` in an address, a header, or a body, each value written as its place asks for. Pure.

``{{ values }}`` stands for all variables of a pattern, written in one of the ways of WAYS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, quote_plus, urlsplit

from safar.lib.faults import Faults, did_you_mean, said

Escape = Callable[[str], str]
Values = Mapping[str, str | Callable[[Escape], str]]  # variable → text, or what writes it with an escape

ACCOUNT = ("sender", "key", "second_key", "basic")
MESSAGE = ("to", "to_local", "to_digits", "text", "number", "report_url", *ACCOUNT)
PATTERN = ("pattern", "values", *MESSAGE)
REPORTS = ("id", "ids", *ACCOUNT)
VARIABLE = re.compile(r"\{\{\s*([\w.]*)\s*\}\}")
TYPES = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
}
ESCAPES: Mapping[str, Escape] = {
    "form": quote_plus,
    "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "text": str,
}
_HEADER = re.compile(r"([A-Za-z0-9-]+)\s*:\s*(.*)")
_OURS = ("host", "content-length", "transfer-encoding", "connection")  # headers that are not the form's to say


def fill(template: str, values: Values, escape: Escape) -> str:
    """The template with every variable written by ``escape``."""

    def put(found: re.Match[str]) -> str:
        value = values[found[1]]
        return escape(value) if isinstance(value, str) else value(escape)

    return VARIABLE.sub(put, template)


def fill_url(template: str, values: Values) -> str:
    return fill(template, values, lambda text: quote(text, safe=""))


def fill_headers(text: str, values: Values) -> dict[str, str]:
    filled = fill(text, values, _in_a_header)
    return {found[1]: found[2] for line in filled.splitlines() if (found := _HEADER.fullmatch(line.strip()))}


def write_values(values: Mapping[str, str], way: str, escape: Escape) -> str:
    """The variables of a pattern. way: ``fields`` (a field each), ``object``, ``list`` (of {name, value}) or ``joined`` (the values alone, by ;).

    In a JSON body fields, objects and lists stand as such; elsewhere an object or a list is the text of one field.
    """
    in_json = escape is ESCAPES["json"]
    if way == "fields" and in_json:
        return ", ".join(f'"{escape(name)}": "{escape(value)}"' for name, value in values.items())
    if way == "fields":
        return "&".join(f"{escape(name)}={escape(value)}" for name, value in values.items())
    if way == "joined":
        return escape(";".join(values.values()))
    given = dict(values) if way == "object" else [{"name": name, "value": value} for name, value in values.items()]
    text = json.dumps(given, ensure_ascii=False)
    return text if in_json else escape(text)


def used_in(*templates: str) -> set[str]:
    """The variables that stand in templates."""
    return {name for template in templates for name in VARIABLE.findall(template)}


def check_template(text: str, known: Iterable[str], faults: Faults) -> None:
    for name in VARIABLE.findall(text):
        if name not in known:
            faults.add(said("there is no variable '%(name)s'%(mend)s", name=name, mend=did_you_mean(name, known)))


def check_headers(text: str, faults: Faults) -> None:
    for line in filter(str.strip, text.splitlines()):
        found = _HEADER.fullmatch(line.strip())
        if found is None or found[1].lower() in _OURS:
            faults.add(said("'%(line)s' is no header that can be set; write Name: value", line=line[:80]))


def check_url(url: str, faults: Faults) -> None:
    try:
        parts = urlsplit(VARIABLE.sub("x", url))
        _ = parts.port  # raises where it is no number
    except ValueError:
        faults.add(said("this is no address; write it like https://api.example.com/send"))
        return
    if (
        parts.scheme not in ("https", "http")
        or not parts.hostname
        or parts.username
        or not url.isascii()
        or re.search(r"[\s\\]", VARIABLE.sub("", url))
    ):
        faults.add(said("this is no address; write it like https://api.example.com/send"))
    elif VARIABLE.search(url.split("/", 3)[2]):
        faults.add(said("the host cannot be a variable"))


def _in_a_header(text: str) -> str:
    """One line of ASCII: whatever else there is would end the header, or not go over the wire."""
    return quote("".join(letter for letter in text if letter.isprintable()), safe=" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
