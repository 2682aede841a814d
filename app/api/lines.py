"""Cut a stream of bytes into lines, each of a limited length, in bounded memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input. `content` is None where it was longer than the limit and was dropped
    while it came in. `number` counts from 1.
    """

    number: int
    content: bytes | None


async def lines_of(stream: AsyncIterator[bytes], *, limit: int) -> AsyncIterator[Line]:
    """The lines of `stream`, without their line ends; blank ones are skipped but counted.

    The last line needs no line end. At most `limit` bytes and one chunk are held.
    """
    number, held, overlong = 0, b"", False
    async for chunk in stream:
        *whole, rest = chunk.split(b"\n")
        for place, piece in enumerate(whole):
            number += 1
            line = piece if place or not held else held + piece
            held = b""
            too_long = overlong or len(line) > limit
            overlong = False
            content = None if too_long else line.strip()
            if content != b"":
                yield Line(number, content)
        if len(held) + len(rest) > limit:
            held, overlong = b"", True
        elif not overlong:
            held += rest
    if overlong or held.strip():
        yield Line(number + 1, None if overlong else held.strip())
