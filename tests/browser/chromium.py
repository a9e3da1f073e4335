"""The machine's own Chromium, headless. Nothing is downloaded."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no Chromium on this machine (on Debian: apt install chromium): pages are not tried in a browser"


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def open_chromium(playwright: Playwright) -> Browser:
    """Without its sandbox: it opens pages of ours only, and CI runs as root."""
    return playwright.chromium.launch(
        executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]
    )
