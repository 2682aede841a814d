"""When Python looks for garbage in cycles: after a batch of linking, not within it.

A batch makes some hundred thousand objects, and nearly all go as it ends. Looking through them
again and again while they are in use took half of the processor time of linking.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 1


@contextmanager
def collected_after() -> Iterator[None]:
    """Look for garbage among what the block made when it has ended, and not before."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(_YOUNG)
