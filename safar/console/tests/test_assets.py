"""The tags that bring assets into pages, and the way they come over HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from safar.console import static_files
from safar.console.templatetags import assets

MANIFEST = {
    "icons.svg": {"file": "assets/icons-AAAAAAAA.svg", "src": "icons.svg"},
    "_shared.js": {"file": "assets/shared-AAAAAAAA.js", "css": ["assets/shared-AAAAAAAA.css"], "name": "shared"},
    "src/base/ltr.css": {"file": "assets/ltr-AAAAAAAA.css", "name": "ltr", "isEntry": True},
    "src/base/rtl.css": {"file": "assets/rtl-AAAAAAAA.css", "name": "rtl", "isEntry": True},
    "src/base/main.ts": {"file": "assets/base-AAAAAAAA.js", "name": "base", "isEntry": True},
    "src/map/main.tsx": {
        "file": "assets/map-AAAAAAAA.js",
        "name": "map",
        "isEntry": True,
        "css": ["assets/map-AAAAAAAA.css"],
        "imports": ["_shared.js"],
    },
}


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build that never was."""
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "base-AAAAAAAA.js").write_text("safar();" * 40)
    (tmp_path / "assets" / "base-AAAAAAAA.js.br").write_bytes(b"compressed")
    for module in (assets, static_files):
        monkeypatch.setattr(module, "BUILT", tmp_path)
    static_files._files.cache_clear()
    return tmp_path


def render(text: str, language: str = "en") -> str:
    with override(language):
        return Template("{% load assets %}" + text).render(Context())


def test_base_brings_the_styles_of_the_pages_direction(built: Path) -> None:
    assert "ltr-AAAAAAAA.css" in render('{% assets "base" %}')
    persian = render('{% assets "base" %}', "fa")
    assert "rtl-AAAAAAAA.css" in persian
    assert "ltr-" not in persian


def test_an_island_brings_its_styles_and_what_it_imports(built: Path) -> None:
    tags = render('{% assets "map" %}')
    assert '<link rel="stylesheet" href="/static/console/assets/map-AAAAAAAA.css">' in tags
    assert '<link rel="modulepreload" href="/static/console/assets/shared-AAAAAAAA.js">' in tags
    assert tags.index("shared-AAAAAAAA.css") < tags.index("map-AAAAAAAA.css")  # what islands share comes first
    assert '<script type="module" src="/static/console/assets/map-AAAAAAAA.js"></script>' in tags


def test_icons_point_into_the_sprite(built: Path) -> None:
    assert '<use href="/static/console/assets/icons-AAAAAAAA.svg#mail"/>' in render('{% icon "mail" %}')
    assert 'class="icon text-green"' in render('{% icon "mail" "text-green" %}')


def test_without_a_build_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    assert "not built" in render('{% assets "base" %}')
    assert "<svg" in render('{% icon "mail" %}')


def test_an_unknown_entry_is_a_fault_of_the_template(built: Path) -> None:
    with pytest.raises(KeyError, match="maps"):
        render('{% assets "maps" %}')


def get(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async def elsewhere(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("asked Django")

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(static_files.with_static_files(elsewhere)(scope, None, send))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, sent[1]["body"]


def test_hashed_files_never_change(built: Path) -> None:
    status, headers, body = get("/static/console/assets/base-AAAAAAAA.js")
    assert (status, body) == (200, b"safar();" * 40)
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


def test_browsers_that_can_get_the_compressed_twin(built: Path) -> None:
    _, headers, body = get("/static/console/assets/base-AAAAAAAA.js", accept_encoding="gzip, br")
    assert (headers["content-encoding"], body) == ("br", b"compressed")


def test_the_script_of_websites_has_one_address(built: Path) -> None:
    (built / "site").mkdir()
    (built / "site" / "safar.js").write_text("safar();" * 40)
    static_files._files.cache_clear()
    status, headers, body = get(static_files.SCRIPT)
    assert (status, body) == (200, b"safar();" * 40)
    assert "max-age=3600" in headers["cache-control"]
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert get(static_files.SCRIPT, if_none_match=headers["etag"])[0] == 304


@pytest.mark.skipif(not assets.built(), reason="the assets are not built (make assets; it needs Node 20)")
def test_the_script_of_websites_is_small() -> None:
    script = (assets.BUILT / "site" / "safar.js").read_bytes()
    assert len(gzip.compress(script)) < 10_000
    assert b"import" not in script  # one file, by itself


def test_what_is_not_there_is_not_found(built: Path) -> None:
    assert get("/static/console/../../../settings.py")[0] == 404
    assert get("/static/")[0] == 404


def test_other_addresses_are_djangos(built: Path) -> None:
    with pytest.raises(AssertionError, match="asked Django"):
        get("/w/shop/journeys/")
