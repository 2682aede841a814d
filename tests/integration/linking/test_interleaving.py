"""Whatever is committed between two statements of a batch, the next batches make good."""

import asyncio
import inspect
import random
from functools import wraps

import pytest

from app.storage.repositories import (
    blocks,
    carriers,
    lead_changes,
    lead_links,
    linking,
    links,
    places,
    shared_values,
)
from tests.integration.linking.worlds import step as some_step
from tests.integration.linking.worlds import take

MODULES = (
    blocks, carriers, lead_changes, lead_links, linking, links, places, shared_values,
)  # fmt: skip
STATEMENTS = [
    (module, name)
    for module in MODULES
    for name, function in vars(module).items()
    if inspect.iscoroutinefunction(function)
    and function.__module__ == module.__name__
    and not name.startswith("_")
    and name not in ("become_linker", "wait_to_be_linker")
]
IN_BETWEEN = ("submit", "amend", "withdraw", "judge")


@pytest.fixture
def interrupted(monkeypatch):
    """Have something done before every statement of a batch, on another connection."""

    def interrupt(step):
        for module, name in STATEMENTS:
            monkeypatch.setattr(module, name, after(step, getattr(module, name)))

    yield interrupt
    monkeypatch.undo()


def after(step, statement):
    @wraps(statement)
    async def both(*arguments, **named):
        await step()
        return await statement(*arguments, **named)

    return both


@pytest.mark.parametrize("seed", range(10))
async def test_what_is_committed_within_a_batch_is_made_good(
    corpus, interrupted, monkeypatch, seed
):
    chance = random.Random(seed)
    left, waiting = 60, None

    async def step():
        """Take a step; one that has to wait for the batch (a withdrawal for the links that the
        batch is writing) goes on when that is done.
        """
        nonlocal left, waiting
        if waiting and not waiting.done():
            return
        if left and chance.random() < 0.1:
            left -= 1
            kind, *arguments = some_step(chance.choice)
            if kind in IN_BETWEEN:
                waiting = asyncio.create_task(take(corpus, kind, *arguments))
                await asyncio.wait({waiting}, timeout=0.2)

    for _ in range(10):
        await take(corpus, *some_step(chance.choice))
    interrupted(step)
    for turn in range(6):
        await take(corpus, *some_step(chance.choice))
        await (corpus.relink() if turn == 3 else corpus.link(chance.randint(1, 10)))
        if waiting:
            await waiting
    await corpus.drain(chance.randint(1, 10))
    assert left < 60
    monkeypatch.undo()
    if waiting:
        await waiting
    await corpus.drain()
    await corpus.check()
    await corpus.check_relinking()
