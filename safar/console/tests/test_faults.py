"""Whatever a service can refuse has its words in both languages; a text that was kept as a plain one is known again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from safar.console import translations
from safar.console.faults import recognise, say, words
from safar.lib.faults import Said, did_you_mean, said

ROOMS = ("accounts", "content", "events", "journeys", "segments")  # what people can be refused for
SAFAR = Path(translations.__file__).resolve().parents[1]
_NAMES = re.compile(r"%\((\w+)\)")


def sample(words: str) -> Said:
    """Each value another word, so that one that lands in another's place shows."""
    mends = ("hint", "mend", "guess", "quotes")
    return said(words, **{name: f"{'; ' if name in mends else ''}value-{name}" for name in _NAMES.findall(words)})


def test_every_fault_has_a_persian_text() -> None:
    known = set(words())
    shared = {message.id for message in translations.read("fa")}
    assert len(known) > 200
    assert translations.refused_with() - known - shared == set()
    with translation.override("fa"):
        for one in known:
            text = say(sample(one))
            assert text != str(sample(one)) or one == "%(place)s: %(problem)s", one
            assert re.search("[آ-ی]", text) or one == "%(place)s: %(problem)s", one


def test_a_plain_text_is_known_again() -> None:
    with translation.override("fa"):
        for one in words():
            made = sample(one)
            found = recognise(str(made))
            assert found is not None, one
            if "%(place)s" not in found.words:  # which fits whatever has a colon
                assert _bare_of(say(str(made))) == _bare_of(say(made)), (one, found.words)


def _bare_of(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def test_what_another_program_said_stays_as_it_is() -> None:
    with translation.override("fa"):
        assert say("unexpected end of line") == "unexpected end of line"
        assert say("html: line 3: unexpected tag") == "\u2068html\u2069: سطر ۳: \u2068unexpected tag\u2069"


def test_values_stand_in_a_direction_of_their_own_and_figures_in_persian_digits() -> None:
    fault = said("there is no template '%(key)s'%(hint)s", key="helo", hint=did_you_mean("helo", ["hello"]))
    assert fault == "there is no template 'helo'; did you mean 'hello'?"
    with translation.override("fa"):
        assert say(fault) == "قالبی به نام «\u2068helo\u2069» وجود ندارد؛ آیا منظورتان «\u2068hello\u2069» بود؟"
        assert say(said("must not be longer than %(limit)s characters", limit="1,000")) == "حداکثر ۱٬۰۰۰ نویسه."
    with translation.override("en"):
        assert say(fault) == str(fault)
        assert say(said("has to be 1 to 200 characters")) == "Write 1 to 200 characters."


@pytest.mark.parametrize("room", ROOMS)
def test_no_fault_is_said_without_its_words(room: str) -> None:
    bare = [
        f"{path.relative_to(SAFAR)}:{line}"
        for path in sorted((SAFAR / room).rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
        for line in _bare(ast.parse(path.read_text("utf-8")))
    ]
    assert bare == [], "say it by safar.lib.faults.said, so that pages can say it in Persian"


def _bare(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("Fault", "DocumentFault") and len(node.args) > 1:
            message = node.args[1]
        elif name == "add" and len(node.args) == 1 and re.search(r"fault|here|\.at\(", ast.unparse(node.func)):
            message = node.args[0]
        else:
            continue
        if isinstance(message, ast.JoinedStr) or (isinstance(message, ast.Constant) and isinstance(message.value, str)):
            yield node.lineno
