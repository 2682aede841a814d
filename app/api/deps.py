"""What routes are given: the parts of the installation, transactions, the clock."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Header, Request

from app.api.auth import AnyCaller
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.access import Purpose
from app.domain.acting import caller
from app.domain.errors import PurposeMissingError
from app.domain.indicators import Catalogue
from app.domain.linkage.model import LinkageModel
from app.domain.protocol.protocol import Protocol
from app.intake.group_commit import GroupCommit
from app.intake.preparing import Intake
from app.services.publish_code_lists import CodeListFile
from app.services.submit_reports import Accepted
from app.storage.database import Database
from app.storage.listening import Listener
from app.storage.repositories.reports import NewReport
from app.storage.session import ReadConnection, WriteConnection, reading, writing


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything a route may need, built once at start.

    protocol: that in force. protocols, catalogues: of all versions, under which reports were
        written, by version.
    """

    database: Database
    keyring: Keyring
    sealer: Sealer
    protocols: Mapping[str, Protocol]
    protocol: Protocol
    catalogues: Mapping[str, Catalogue]
    code_lists: Mapping[str, CodeListFile]
    model: LinkageModel
    intake: Intake
    commits: GroupCommit[NewReport, Accepted]
    listener: Listener
    body_limit: int

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self.protocol.catalogue


async def installation_of(request: Request) -> Installation:
    """The installation that answers this request."""
    return cast("Installation", request.app.state.installation)


async def _read(request: Request, principal: AnyCaller) -> AsyncIterator[ReadConnection]:
    engine = (await installation_of(request)).database.engine
    async with reading(engine, caller(principal)) as connection:
        yield connection


async def _write(request: Request, principal: AnyCaller) -> AsyncIterator[WriteConnection]:
    engine = (await installation_of(request)).database.engine
    async with writing(engine, caller(principal)) as connection:
        yield connection


# Dependencies are coroutines even where they wait for nothing: FastAPI would run a plain function
# in a thread, which costs more than all else that a request does.
async def _now() -> datetime:
    return datetime.now(UTC)


async def _purpose(
    purpose: Annotated[
        str | None,
        Header(description="why personal data are read (Directive (EU) 2016/680, Article 25)"),
    ] = None,
) -> Purpose:
    try:
        return Purpose(purpose or "")
    except ValueError:
        allowed = ", ".join(each.value for each in Purpose)
        raise PurposeMissingError(f"one of {allowed}") from None


Parts = Annotated[Installation, Depends(installation_of)]
# Both act in the name of the caller. scope="function": the commit happens before the answer is
# sent, so that a commit that fails becomes an error and not a lie.
ReadTx = Annotated[ReadConnection, Depends(_read, scope="function")]
WriteTx = Annotated[WriteConnection, Depends(_write, scope="function")]
Now = Annotated[datetime, Depends(_now)]
StatedPurpose = Annotated[Purpose, Depends(_purpose)]
