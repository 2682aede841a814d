"""Work for the processor: few pieces at once, within a time, and never on the event loop."""

import asyncio
import threading

import pytest

from app.api.rendering import Rendering
from app.domain.errors import TooSlowError, UnavailableError


async def test_work_is_done_in_another_thread_and_its_failure_is_passed_on():
    rendering = Rendering()
    assert await rendering.run(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await rendering.run(lambda: 1 // 0)


async def test_the_event_loop_goes_on_meanwhile():
    rendering, gate = Rendering(), threading.Event()
    work = asyncio.create_task(rendering.run(lambda: gate.wait(10)))
    await asyncio.sleep(0.02)
    assert not work.done()
    gate.set()
    assert await work


async def test_what_takes_too_long_is_given_up_and_keeps_its_place_until_it_ends():
    rendering, gate = Rendering(at_once=1, most=1, seconds=0.05), threading.Event()
    with pytest.raises(TooSlowError):
        await rendering.run(lambda: gate.wait(10))
    with pytest.raises(UnavailableError):
        await rendering.run(lambda: None)
    gate.set()
    for _ in range(200):
        await asyncio.sleep(0.01)
        try:
            assert await rendering.run(lambda: 7) == 7
        except UnavailableError:
            continue
        return
    pytest.fail("the place is never given back")


async def test_what_waits_and_is_given_up_is_never_done():
    rendering, gate, done = Rendering(at_once=1, most=2, seconds=0.05), threading.Event(), []
    with pytest.raises(TooSlowError):
        await rendering.run(lambda: gate.wait(10))
    with pytest.raises(TooSlowError):
        await rendering.run(lambda: done.append(1))
    gate.set()
    await asyncio.sleep(0.05)
    assert done == []
