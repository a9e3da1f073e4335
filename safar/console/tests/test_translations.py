"""Every word of the pages has its Persian text, and the catalogs hold nothing that nobody says."""

from __future__ import annotations

from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from django.utils import translation

from safar.console import translations

MEND = "run `make messages`, then fill in the texts"


@pytest.fixture(scope="module")
def said() -> dict[str, Catalog]:
    return translations.used()


def keys(catalog: Catalog) -> set[tuple[object, object]]:
    return {(translations._first(message.id), message.context) for message in catalog if message.id}


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_catalogs_hold_what_is_said_and_nothing_else(said: dict[str, Catalog], language: str) -> None:
    for room, messages in said.items():
        kept = translations.read(language, room)
        assert keys(kept) == keys(messages), f"{room or 'shared'}, {language}: {MEND}"
        assert not kept.obsolete, f"{room or 'shared'}, {language}: {MEND}"


def test_nothing_wants_a_persian_text(said: dict[str, Catalog]) -> None:
    wanting = {room: translations.untranslated(translations.read("fa", room)) for room in said}
    assert not any(wanting.values()), (MEND, wanting)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_one_text_is_said_in_one_way_in_all_catalogs(language: str) -> None:
    """They are one dictionary when pages are made: of two texts for the same words one would win, wherever it stands."""
    texts: dict[tuple[object, object], dict[str, str]] = {}
    for room in translations.rooms():
        for message in translations.read(language, room):
            if message.id and translations._whole(message.string):
                said_there = texts.setdefault((translations._first(message.id), message.context), {})
                said_there[room] = str(message.string)
    several = {words: found for words, found in texts.items() if len(set(found.values())) > 1}
    assert not several, "say the same, or give one of them a context (pgettext)"


def test_texts_take_the_same_values(said: dict[str, Catalog]) -> None:
    for room in said:
        for language in translations.LANGUAGES:
            for message in translations.read(language, room):
                if message.id and "python-format" in message.flags and translations._whole(message.string):
                    assert not list(_differences(message, fewer=room == translations.FAULTS)), message.id


def _differences(message: Message, *, fewer: bool) -> list[str]:
    """fewer: a text need not say every value, such as what was there instead of a number."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    wanted = {name for one in ids for name in _names(one)}
    return [text for text in texts if (not _names(text) <= wanted if fewer else _names(text) != wanted)]


def _names(text: str) -> set[str]:
    pieces = (
        text.replace("{", "{{")
        .replace("}", "}}")
        .replace("%(", "{")
        .replace(")s", "}")
        .replace(")r", "}")
        .replace(")d", "}")
    )
    return {name for _, name, _, _ in Formatter().parse(pieces) if name}


def test_the_english_catalogs_hold_no_persian() -> None:
    for room in translations.rooms():
        for message in translations.read("en", room):
            texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
            assert not message.id or all(text.isascii() or "“" in text for text in texts), (room, message.id)


def test_persian_texts_are_written_as_persian_is() -> None:
    for room in translations.rooms():
        for message in translations.read("fa", room):
            for text in [message.string] if isinstance(message.string, str) else message.string or ():
                if message.id:
                    assert not set(text) & set("يك"), f"Arabic letters: {text}"


def test_pages_speak_by_the_compiled_catalogs() -> None:
    with translation.override("fa"):
        assert translation.gettext("Journeys") == "سفرها"
        assert translation.ngettext("%(n)s day", "%(n)s days", 3) % {"n": "۳"} == "۳ روز"
    with translation.override("en"):
        assert translation.ngettext("%(n)s day", "%(n)s days", 3) % {"n": "3"} == "3 days"
