"""Docs say what is there: pages exist, links lead somewhere, commands and values are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safar.config.environment import VALUES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ROOMS = sorted(path.parent.name for path in ROOT.glob("safar/*/__init__.py"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def anchors(page: str) -> set[str]:
    """As GitHub makes them: small letters, punctuation gone, blanks as hyphens."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(page)}


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_page(room: str) -> None:
    assert (ROOT / "docs" / "rooms" / f"{room}.md").is_file()


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_stands_in_the_table_of_floors(room: str) -> None:
    floors = [line for line in text("docs/architecture.md").splitlines() if re.match(r"\| \d+ \|", line)]
    assert any(f"`{room}`" in line for line in floors)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name}: {link}"
        assert there == ROOT or ROOT in there.parents, f"{page.name}: {link} leaves the checkout"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), f"{page.name}: {link}"


def test_the_commands_of_the_readme_are_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", text("Makefile"), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        said = set(re.findall(r"make ([a-z-]+)", text(page))) - {"sure"}
        assert said <= targets, page
    assert {"run", "test"} <= set(re.findall(r"^\$ make ([a-z-]+)", text("README.md"), re.MULTILINE))


def test_ci_runs_the_readmes_test_command() -> None:
    assert re.search(r"^exec make test$", text(".ci/run"), re.MULTILINE)


def test_every_safar_command_in_the_docs_exists() -> None:
    from typer.main import get_command

    from safar import cli
    from safar.workers import commands

    root = get_command(cli.build_app(commands.add_to))
    for page in PAGES:
        fenced = re.findall(r"```.*?```", page.read_text("utf-8"), re.DOTALL)
        for line in re.findall(r"(?:^\$ |&& )safar ([a-z].*)$", "\n".join(fenced), re.MULTILINE):
            words = line.split()
            command = root.commands.get(words[0])  # type: ignore[attr-defined]
            assert command is not None, f"{page.name}: safar {line}"
            if hasattr(command, "commands"):
                assert words[1] in command.commands, f"{page.name}: safar {line}"


def test_every_environment_value_is_in_the_operators_page() -> None:
    rows = dict(re.findall(r"^\| `(SAFAR_\w+)` \| (.*?) \|", text("docs/operations.md"), re.MULTILINE))
    assert list(rows) == [value.name for value in VALUES]


def test_the_changelog_is_kept() -> None:
    changelog = text("CHANGELOG.md")
    assert "## [Unreleased]" in changelog
    version = re.search(r'^version = "(.*)"', text("pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert version[1] == "0.1.0" or f"## [{version[1]}]" in changelog


def test_decisions_are_numbered_without_holes_and_say_their_state() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        assert re.search(r"^(Accepted|Replaced by)\b", record.read_text("utf-8"), re.MULTILINE), record.name


def test_the_journeys_in_the_docs_are_sound() -> None:
    from safar.journeys.definition.parse import parse_definition

    found = 0
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        for block in re.findall(r"```yaml\n(journey: .*?)```", page.read_text("utf-8"), re.DOTALL):
            parse_definition(block)  # raises Refused with every fault
            found += 1
    assert found >= 2
