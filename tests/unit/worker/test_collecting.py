"""Garbage in cycles waits until the block has ended, and goes then, however the block ended."""

import gc
import weakref
from contextlib import suppress

import pytest

from app.worker.collecting import collected_after

MANY = 50_000  # objects, of which far fewer have Python look for garbage


class Node:
    """Refers to itself, so that only a look for garbage in cycles removes it."""

    def __init__(self):
        self.itself = self


class BlockError(Exception):
    """What a block raises."""


def garbage():
    """What only a look for cycles removes; gives a way to see whether it is still there."""
    return weakref.ref(Node())


def ends(look):
    with collected_after():
        look()


def raises(look):
    with suppress(BlockError), collected_after():
        look()
        raise BlockError


@pytest.fixture(params=[ends, raises])
def run(request):
    """Run something in a block, which ends well or raises."""
    assert gc.isenabled()
    yield request.param
    gc.enable()


def test_garbage_made_in_the_block_stays_in_it_and_is_gone_after_it(run):
    seen = []

    def make():
        seen.append(garbage())
        kept = [[] for _ in range(MANY)]
        seen.append(len(kept) == MANY and seen[0]() is not None)

    run(make)

    assert seen[1], "Python looked for garbage within the block"
    assert seen[0]() is None


def test_python_looks_for_garbage_by_itself_again_after_the_block_and_not_within(run):
    within = []

    run(lambda: within.append(gc.isenabled()))

    assert within == [False]
    assert gc.isenabled()


def test_an_error_leaves_the_block_as_it_was_raised():
    error = BlockError()
    with pytest.raises(BlockError) as caught, collected_after():
        raise error
    assert caught.value is error


def test_without_the_block_python_would_have_looked():
    seen = garbage()
    kept = [[] for _ in range(MANY)]
    assert len(kept) == MANY
    assert seen() is None
