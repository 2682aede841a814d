"""The linking loop outlives any error, and failures say where they arose but not what they held."""

import asyncio

import pytest

from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.linking.comparing import Comparing
from app.observability.logging import place_of
from app.storage.catalogues import load_catalogue, load_model
from app.storage.database import connect
from app.worker import linker as linking
from app.worker.linker import Linker


async def test_the_loop_outlives_an_error_in_the_cure_of_an_error(monkeypatch):
    database, keyring = connect("postgresql://nobody@127.0.0.1:1/none"), Keyring(b"k" * 32)
    linker = Linker(
        database.engine,
        comparing=Comparing(load_model(), keyring, Sealer(keyring)),
        catalogue=load_catalogue(),
        batch=1,
    )
    attempts = []

    async def fail(limit):
        attempts.append(limit)
        if len(attempts) == 3:
            linker.stop()
        raise ValueError("a value")

    monkeypatch.setattr(linking, "_AWAY_SECONDS", 0.01)
    monkeypatch.setattr(linker, "link_once", fail)
    monkeypatch.setattr(linker, "_narrow", fail)
    await asyncio.wait_for(linker.run(), 5)
    assert len(attempts) >= 3


def test_the_place_of_an_error_is_ours_and_repeats_no_value():
    with pytest.raises(Exception, match="URL") as caught:
        connect("secretive value")
    place = place_of(caught.value)
    assert place.startswith("app/storage/engine.py:")
    assert place.endswith(" database_url")
    assert "secretive" not in place


def test_an_error_from_outside_has_no_place():
    assert place_of(ValueError("never raised")) == "none"
