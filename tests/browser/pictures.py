"""Pictures of pages, to be looked at: Persian and English, wide and phone-wide.

    $ safar run                                    # prints a sign-in link
    $ python -m tests.browser.pictures LINK FOLDER /w/mug-shop/ /w/mug-shop/settings/   # --dark, --only fa-390

For each page four files in FOLDER: en-1280, en-390, fa-1280, fa-390. What the browser complains of is printed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import find_chromium, open_chromium

WIDTHS = (1280, 390)
LANGUAGES = ("en", "fa")


def take(browser: Browser, link: str, folder: Path, paths: list[str], *, dark: bool, only: str) -> int:
    """Take all pictures; gives how many complaints there were."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(link))
    context = browser.new_context(color_scheme="dark" if dark else "light")
    complaints = 0
    page = context.new_page()
    page.goto(link)
    page.click("main form:last-of-type button[type=submit]")
    for language in LANGUAGES:
        page.goto(f"{base}/account/")
        if page.locator("html").get_attribute("lang") != language:
            page.click(f"button[name=language][value={language}]")
        for width in WIDTHS:
            if only and only != f"{language}-{width}":
                continue
            for path in paths:
                complaints += _one(page, base + path, folder / f"{_name(path)}.{language}-{width}.png", width)
    context.close()
    return complaints


def _one(page: Page, address: str, file: Path, width: int) -> int:
    said: list[str] = []

    def hear(message: object) -> None:
        said.append(str(getattr(message, "text", message)))

    page.on("console", hear)
    page.on("pageerror", hear)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        said.append(f"{overflow} pixels too wide")
    page.screenshot(path=file, full_page=True)
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", hear)
    for line in said:
        print(f"{file.name}: {line}")
    return len(said)


def _name(path: str) -> str:
    return path.strip("/").replace("/", "_").replace("?", "_") or "start"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("link")
    parser.add_argument("folder", type=Path)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--only", default="", help="such as fa-390")
    given = parser.parse_args()
    if find_chromium() is None:
        print("There is no Chromium here (on Debian: apt install chromium).", file=sys.stderr)
        return 1
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        complaints = take(browser, given.link, given.folder, given.paths, dark=given.dark, only=given.only)
        browser.close()
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
