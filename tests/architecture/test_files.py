"""Files keep the house's habits: sizes, headers, words."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400
# Files that are data: a list does not get clearer in pieces.
DATA = ("LICENSE", "poetry.lock")

# Words that have a better one in the glossary.
SECOND_WORDS = {
    "workflow": "journey",
    "subscriber": "contact",
    "playbook": "journey",
    "nurture": "journey",
    "audience builder": "segment",
    "holdout": "control group",
    "شبانه‌روزی": "آشناسازی",
    "نامزدی": "تعامل",
    "وارسی": "تسویه‌حساب",
}
ALLOWED_SECOND_WORDS = ("tests/architecture/test_files.py", "docs/glossary.md")

# Spelt in pieces, so that this file does not hold what it looks for.
MACHINE = re.compile("|".join(("/wo" + "rk/", "/tm" + "p/bash", r"\bfa" + "rm/")))
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def tracked(*patterns: str) -> list[Path]:
    """Files of the checkout, new ones too, without what git ignores; all files where this is no git checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        return [path for pattern in patterns for path in ROOT.rglob(pattern) if ".venv" not in path.parts]
    return sorted(path for name in set(filter(None, listed.stdout.split("\0"))) if (path := ROOT / name).is_file())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_the_house_allows() -> None:
    long = {
        name(path): lines
        for path in tracked("*.py", "*.sql", "*.html", "*.sh", "Makefile")
        if path.name not in DATA and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_sql_file_says_what_it_is() -> None:
    silent = [name(path) for path in tracked("*.sql") if not path.read_text("utf-8").lstrip().startswith("--")]
    assert not silent


def test_every_module_says_what_it_is() -> None:
    silent = [
        name(path)
        for path in tracked("safar/*.py")
        if "migrations" not in path.parts
        and path.name not in ("__init__.py", "apps.py", "conftest.py")
        and not path.read_text("utf-8").lstrip().startswith(('"""', 'r"""'))
    ]
    assert not silent


@pytest.mark.parametrize("word", SECOND_WORDS)
def test_one_word_for_one_thing(word: str) -> None:
    found = [
        name(path)
        for path in tracked("*.py", "*.sql", "*.md", "*.html", "*.yaml", "*.liquid")
        if name(path) not in ALLOWED_SECOND_WORDS and re.search(rf"\b{word}", path.read_text("utf-8"), re.IGNORECASE)
    ]
    assert not found, f"say {SECOND_WORDS[word]!r}"


def test_no_paths_of_a_machine_and_nothing_unfinished() -> None:
    found = [
        f"{name(path)}: {hit[0]}"
        for path in tracked("*.py", "*.sql", "*.md", "*.html", "*.toml", "*.yaml", "Makefile", ".ci/*", "deploy/*")
        for pattern in (MACHINE, UNFINISHED)
        if (hit := pattern.search(path.read_text("utf-8")))
    ]
    assert not found


def test_no_signals_and_no_triggers() -> None:
    found = [
        name(path)
        for path in tracked("safar/*.py", "safar/*.sql")
        if re.search(
            r"django\.db\.models\.signals|django\.dispatch|CREATE (OR REPLACE )?TRIGGER", path.read_text("utf-8")
        )
    ]
    assert not found
