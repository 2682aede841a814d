"""People, in one process: from the token of an outside issuer to the caller of a request.

Which issuers there are is said by the operator (`TESSERA_ISSUERS_FILE`); their keys are kept by
`app.gateways.outside_keys`, and who a person is here is found in the database, once a token.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.crypto.keyring import Keyring
from app.crypto.persons import person_id
from app.domain.access import Principal
from app.domain.acting import ACCESS
from app.domain.errors import NotFoundError
from app.domain.outside_issuers import OutsideIssuer, standing_of
from app.domain.token_claims import UnreadableClaimsError
from app.gateways.outside_keys import OutsideKeys
from app.gateways.tokens import (
    TokenRejectedError,
    TokenRules,
    key_id_of,
    verify_access_token,
)
from app.services.find_person import find_person
from app.storage.database import Database
from app.storage.session import reading

_TAKEN_FOR_VERIFIED_SECONDS = 600
"""As long as keys are used without asking: one that an issuer withdraws opens nothing for longer
than twice that."""


@dataclass(frozen=True, slots=True)
class _Known:
    issuer: OutsideIssuer
    keys: OutsideKeys
    rules: TokenRules


class People:
    """Checks the tokens of people; made once a process. `with_loopback`: issuers may be on this
    machine, for tests.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        issuers: Iterable[OutsideIssuer],
        *,
        with_loopback: bool = False,
    ) -> None:
        self._engine = database.engine
        self._keyring = keyring
        self._known = {
            each.issuer: _Known(
                each,
                OutsideKeys(each, "loopback" if with_loopback else each.reach),
                TokenRules(
                    issuer=each.issuer,
                    audiences=(each.audience,),
                    algorithms=each.algorithms,
                    token_type=each.token_type,
                    longest_lifetime_seconds=each.longest_lifetime_seconds,
                ),
            )
            for each in issuers
        }

    async def principal(self, token: str, issuer: str, *, now: datetime) -> tuple[Principal, int]:
        """Who calls with a token that says it is from `issuer`, and until when (in seconds since
        1970) that may be believed without looking again.

        Raises TokenRejectedError; UnavailableError where it cannot be told at the moment.
        """
        known = self._known.get(issuer)
        if known is None:
            raise TokenRejectedError("unknown_issuer")
        keys = await known.keys.with_key(key_id_of(token, known.rules) or "")
        claims = verify_access_token(token, keys, known.rules, now=now)
        person = person_id(self._keyring, issuer, claims.subject)
        try:
            standing = standing_of(claims.values, known.issuer)
            async with reading(self._engine, ACCESS) as connection:
                principal = await find_person(connection, person, standing)
        except (UnreadableClaimsError, NotFoundError):
            raise TokenRejectedError("unknown_organisation") from None
        until = int(now.timestamp()) + _TAKEN_FOR_VERIFIED_SECONDS
        return principal, min(claims.expires_at, until)
