"""The front page and what every answer carries."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def browser(database_url: str) -> Client:
    return Client(headers={"host": "localhost"})


def test_the_front_page_in_both_languages(browser: Client) -> None:
    english = browser.get("/").content.decode()
    assert 'lang="en" dir="ltr"' in english
    assert "Safar is running" in english
    assert "/v1/batch" in english
    persian = browser.get("/", headers={"accept-language": "fa-IR,fa;q=0.9,en;q=0.5"}).content.decode()
    assert 'lang="fa" dir="rtl"' in persian
    assert "سفر در حال کار است" in persian
    assert 'dir="rtl"' in browser.get("/?lang=fa").content.decode()
    assert 'dir="ltr"' in browser.get("/?lang=fa%22%3E%3Cscript%3E").content.decode()


def test_every_answer_is_closed_to_others(browser: Client) -> None:
    for path, status in (("/", 200), ("/healthz", 503), ("/nothing", 404)):
        answer = browser.get(path)
        assert answer.status_code == status
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_only_looking_and_only_by_its_own_names(browser: Client) -> None:
    assert browser.post("/").status_code == 405
    assert browser.post("/healthz").status_code == 405
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_stricter_policy_of_a_page_stays(browser: Client) -> None:
    assert browser.get("/u/none").headers["Content-Security-Policy"].startswith("default-src 'none'")
