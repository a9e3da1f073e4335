"""What pages ask for in their head: the built scripts and styles, and the icons (docs/rooms/frontend.md)."""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

register = template.Library()

BUILT = Path(__file__).resolve().parents[1] / "static" / "console"
MISSING = "the assets of the console are not built: run `make assets` (it needs Node 20)"
logger = logging.getLogger(__name__)


@register.simple_tag
def assets(name: str) -> SafeString:
    """Link and script tags of one entry: ``base`` (with the styles of the page's direction) or an island.

    Without a build a comment that says so, so that tests of views need no Node. Raises KeyError for an unknown entry.
    """
    manifest = _manifest()
    if manifest is None:
        logger.warning(MISSING)
        return mark_safe(f"<!-- {MISSING} -->")
    entry = _entry(manifest, name)
    imported = [manifest[each] for each in _imports(manifest, entry)]
    styles = [
        style for each in (*imported, entry) for style in each.get("css", ())
    ]  # what islands share lies in chunks
    if name == "base":
        styles.insert(0, _entry(manifest, "rtl" if get_language_bidi() else "ltr")["file"])
    chunks = [each["file"] for each in imported]
    links = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((_url(file),) for file in styles))
    ahead = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((_url(file),) for file in chunks))
    script = format_html('<script type="module" src="{}"></script>', _url(entry["file"]))
    return mark_safe("\n".join(part for part in (links, ahead, script) if part))


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon out of the sprite. Screen readers pass it over: a word has to stand beside it or in the button's label."""
    manifest = _manifest()
    sprite = _url(manifest["icons.svg"]["file"]) if manifest else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "",
        sprite,
        name,
    )


@register.simple_tag
def icon_sprite() -> str:
    """Address of the sprite, for islands that draw icons themselves; empty without a build."""
    manifest = _manifest()
    return _url(manifest["icons.svg"]["file"]) if manifest else ""


def built() -> bool:
    return _manifest() is not None


def _manifest() -> dict[str, Any] | None:
    """Vite's manifest; read again when it was built anew, so that a running server need not be restarted."""
    path = BUILT / ".vite" / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _entry(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    for entry in manifest.values():
        if entry.get("isEntry") and entry.get("name") == name:
            found: dict[str, Any] = entry
            return found
    raise KeyError(f"there is no entry '{name}' in frontend/vite.config.ts")


def _imports(manifest: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    """Chunks that an entry needs before it can run, each once."""
    found: list[str] = []
    for key in entry.get("imports", ()):
        found += [each for each in (key, *_imports(manifest, manifest[key])) if each not in found]
    return found


def _url(file: str) -> str:
    return static(f"console/{file}")
