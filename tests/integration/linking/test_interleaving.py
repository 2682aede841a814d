"""Whatever is committed between two statements of a batch, the next batches make good."""

import random
from functools import wraps

import pytest

from app.storage.repositories import lead_changes, linking
from tests.integration.linking.test_against_oracle import random_step, take

STATEMENTS = [
    *((linking, name) for name in (
        "take", "current_leads", "withdrawn", "members", "kinds_of", "linking_values", "shared",
        "carriers", "leads_through", "mark_shared", "unmark_shared", "all_reports", "stop_listed",
        "forget_frequent",
    )),
    *((lead_changes, name) for name in (
        "leave", "absorb", "place", "summarise", "open_leads", "store_summaries", "record_events",
    )),
]  # fmt: skip
IN_BETWEEN = ("submit", "amend", "withdraw")


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


@pytest.mark.parametrize("seed", range(12))
async def test_what_is_committed_within_a_batch_is_made_good(
    corpus, interrupted, monkeypatch, seed
):
    chance = random.Random(seed)
    left = 60

    async def step():
        nonlocal left
        if left and chance.random() < 0.4:
            left -= 1
            kind, *arguments = random_step(chance)
            if kind in IN_BETWEEN:
                await take(corpus, kind, *arguments)

    for _ in range(10):
        await take(corpus, *random_step(chance))
    interrupted(step)
    for turn in range(6):
        await take(corpus, *random_step(chance))
        await (corpus.relink() if turn == 3 else corpus.link(chance.randint(1, 10)))
    await corpus.drain(chance.randint(1, 10))
    assert left < 60
    monkeypatch.undo()
    await corpus.drain()
    await corpus.check()
    await corpus.check_relinking()
