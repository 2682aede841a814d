"""Group commit: who arrives together is written together, and nobody fails for another."""

import asyncio

import pytest

from app.intake.group_commit import GroupCommit


class Table:
    """Where groups are written; the names of `poison` cannot be."""

    def __init__(self, *poison):
        self.groups = []
        self.poison = set(poison)
        self.open = asyncio.Event()
        self.open.set()

    async def write(self, items):
        self.groups.append(list(items))
        await self.open.wait()
        if self.poison & set(items):
            raise ValueError(*sorted(self.poison & set(items)))
        return [f"{item} written" for item in items]


async def test_a_single_item_is_written_at_once_and_answered_with_its_result():
    table = Table()
    assert await GroupCommit(table.write).submit("a") == "a written"
    assert table.groups == [["a"]]


async def test_what_arrives_while_two_groups_are_written_is_the_next_group():
    table = Table()
    table.open.clear()
    commit = GroupCommit(table.write)
    written = []
    for item in "ab":
        written.append(asyncio.create_task(commit.submit(item)))
        await asyncio.sleep(0.01)
    others = [asyncio.create_task(commit.submit(item)) for item in "cde"]
    await asyncio.sleep(0.01)
    assert table.groups == [["a"], ["b"]]
    assert not any(task.done() for task in written)
    table.open.set()
    assert await asyncio.gather(*written, *others) == [f"{item} written" for item in "abcde"]
    assert table.groups == [["a"], ["b"], ["c", "d", "e"]]


async def test_an_item_that_comes_just_as_a_writer_ends_is_written_too():
    commit = GroupCommit(Table().write)
    for _ in range(200):
        await commit.submit("a")
        assert await asyncio.wait_for(commit.submit("b"), 1) == "b written"


async def test_a_group_is_no_larger_than_allowed():
    table = Table()
    commit = GroupCommit(table.write, most=3)
    results = await asyncio.gather(*[commit.submit(item) for item in "abcdefgh"])
    assert results == [f"{item} written" for item in "abcdefgh"]
    assert [len(group) for group in table.groups] == [3, 3, 2]


async def test_one_that_fails_does_not_fail_its_group():
    table = Table("b")
    commit = GroupCommit(table.write)
    results = await asyncio.gather(*[commit.submit(item) for item in "abc"], return_exceptions=True)
    assert results[0::2] == ["a written", "c written"]
    assert isinstance(results[1], ValueError)
    assert table.groups == [["a", "b", "c"], ["a"], ["b"], ["c"]]


async def test_after_a_failure_the_next_is_written_as_before():
    table = Table("a")
    commit = GroupCommit(table.write)
    with pytest.raises(ValueError, match="a"):
        await commit.submit("a")
    assert await commit.submit("b") == "b written"


@pytest.mark.parametrize("fails", [True, False])
async def test_a_caller_that_went_away_is_no_concern_of_the_others(fails):
    table = Table(*("b" if fails else ""))
    table.open.clear()
    commit = GroupCommit(table.write)
    first, gone, last = [asyncio.create_task(commit.submit(item)) for item in "abc"]
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.sleep(0.01)
    table.open.set()
    assert await asyncio.gather(first, last) == ["a written", "c written"]
    assert gone.cancelled()


async def test_a_group_begins_anew_after_a_rest():
    table = Table()
    commit = GroupCommit(table.write)
    for item in "abc":
        await commit.submit(item)
        await asyncio.sleep(0)
    assert table.groups == [["a"], ["b"], ["c"]]
