"""The words of the pages in both languages: gathered from code and templates into .po files, compiled into .mo.

Each room of pages has a catalog of its own (``<room>/locale``). What belongs to none is in ``safar/console/locale``, and what is
said there stands in no room's catalog again.

``python -m safar.console.translations extract`` (``make messages``) brings new msgids into the catalogs and takes out what
nobody says any more; ``compile`` (``make install``, the wheel) writes the .mo files, which are not committed. Babel does
both; there need be no GNU gettext on the machine. Imports neither Django nor Babel at the top: building the wheel runs this.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

HERE = Path(__file__).resolve().parent
SHARED = ""  # the room of whatever belongs to none
FAULTS = "faults"  # what the rooms below refuse
LANGUAGES = ("fa", "en")
SOURCES = (
    HERE,
    HERE.parent / "config",
    HERE.parent / "channels",
    HERE.parent / "website",
)  # what is shown to people in a browser
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SAYING = {"said": None}  # of the rooms below: safar.lib.faults
HEADER = "# The words of pages. Texts are filled in by hand; `make messages` brings the msgids."


def rooms() -> list[str]:
    """SHARED, and the folders of pages with templates or words of their own."""
    return [SHARED, FAULTS, *sorted(path.parent.name for path in HERE.glob("*/urls.py"))]


def catalog_file(language: str, room: str = SHARED) -> Path:
    return HERE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def used() -> dict[str, Catalog]:
    """Every msgid that code and templates say, by room. Settings of Django have to be configured."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract

    found = {room: Catalog() for room in rooms()}
    for room, text in sorted(_sources()):
        for _line, msgid, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS, ()):
            if room == SHARED or found[SHARED].get(_first(msgid), context) is None:
                found[room].add(msgid, context=context, flags=_flags(msgid))
    for msgid in refused_with():
        if found[SHARED].get(msgid) is None:
            found[FAULTS].add(msgid, flags=_flags(msgid))
    return found


def refused_with() -> set[str]:
    """The words of all that the rooms below refuse."""
    from babel.messages.extract import extract

    said = set()
    for path in HERE.parent.rglob("*.py"):
        below = HERE not in path.parents and "tests" not in path.parts
        if below and b"said(" in (code := path.read_bytes()):
            said |= {
                _first(msgid) for _line, msgid, _comments, _context in extract("python", io.BytesIO(code), SAYING, ())
            }
    return said


def _first(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _flags(msgid: str | tuple[str, ...]) -> list[str]:
    whole = msgid if isinstance(msgid, str) else " ".join(msgid)
    return ["python-format"] if "%(" in whole else []


def _sources() -> Iterator[tuple[str, str]]:
    """(room, Python text) of every file that may say something."""
    from django.utils.translation.template import templatize

    for root in SOURCES:
        for path in root.rglob("*"):
            if {"tests", "static", "__pycache__"} & set(path.parts) or path.name == Path(__file__).name:
                continue
            if path.suffix == ".py":
                yield _room_of(path), path.read_text("utf-8")
            elif path.suffix in (".html", ".txt"):
                # Django makes calls of the tags and X of all else; without indentation Python can read it.
                lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
                yield _room_of(path), "\n".join(line.lstrip() for line in lines)


def _room_of(path: Path) -> str:
    places = path.relative_to(HERE).with_suffix("").parts if HERE in path.parents else ()
    named = places[2] if places[:2] == ("templates", "console") else places[0] if places else ""
    if named == "templatetags":
        named = places[1]
    return named if named in rooms() else SHARED


def read(language: str, room: str = SHARED) -> Catalog:
    """The catalog as it is kept; an empty one where there is none yet."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = catalog_file(language, room)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract_all() -> dict[str, list[str]]:
    """Bring the catalogs to what is said now. Gives the msgids that still want a Persian text, by file."""
    said = used()
    wanting: dict[str, list[str]] = {}
    for language in LANGUAGES:
        before = {room: read(language, room) for room in said}
        for room, messages in said.items():
            catalog = _updated(before[room], messages, before.values())
            if len(catalog) or catalog_file(language, room).exists():
                _write(catalog, catalog_file(language, room))
            if language != "en":  # English stands in the sources
                wanting[str(catalog_file(language, room).relative_to(HERE))] = untranslated(catalog)
    return wanting


def _updated(catalog: Catalog, said: Catalog, others: Iterable[Catalog]) -> Catalog:
    """`catalog` with what is said and nothing else; a text that moved to another room comes along."""
    catalog.update(deepcopy(said), no_fuzzy_matching=True)  # new messages would be the same objects in every language
    catalog.obsolete.clear()
    for message in catalog:
        if message.id and not _whole(message.string):
            texts = (found.string for other in others if (found := other.get(_first(message.id), message.context)))
            message.string = next((text for text in texts if _whole(text)), message.string)
    catalog.header_comment = HEADER
    return catalog


def _write(catalog: Catalog, path: Path) -> None:
    from babel.messages.pofile import write_po

    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, sort_output=True, no_location=True, width=110, ignore_obsolete=True)
    _replace(path, _without_dates(written.getvalue()))


def untranslated(catalog: Catalog) -> list[str]:
    """Msgids without a text, or with one that is only guessed."""
    return [_first(message.id) for message in catalog if message.id and (message.fuzzy or not _whole(message.string))]


def _whole(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


def _without_dates(po: bytes) -> bytes:
    dated = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Last-Translator',
        b'"Language-Team',
        b'"Report-Msgid',
        b'"Generated-By',
    )
    return b"".join(line for line in po.splitlines(keepends=True) if not line.startswith(dated))


def compile_all() -> int:
    """Write the .mo files that are older than their .po; how many."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    done = 0
    for path in sorted(HERE.glob("**/LC_MESSAGES/django.po")):
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3])
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        _replace(made, compiled.getvalue())
        done += 1
    return done


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all: test processes may compile at once."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def main(words: list[str]) -> int:
    """extract: 1 where texts are wanting."""
    if words == ["compile"]:
        compile_all()
        return 0
    if words != ["extract"]:
        sys.stderr.write("python -m safar.console.translations extract | compile\n")
        return 2
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    wanting = extract_all()
    for file, msgids in wanting.items():
        for msgid in msgids:
            sys.stderr.write(f"{file} wants a text: {msgid!r}\n")
    return 1 if any(wanting.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
