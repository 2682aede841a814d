"""An answer that is written while the request is still being read.

Some clients send everything before they read anything. Were answers sent directly, both
sides would in the end wait for each other. So producing never waits for sending: what the
client does not take is kept in a file without a name, which goes when the answer is done.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from typing import IO

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

_IN_MEMORY = 1 << 18
_PIECE = 1 << 16


class Spool:
    """A queue of bytes: one writes, one reads, memory is bounded and the rest is on disk."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._read_at = 0
        self._end = 0
        self._more = asyncio.Event()
        self._done = False

    def write(self, data: bytes) -> None:
        """Append; never waits for the reader."""
        if self._read_at == self._end and self._end > 0:
            # Everything was read: begin again, so that the file does not grow for ever.
            self._file.seek(0)
            self._file.truncate()
            self._read_at = self._end = 0
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)
        self._more.set()

    def finish(self) -> None:
        """Say that nothing more comes."""
        self._done = True
        self._more.set()

    async def read(self) -> bytes:
        """The next piece; empty once all was read and the writer has finished."""
        while self._read_at == self._end and not self._done:
            self._more.clear()
            await self._more.wait()
        self._file.seek(self._read_at)
        piece = self._file.read(min(_PIECE, self._end - self._read_at))
        self._read_at += len(piece)
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class SpooledResponse(Response):
    """A response whose body is produced beside the reading of the request."""

    def __init__(
        self, produce: AsyncIterator[bytes], media_type: str, headers: Mapping[str, str]
    ) -> None:
        super().__init__(None, 200, headers, media_type)
        del self.headers["content-length"]
        self._produce = produce

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spool = Spool()
        producer = asyncio.create_task(self._fill(spool))
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            while piece := await spool.read():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await producer
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            # What was read of the request is stored even if nobody waits for the answer.
            await asyncio.wait([producer])
            spool.close()

    async def _fill(self, spool: Spool) -> None:
        try:
            async for piece in self._produce:
                spool.write(piece)
        finally:
            spool.finish()
