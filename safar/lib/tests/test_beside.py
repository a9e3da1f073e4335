"""Dear readings: nobody waits, one reads at a time, and no more often than it costs."""

from __future__ import annotations

from collections.abc import Callable

from safar.lib.beside import FORGET, Beside


class Stage:
    """Readings that are begun when the test says so, on a clock that it moves."""

    def __init__(self) -> None:
        self.now, self.waiting, self.reads, self.cost = 0.0, list[Callable[[], None]](), 0, 1.0
        self.kept: Beside[int] = Beside(least=2.0, most=60.0, clock=lambda: self.now, start=self.waiting.append)

    def read(self) -> int:
        self.now += self.cost
        self.reads += 1
        return self.reads

    def look(self, key: str = "a") -> int | None:
        return self.kept.get(key, self.read)

    def work(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def test_nobody_waits_for_the_first_reading() -> None:
    stage = Stage()
    assert stage.look() is None
    assert stage.look() is None
    assert len(stage.waiting) == 1  # the second one started nothing
    stage.work()
    assert stage.look() == 1


def test_what_is_kept_is_shown_while_it_is_read_anew() -> None:
    stage = Stage()
    stage.look()
    stage.work()  # one second: kept for twenty
    stage.now += 19
    stage.look()
    assert stage.waiting == []
    stage.now += 2
    assert stage.look() == 1
    stage.work()
    assert stage.look() == 2


def test_a_dear_reading_is_not_kept_for_ever() -> None:
    stage = Stage()
    stage.cost = 100.0
    stage.look()
    stage.work()
    stage.now += 61
    stage.look()
    assert len(stage.waiting) == 1


def test_a_failed_reading_leaves_what_was_kept_and_is_tried_again() -> None:
    stage = Stage()
    stage.look()
    stage.work()
    stage.now += 21

    def fails() -> int:
        raise OSError("the database is away")

    assert stage.kept.get("a", fails) == 1
    stage.work()
    assert stage.look() == 1
    stage.now += 3
    stage.look()
    stage.work()
    assert stage.look() == 2


def test_keys_are_kept_apart_and_forgotten_when_nobody_looks() -> None:
    stage = Stage()
    stage.look("a")
    stage.look("b")
    stage.work()
    assert (stage.look("a"), stage.look("b")) == (1, 2)
    stage.now += FORGET + 60
    stage.look("b")
    assert stage.look("a") is None


def test_what_is_cheap_is_waited_for() -> None:
    kept: Beside[int] = Beside(least=2.0, most=60.0, patience=30.0)  # by a thread that is over long before
    assert kept.get("a", lambda: 7) == 7


def test_what_was_forgotten_is_read_by_whoever_looks_next() -> None:
    stage = Stage()
    stage.look()
    stage.work()
    stage.kept.forget("a")
    assert stage.look() == 1
    stage.work()
    assert stage.look() == 2
