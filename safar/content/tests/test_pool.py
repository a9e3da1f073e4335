"""The rendering processes: a template that will not end, eats the memory or kills its child costs its own message alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from safar.content.pool import Job, Rendered, RenderPool, Unrenderable

LOCALE = {"language": "en", "calendar": "gregorian", "zone": "UTC", "currency": "EUR", "unit": "EUR"}
GOOD = {
    "channel": "email",
    "languages": {"en": {"subject": "Hi {{ contact.name }}", "html": "<p>{{ contact.name }}</p>"}},
}
ENDLESS = "{{ (1..100000000) | join: 'x' | size }}"
GREEDY = "{% assign a = '" + "x" * 500 + "' %}{% assign a = a | replace: 'x', a %}{{ a | replace: 'x', a }}"  # 62 GB


def job(source=None, name="Sara"):
    template = GOOD if source is None else {"channel": "email", "languages": {"en": {"subject": "x", "html": source}}}
    return Job(template, "en", {"contact": {"name": name}}, LOCALE)


@pytest.fixture
def pool():
    one = RenderPool(2, seconds=1.0, memory=400 * 1024 * 1024)
    yield one
    one.close()


def test_answers_come_in_order(pool):
    made = pool.render([job(name=str(number)) for number in range(101)])
    assert [one.subject for one in made] == [f"Hi {number}" for number in range(101)]
    assert pool.render([]) == []


@pytest.mark.parametrize("wicked", [ENDLESS, GREEDY])
def test_one_that_will_not_end_costs_itself_alone(pool, wicked):
    made = pool.render([job(), job(wicked), job(), job(), job(wicked), job()])
    assert [type(one) for one in made] == [Rendered, Unrenderable, Rendered, Rendered, Unrenderable, Rendered]
    assert isinstance(pool.render([job()])[0], Rendered)


def test_a_child_that_is_killed_from_outside_costs_nothing(pool):
    pool.render([job(), job()])
    for child in pool._children:
        os.kill(child.number, signal.SIGKILL)
    assert [type(one) for one in pool.render([job(), job(), job()])] == [Rendered] * 3


def test_a_stop_for_everybody_is_the_parents_to_decide(pool):
    pool.render([job(), job()])
    for child in pool._children:
        os.kill(child.number, signal.SIGTERM)
        os.kill(child.number, signal.SIGINT)
    before = [child.number for child in pool._children]
    assert [type(one) for one in pool.render([job(), job()])] == [Rendered] * 2
    assert [child.number for child in pool._children] == before


def test_the_server_that_children_come_from_may_die_too(pool):
    pool.render([job(), job()])
    pool._server._process.kill()
    pool._server._process.wait()
    assert [type(one) for one in pool.render([job(ENDLESS), job()])] == [Unrenderable, Rendered]
    assert [type(one) for one in pool.render([job(), job()])] == [Rendered] * 2


def test_children_know_nothing_of_ours(pool, monkeypatch):
    monkeypatch.setenv("SAFAR_SECRET_KEY", "very secret")
    pool.render([job()])
    (child, *_) = pool._children
    assert b"SAFAR" not in Path(f"/proc/{child.number}/environ").read_bytes()
    assert len(list(Path(f"/proc/{child.number}/fd").iterdir())) <= 5


def test_a_closed_pool_can_be_used_again(pool):
    pool.render([job()])
    pool.close()
    assert isinstance(pool.render([job()])[0], Rendered)


def test_faults_come_back_in_words(pool):
    (made,) = pool.render([job("{{ contact.name | nonsense }}")])
    assert made == Unrenderable("html: line 1: unknown filter 'nonsense'")
