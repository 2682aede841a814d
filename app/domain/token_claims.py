"""What an access token says of its caller: from the principal to claims and back.

A token carries all that a request needs to know, so that checking one asks no database. Times,
issuer, audience and signature are not here.
"""

from collections.abc import Mapping
from uuid import UUID

from app.domain.access import OrganisationKind, Principal, Scope


class UnreadableClaimsError(ValueError):
    """Claims that no principal was turned into."""


def claims_of(principal: Principal, generation: int) -> dict[str, object]:
    """The claims for `principal`; `sub`, `client_id` and `scope` as RFC 9068, section 2.2, says.

    generation: of the client's tokens; those of an earlier one can be cut off before their time.
    """
    return {
        "sub": principal.client_id,
        "client_id": principal.client_id,
        "org": str(principal.organisation_id),
        "kind": principal.kind.value,
        "country": principal.country,
        "agency": principal.agency,
        "scope": " ".join(sorted(principal.scopes)),
        "no_identity": principal.no_identity,
        "gen": generation,
    }


def principal_of(claims: Mapping[str, object]) -> Principal:
    """The principal that `claims_of` made these claims of. Raises UnreadableClaimsError."""
    try:
        return Principal(
            client_id=_text(claims["sub"]),
            organisation_id=UUID(_text(claims["org"])),
            kind=OrganisationKind(_text(claims["kind"])),
            country=_text(claims["country"]),
            agency=_truth(claims["agency"]),
            scopes=frozenset(Scope(word) for word in _text(claims["scope"]).split()),
            no_identity=_truth(claims["no_identity"]),
        )
    except (KeyError, ValueError) as error:
        raise UnreadableClaimsError from error


def generation_of(claims: Mapping[str, object]) -> int:
    """The generation that `claims_of` wrote. Raises UnreadableClaimsError."""
    value = claims.get("gen")
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableClaimsError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnreadableClaimsError
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnreadableClaimsError
    return value
