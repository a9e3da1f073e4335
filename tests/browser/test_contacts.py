"""Contacts in a real browser: a file of 50,000 rows comes in while one looks; what is typed is found without pressing anything."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from safar.accounts.models import Member, Workspace
from safar.accounts.services import create_workspace
from safar.postgres.connections import connect

ROWS = 50_000


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    return create_workspace(slug=f"shop-{unique}", name="لیوان‌فروشی", calendar="jalali", language="fa", currency="IRR")


def await_engine() -> None:
    """Until the inbox is empty: what was accepted shows once it is applied."""
    with connect(os.environ["SAFAR_DATABASE_URL"], application_name="safar tests") as conn:
        deadline = time.monotonic() + 180
        while conn.execute("SELECT FROM inbox LIMIT 1").fetchone() and time.monotonic() < deadline:
            threading.Event().wait(0.1)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_fifty_thousand_rows_come_in(
    opens: Callable[..., Any], shop: Workspace, ali: Member, working: None, language: str
) -> None:
    rows = "".join(f"person{n}@home{language}.ir,سارا {n},0912{n:07},شیراز\n" for n in range(ROWS))
    file = f"email,name,phone,شهر\n{rows}nobody,علی,,\ntest@home.ir,مینا,,\n".encode()
    seen = opens(ali, language=language)
    page = seen.go(f"/w/{shop.slug}/contacts/import/")
    page.set_input_files("#file", {"name": "مشتریان.csv", "mimeType": "text/csv", "buffer": file})
    page.click("form[enctype] button")
    page.wait_for_selector("#choose")
    expect(page.locator("select[name=column]").nth(0)).to_have_value("email:email")
    page.select_option("#column-3", "skip")
    expect(page.locator("#choose section").nth(1)).not_to_contain_text("شیراز")
    page.click("button[name=start]")
    page.wait_for_selector("#progress progress")
    page.wait_for_selector("#progress dl", timeout=180_000)
    expect(page.locator("#progress")).to_contain_text("۵۰٬۰۰۰" if language == "fa" else "50,000")
    expect(page.locator("main")).to_contain_text("nobody")
    assert seen.too_wide() <= 0
    await_engine()
    page = seen.go(f"/w/{shop.slug}/contacts/")
    page.fill("#q", f"person4999@home{language}" if language == "en" else "۰۹۱۲۰۰۰۴۹۹۹")
    expect(page.locator("#contacts tbody tr")).to_have_count(1, timeout=15_000)
    assert seen.complaints == []
