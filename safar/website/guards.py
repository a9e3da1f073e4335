"""Against machines that fill in forms, without asking anybody else: a field that people do not see, the time it took, how often."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.core import signing

TRAP = "homepage"  # a field that nobody sees; machines fill it in
SHOWN = "shown"  # when the form was handed out, signed
LEAST_SECONDS, MOST_SECONDS = 2, 86_400
OK, TOO_QUICK, TOO_OLD = "ok", "too_quick", "too_old"
_SALT = "safar.website.form"


def sign_shown(token: str, now: datetime, keys: Sequence[str]) -> str:
    """Goes out with the form and comes back with what was filled in."""
    return signing.dumps([token, int(now.timestamp())], key=keys[0], salt=_SALT)


def check_shown(shown: str, token: str, now: datetime, keys: Sequence[str]) -> str:
    """OK, TOO_QUICK for anybody to have read it, or TOO_OLD, as everything that was not signed here for this form."""
    try:
        of, at = signing.loads(shown[:500], key=keys[0], salt=_SALT, fallback_keys=list(keys[1:]))
    except (signing.BadSignature, ValueError, TypeError):
        return TOO_OLD
    passed = now.timestamp() - at
    if of != token or passed > MOST_SECONDS:
        return TOO_OLD
    return OK if passed >= LEAST_SECONDS else TOO_QUICK


class Rate:
    """At most so many from one address in so many seconds; of one process. Whole offices and mobile networks share an address."""

    def __init__(self, most: int = 30, seconds: float = 600, kept: int = 10_000) -> None:
        self._most, self._seconds, self._kept = most, seconds, kept
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def takes(self, address: str, now: datetime) -> bool:
        """Whether one more is taken, which then counts."""
        at = now.timestamp()
        times = self._seen.setdefault(address, deque(maxlen=self._most))
        self._seen.move_to_end(address)
        while len(self._seen) > self._kept:
            self._seen.popitem(last=False)
        if len(times) == self._most and at - times[0] < self._seconds:
            return False
        times.append(at)
        return True


def present() -> datetime:
    return datetime.now(UTC)


Clock = Callable[[], datetime]
