"""Outside issuers: who vouches for analysts, and what of that counts here.

An issuer says who somebody is; what that person may do is said by the operator, in a table from
the issuer's words to organisations and scopes. Keys, signatures and fetching are not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.access import Scope
from app.domain.token_claims import UnreadableClaimsError

Reach: TypeAlias = Literal["public", "private"]
"""Where an issuer's keys may lie: at a public address, or also within a private network."""

ClaimPath: TypeAlias = tuple[str, ...]
"""The name of a claim, and the names below it where the claim is an object."""


@dataclass(frozen=True, slots=True)
class OutsideIssuer:
    """An issuer that the operator trusts, and how far.

    jwks_url: where its keys are; None: where its discovery document says. organisation: id or
    `ref` of the one organisation of all its people; None: by `organisation_claim`, whose values
    `organisations` turns into ids or `ref`s. roles: from values of `role_claim` to scopes; a
    value that is not there gives none.
    """

    issuer: str
    audience: str
    algorithms: tuple[Literal["ES256", "RS256"], ...]
    roles: Mapping[str, frozenset[Scope]]
    role_claim: ClaimPath
    jwks_url: str | None = None
    organisation: str | None = None
    organisation_claim: ClaimPath = ()
    organisations: Mapping[str, str] | None = None
    token_type: str | None = None
    longest_lifetime_seconds: int = 3600
    reach: Reach = "public"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person belongs (id or `ref` of an organisation) and what its roles allow."""

    organisation: str
    scopes: frozenset[Scope]


def standing_of(claims: Mapping[str, object], issuer: OutsideIssuer) -> Standing:
    """What verified claims of this issuer give a person.

    Raises UnreadableClaimsError where they name no organisation that the operator listed, or
    more than one: whom a person works for is never guessed.
    """
    roles = _words(claims, issuer.role_claim)
    scopes = frozenset(scope for role in roles for scope in issuer.roles.get(role, ()))
    if issuer.organisation is not None:
        return Standing(issuer.organisation, scopes)
    listed = issuer.organisations or {}
    named = _words(claims, issuer.organisation_claim)
    found = {listed[name] for name in named if name in listed}
    if len(found) != 1:
        raise UnreadableClaimsError
    return Standing(found.pop(), scopes)


def _words(claims: Mapping[str, object], path: ClaimPath) -> list[str]:
    """The text, or the texts of the list, at a path; none where there is anything else."""
    value: object = claims
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    given = value if isinstance(value, list) else [value]
    return [each for each in given if isinstance(each, str)]
