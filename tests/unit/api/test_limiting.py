"""Counting requests and failures: windows, lock-outs, bounds, and whose address it is."""

from ipaddress import ip_network

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from app.api.addresses import address_of
from app.api.limiting import BoundedMemory, Limits, LockOut
from app.domain.errors import TooManyRequestsError


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def limits_of(clock, client=3, address=3):
    return Limits(per_client=client, per_address=address, clock=clock)


def allowed(count, *names, times=10):
    done = 0
    for _ in range(times):
        try:
            count(*names)
        except TooManyRequestsError:
            break
        done += 1
    return done


def test_a_client_may_call_so_often_a_minute_and_again_in_the_next(clock):
    limits = limits_of(clock)
    assert allowed(limits.count_client, "one") == 3
    with pytest.raises(TooManyRequestsError) as caught:
        limits.count_client("one")
    assert (caught.value.policy, caught.value.seconds) == ("client", 60)
    clock.now += 59
    assert allowed(limits.count_client, "one") == 0
    clock.now += 1
    assert allowed(limits.count_client, "one") == 3


def test_one_client_costs_another_nothing_and_an_address_is_no_client(clock):
    limits = limits_of(clock)
    allowed(limits.count_client, "one")
    assert allowed(limits.count_client, "other") == 3
    assert allowed(limits.count_address, "one") == 3


def test_nought_is_no_limit(clock):
    assert allowed(limits_of(clock, client=0).count_client, "one", times=1000) == 1000


def test_limits_own_memory_counts_as_ours_does():
    from limits.storage import MemoryStorage

    item = RateLimitItemPerMinute(5)
    ours, theirs = (
        FixedWindowRateLimiter(storage) for storage in (BoundedMemory(10), MemoryStorage())
    )
    assert [ours.hit(item, "a") for _ in range(7)] == [theirs.hit(item, "a") for _ in range(7)]
    assert ours.get_window_stats(item, "a").remaining == 0
    assert ours.get_window_stats(item, "b").remaining == 5


def test_the_memory_is_bounded_and_the_oldest_leave_first(clock):
    memory = BoundedMemory(3, clock=clock)
    for name in "abcd":
        memory.incr(name, 60)
    assert [memory.get(name) for name in "abcd"] == [0, 1, 1, 1]
    memory.clear("b")
    assert memory.get("b") == 0
    assert memory.check()
    assert memory.reset() == 2


def test_failures_lock_for_twice_as_long_each_time_up_to_a_quarter_of_an_hour(clock):
    locks = LockOut(clock=clock)
    waits = []
    for _ in range(25):
        locks.failed("here", "tsc_1")
        waits.append(locks.seconds_left("here", "tsc_1"))
        clock.now += max(waits[-1], 0)
        assert locks.seconds_left("here", "tsc_1") <= 0
    assert waits == [0] * 9 + [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] + [900] * 6


def test_nobody_is_locked_out_from_elsewhere(clock):
    locks = LockOut(clock=clock)
    for _ in range(40):
        locks.failed("attacker", "tsc_1")
    assert locks.seconds_left("attacker", "tsc_1") == 900
    assert locks.seconds_left("attacker", "tsc_2") == 0
    assert locks.seconds_left("here", "tsc_1") == 0


def test_success_and_time_make_failures_forgotten(clock):
    locks = LockOut(clock=clock)
    for _ in range(12):
        locks.failed("here", "tsc_1")
        locks.failed("here", "tsc_2")
    locks.succeeded("here", "tsc_1")
    assert locks.seconds_left("here", "tsc_1") == 0
    clock.now += 1801
    locks.failed("here", "tsc_2")
    assert locks.seconds_left("here", "tsc_2") == 0


def test_an_address_that_fails_with_ever_new_names_is_shut_out_too(clock):
    limits = limits_of(clock)
    for number in range(300):
        limits.before_login("here", f"tsc_{number}")
        limits.login_failed("here", f"tsc_{number}")
    with pytest.raises(TooManyRequestsError) as caught:
        limits.before_login("here", "tsc_new")
    assert 0 < caught.value.seconds <= 60
    limits.before_login("elsewhere", "tsc_new")


def test_a_login_counts_as_a_request_of_the_client(clock):
    limits = limits_of(clock)
    assert allowed(limits.login_succeeded, "here", "tsc_1") == 3


PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["nonsense"], "unknown"),
        ("10.0.0.1", ["198.51.100.7, nonsense"], "unknown"),
        ("fd00::1", ["2001:db8:1:2:3::4"], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], "192.0.2.1"),
        ("2001:db8:1:2::9", ["198.51.100.7"], "2001:db8:1:2::/64"),
    ],
)
def test_an_address_is_that_of_the_peer_or_what_a_named_proxy_says(peer, forwarded, counted):
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    assert address_of(scope, PROXIES) == counted


def test_without_named_proxies_nobody_is_believed():
    headers = [(b"x-forwarded-for", b"198.51.100.7"), (b"forwarded", b"for=198.51.100.7")]
    assert address_of({"client": ("10.0.0.1", 1), "headers": headers}, ()) == "10.0.0.1"


def test_a_socket_without_address_is_counted_as_one():
    assert address_of({"client": None, "headers": []}, PROXIES) == "unknown"
