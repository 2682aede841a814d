"""A way to take the database away and give it back: a socket between it and the service."""

import asyncio
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.service import free_port


class Proxy:
    """Forwards TCP connections on `port` to the server of a DSN, while it is open."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    def dsn(self) -> str:
        """The address of the same database by way of this proxy."""
        parts = urlsplit(self._dsn)
        user = parts.netloc.rpartition("@")[0] or "tessera"
        return f"postgresql://{user}@127.0.0.1:{self.port}{parts.path}?ssl=disable"

    def open(self) -> None:
        """Let connections through."""
        self._call(self._open())

    def close(self) -> None:
        """Cut every connection and refuse new ones."""
        self._call(self._close())

    def end(self) -> None:
        """Close it for good."""
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _serve(self, reader, writer) -> None:
        self._writers.add(writer)
        with suppress(OSError):
            behind_reader, behind = await self._connect()
            self._writers.add(behind)
            await asyncio.gather(self._pump(reader, behind), self._pump(behind_reader, writer))
            self._writers.discard(behind)
        self._writers.discard(writer)
        writer.close()

    async def _connect(self):
        parts = urlsplit(self._dsn)
        folder = parse_qs(parts.query).get("host")
        if folder:
            return await asyncio.open_unix_connection(str(Path(folder[0], ".s.PGSQL.5432")))
        return await asyncio.open_connection(parts.hostname, parts.port or 5432)

    async def _pump(self, reader, writer) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()
