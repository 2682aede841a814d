"""Run a coroutine to its end from anywhere, also from code that a running event loop called."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_apart(work):
    """The result of a coroutine, run by an event loop of its own in a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
