"""Tokens end at once when their client is disabled or its secret is cut, in every process."""

import time
from datetime import timedelta

import httpx2
import pytest

from app.api.cut_off import CutOff
from app.crypto.ids import new_id
from app.domain.errors import UnavailableError
from app.services.disable_client import disable_client
from app.services.rotate_client import Rotation, rotate_client
from app.storage.database import connect
from app.storage.listening import Listener
from tests.support.network import by_cli
from tests.support.service import serving_here


def status(url, token):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.get(f"{url}/v1/reports", headers=headers, timeout=30).status_code


def disable(network, client_id):
    async def work(connection):
        await disable_client(connection, client_id, by=by_cli())

    network.write(work)


def rotate(network, client_id, overlap):
    async def work(connection):
        return await rotate_client(
            connection,
            Rotation(client_id, overlap),
            keyring=network.keyring,
            new_id=new_id(),
            by=by_cli(),
        )

    return network.write(work)


def soon(url, token, wanted):
    """The status that a token gets within two seconds, or at their end."""
    until = time.monotonic() + 2
    while (found := status(url, token)) != wanted and time.monotonic() < until:
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def second(module_database):
    with serving_here(module_database) as url:
        yield url


def test_the_tokens_of_a_disabled_client_end_in_every_process(network, second):
    caller, other = network.caller("ngo"), network.caller("ngo")
    assert status(network.url, caller.token) == status(second, caller.token) == 200
    disable(network, caller.credentials.client_id)
    assert soon(network.url, caller.token, 401) == 401
    assert soon(second, caller.token, 401) == 401
    assert status(network.url, other.token) == 200


def test_a_secret_that_is_cut_takes_its_tokens_with_it_and_a_new_token_holds_at_once(
    network, second
):
    caller = network.caller("ngo")
    assert status(second, caller.token) == 200
    fresh = rotate(network, caller.credentials.client_id, timedelta(0))
    token = network.token(fresh)
    assert soon(second, caller.token, 401) == 401
    assert soon(network.url, caller.token, 401) == 401
    assert status(second, token) == status(network.url, token) == 200


def test_with_an_overlap_tokens_go_on(network, second):
    caller = network.caller("ngo")
    rotate(network, caller.credentials.client_id, timedelta(hours=1))
    time.sleep(1.2)
    assert status(network.url, caller.token) == status(second, caller.token) == 200


def test_a_cut_is_known_within_two_seconds_where_no_news_of_it_ever_come(
    network, module_database, monkeypatch
):
    monkeypatch.setattr(Listener, "tell", lambda *_: None)
    with serving_here(module_database) as deaf:
        caller = network.caller("ngo")
        assert status(deaf, caller.token) == 200
        disable(network, caller.credentials.client_id)
        time.sleep(2)
        assert status(deaf, caller.token) == 401


class Steady:
    """A clock that goes when it is told to."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
async def cut_off(network):
    database = connect(network.dsn, connections=2)
    clock = Steady()
    yield CutOff(database.engine, ticks=clock), clock
    await database.engine.dispose()


async def test_what_is_known_is_never_older_than_two_seconds(network, cut_off):
    known, clock = cut_off
    caller = network.caller("ngo")
    client_id = caller.credentials.client_id
    assert await known.holds(client_id, 1)
    disable(network, client_id)
    clock.now += 0.9
    assert await known.holds(client_id, 1)
    clock.now += 1.2
    assert not await known.holds(client_id, 1)
    assert await known.holds(client_id, 2)


async def test_news_count_at_once(network, cut_off):
    known, _ = cut_off
    client_id = network.caller("ngo").credentials.client_id
    assert await known.holds(client_id, 1)
    disable(network, client_id)
    known.forget()
    assert not await known.holds(client_id, 1)


async def test_without_its_database_nothing_old_is_believed():
    database = connect("postgresql://nobody@127.0.0.1:1/nowhere", connections=2)
    known = CutOff(database.engine)
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await known.holds("tsc_1", 1)
    await database.engine.dispose()
