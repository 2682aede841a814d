"""Too many requests: how often a client or an address may call, and when it has failed too often.

Counted per process and in memory, with `limits` (a fixed window of one minute); several processes
each allow that much. Addresses are counted and never logged or stored. What a client or an address
is, and who may say it, is in `app.api.addresses`.
"""

import time
from collections.abc import Callable

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from typing_extensions import override

from app.domain.errors import TooManyRequestsError

_MOST_COUNTED = 100_000
_MOST_LOCKED = 10_000
_FREE_FAILURES = 10
_LONGEST_LOCK_SECONDS = 900.0
_FAILURES_PER_MINUTE = 300


class BoundedMemory(Storage):
    """Counters in memory: at most `most` of them, the oldest leaving first. The store that comes
    with `limits` has no bound, and starts a thread to tidy up every hundredth of a second.
    """

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, most: int, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._most = most
        self._clock = clock
        self._counts: dict[str, list[float]] = {}

    @property
    @override
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    @override
    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._clock()
        counted = self._counts.get(key)
        if counted is None or counted[1] <= now:
            self._counts.pop(key, None)
            while len(self._counts) >= self._most:
                del self._counts[next(iter(self._counts))]
            counted = self._counts[key] = [0, now + expiry]
        counted[0] += amount
        return int(counted[0])

    @override
    def get(self, key: str) -> int:
        counted = self._counts.get(key)
        return int(counted[0]) if counted and counted[1] > self._clock() else 0

    @override
    def get_expiry(self, key: str) -> float:
        counted = self._counts.get(key)
        return counted[1] if counted else self._clock()

    @override
    def check(self) -> bool:
        return True

    @override
    def reset(self) -> int | None:
        gone = len(self._counts)
        self._counts.clear()
        return gone

    @override
    def clear(self, key: str) -> None:
        self._counts.pop(key, None)


class Limits:
    """What is counted in one process. per_client, per_address: requests a minute; 0: no limit."""

    def __init__(
        self, *, per_client: int, per_address: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._windows = FixedWindowRateLimiter(BoundedMemory(_MOST_COUNTED, clock=clock))
        self._client = RateLimitItemPerMinute(per_client) if per_client else None
        self._address = RateLimitItemPerMinute(per_address) if per_address else None
        self._failures = RateLimitItemPerMinute(_FAILURES_PER_MINUTE, namespace="failures")
        self._locks = LockOut(clock=clock)

    def count_client(self, client_id: str) -> None:
        """Count a request of an authenticated client. Raises TooManyRequestsError."""
        self._count(self._client, "client", client_id)

    def count_address(self, address: str) -> None:
        """Count a request that anybody may make. Raises TooManyRequestsError."""
        self._count(self._address, "address", address)

    def before_login(self, address: str, client_id: str) -> None:
        """See that this client may be tried from this address. Raises TooManyRequestsError."""
        seconds = self._locks.seconds_left(address, client_id)
        if seconds > 0:
            raise TooManyRequestsError("failed", seconds)
        if not self._windows.test(self._failures, address):
            raise TooManyRequestsError("failed", self._seconds(self._failures, address))

    def login_failed(self, address: str, client_id: str) -> None:
        """Count a failed attempt of an address, whoever it pretends to be."""
        self._windows.hit(self._failures, address)
        self._locks.failed(address, client_id)

    def login_succeeded(self, address: str, client_id: str) -> None:
        """Forget the failures of this client from this address, and count the request."""
        self._locks.succeeded(address, client_id)
        self.count_client(client_id)

    def _count(self, item: RateLimitItem | None, kind: str, name: str) -> None:
        if item is not None and not self._windows.hit(item, kind, name):
            raise TooManyRequestsError(kind, self._seconds(item, kind, name))

    def _seconds(self, item: RateLimitItem, *names: str) -> float:
        return self._windows.get_window_stats(item, *names).reset_time - self._clock()


class LockOut:
    """Keeps a client shut for an address that failed too often: after ten failures for a second,
    then twice as long after each more, up to a quarter of an hour. Other addresses may go on, so
    that nobody can lock a client out from elsewhere.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}

    def seconds_left(self, address: str, client_id: str) -> float:
        """For how long yet; 0 or less: it is open."""
        failures, last = self._failures.get((address, client_id), (0, 0.0))
        if failures < _FREE_FAILURES:
            return 0.0
        return last + min(2.0 ** (failures - _FREE_FAILURES), _LONGEST_LOCK_SECONDS) - self._clock()

    def failed(self, address: str, client_id: str) -> None:
        """Count a failure. Those before it are forgotten after a quarter of an hour without any."""
        failures, last = self._failures.pop((address, client_id), (0, 0.0))
        now = self._clock()
        if now - last > 2 * _LONGEST_LOCK_SECONDS:
            failures = 0
        while len(self._failures) >= _MOST_LOCKED:
            del self._failures[next(iter(self._failures))]
        # More than thirty make no difference any more, and no number too large for a float.
        self._failures[address, client_id] = min(failures + 1, 30), now

    def succeeded(self, address: str, client_id: str) -> None:
        """Forget the failures."""
        self._failures.pop((address, client_id), None)
