"""A running installation and a real browser. Where there is no Chromium these tests are skipped, and say so."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import MISSING, find_chromium, open_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from safar.accounts.models import Member

WIDE, PHONE = 1280, 390


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for the whole run: while it is open its loop runs in this thread, and other tests have loops of their own."""
    if find_chromium() is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    # Playwright's loop lives in this thread; Django takes that for an async view and would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def site(chromium: Browser, database_url: str) -> Iterator[str]:
    """Address of a web process on the module's database, in a thread of this one."""
    import uvicorn
    from django.db import connections

    from safar.config.asgi import application

    # Within Playwright's loop Django keeps other connections than outside of it; one of an earlier module may lie there.
    connections.close_all()

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert server.started
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(20)
    connections.close_all()


@dataclass
class Seen:
    """A page of somebody's, and all that the browser complained of: scripts, the policy, what came from elsewhere."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.site + path, wait_until="load")
        return self.page

    def width(self, pixels: int) -> None:
        self.page.set_viewport_size({"width": pixels, "height": 800})

    def too_wide(self) -> int:
        """Pixels by which the page is wider than the window, once it has had time to lay itself out for it."""
        from playwright.sync_api import TimeoutError

        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(f"() => {over} <= 0", timeout=3000)  # a function: the policy allows no eval
        found: int = self.page.evaluate(over)
        return found


@pytest.fixture
def opens(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Seen]]:
    """`opens(member, language="fa", width=390)`: a page of theirs; without a member, of nobody's."""
    contexts: list[Any] = []
    slower: int = request.config.getoption("--slow-browser")

    def open_one(who: Member | None = None, *, language: str = "en", width: int = WIDE, **more: Any) -> Seen:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=language, reduced_motion="reduce", **more
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if who is not None:
            context.add_cookies([{"name": "sessionid", "value": _session_of(who), "url": site}])
        seen = Seen(context.new_page(), site)
        _listen(seen)
        if slower > 1:
            _slow_down(seen.page, slower)
        return seen

    yield open_one
    for context in contexts:
        context.close()


def _slow_down(page: Page, times: int) -> None:
    """A machine so many times slower, and answers that take their time: what looks before it waits fails here."""
    control = page.context.new_cdp_session(page)
    control.send("Emulation.setCPUThrottlingRate", {"rate": times})
    control.send("Network.enable")
    slow = {"offline": False, "latency": 100 * times, "downloadThroughput": -1, "uploadThroughput": -1}
    control.send("Network.emulateNetworkConditions", slow)


def _session_of(member: Member) -> str:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(member)
    return str(client.cookies["sessionid"].value)


def _listen(seen: Seen) -> None:
    def console(message: Any) -> None:
        if message.type in ("error", "warning"):
            seen.complaints.append(f"{message.type}: {message.text}")

    def request(request: Any) -> None:
        if not request.url.startswith((seen.site, "data:", "blob:")):
            seen.complaints.append(f"from elsewhere: {request.url}")

    seen.page.on("console", console)
    seen.page.on("pageerror", lambda error: seen.complaints.append(f"script: {error}"))
    seen.page.on("request", request)


@pytest.fixture
def shop(database_url: str, unique: str) -> Any:
    from safar.accounts.services import create_workspace

    return create_workspace(
        slug=f"shop-{unique}", name="لیوان‌فروشی", zone="Asia/Tehran", calendar="jalali", language="fa", currency="IRR",
        currency_unit="IRT",
    )  # fmt: skip


def member(shop: Any, name: str, role: str = "editor") -> Any:
    from safar.accounts.members import create_member
    from safar.accounts.models import Membership

    found = create_member(email=f"{name}@{shop.slug}.example", name=name.title())
    Membership.objects.create(workspace=shop, member=found, role=role)
    return found


@pytest.fixture
def sara(shop: Any) -> Any:
    return member(shop, "sara")


@pytest.fixture
def ali(shop: Any) -> Any:
    return member(shop, "ali")


@pytest.fixture
def working(database_url: str) -> Iterator[None]:
    """What an engine process does: it applies what comes, and does jobs."""
    from safar.events.jobs.running import JobRunner
    from safar.journeys.engine.loop import Engine

    stop, url = threading.Event(), os.environ["SAFAR_DATABASE_URL"]
    thread = threading.Thread(target=Engine(url).run_forever, args=(stop,), daemon=True)
    with JobRunner(url).running():
        thread.start()
        yield
        stop.set()
        thread.join(20)
