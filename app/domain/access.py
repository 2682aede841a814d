"""Who may do what: kinds of organisations, scopes, and the caller of a request."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from app.domain.errors import Fault, InvalidInputError


class Scope(StrEnum):
    """What an access token allows."""

    REPORTS_WRITE = "reports:write"
    REPORTS_READ = "reports:read"
    FEEDBACK_READ = "feedback:read"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    ATTRIBUTES_SEARCH = "attributes:search"
    STATISTICS_READ = "statistics:read"
    DIRECTORY_WRITE = "directory:write"
    PROTOCOL_WRITE = "protocol:write"
    AUDIT_READ = "audit:read"
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    """The sectors of the network, and the two kinds that run and check it."""

    LAW_ENFORCEMENT = "law_enforcement"
    PROSECUTION = "prosecution"
    LABOUR_INSPECTION = "labour_inspection"
    GOVERNMENT = "government"
    DIPLOMATIC = "diplomatic"
    NGO = "ngo"
    HEALTH = "health"
    LEGAL = "legal"
    COMMUNITY = "community"
    LOCAL_GOVERNMENT = "local_government"
    COMMERCE = "commerce"
    FAITH = "faith"
    TRADE_UNION = "trade_union"
    IMMIGRATION = "immigration"
    EMPLOYMENT_AGENCY = "employment_agency"
    GAMING = "gaming"
    ONLINE_PLATFORM = "online_platform"
    RESEARCH = "research"
    PUBLIC = "public"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"


_REPORTING = frozenset({Scope.REPORTS_WRITE, Scope.REPORTS_READ, Scope.FEEDBACK_READ})
_AGENCY = _REPORTING | {Scope.LEADS_READ, Scope.LEADS_WRITE, Scope.ATTRIBUTES_SEARCH}
_SPECIAL: dict[OrganisationKind, frozenset[Scope]] = {
    OrganisationKind.RESEARCH: frozenset({Scope.STATISTICS_READ}),
    OrganisationKind.COORDINATOR: frozenset(
        {Scope.STATISTICS_READ, Scope.DIRECTORY_WRITE, Scope.PROTOCOL_WRITE, Scope.ADMIN}
    ),
    OrganisationKind.AUDITOR: frozenset({Scope.AUDIT_READ}),
}
_ALWAYS_AGENCIES = frozenset({OrganisationKind.LAW_ENFORCEMENT, OrganisationKind.PROSECUTION})


def may_be_agency(kind: OrganisationKind) -> bool:
    """Whether an organisation of this kind may read leads at all: police and prosecution do,
    a labour inspection where the law gives it such powers (contract, section 11).
    """
    return kind in _ALWAYS_AGENCIES or kind is OrganisationKind.LABOUR_INSPECTION


def is_agency(kind: OrganisationKind, *, enrolled_as_agency: bool) -> bool:
    """Whether this organisation reads leads."""
    return kind in _ALWAYS_AGENCIES or (enrolled_as_agency and may_be_agency(kind))


def allowed_scopes(kind: OrganisationKind, *, agency: bool) -> frozenset[Scope]:
    """The scopes that a client of such an organisation may hold (contract, section 11)."""
    if agency:
        return _AGENCY
    return _SPECIAL.get(kind, _REPORTING)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member of the network."""

    id: UUID
    name: str
    kind: OrganisationKind
    country: str
    agency: bool
    ref: str | None = None


def checked_scopes(wanted: Collection[str], organisation: Organisation) -> frozenset[Scope]:
    """The scopes that a client is to be registered with: at least one, and none by default.

    Raises InvalidInputError, naming those that are allowed, for any other.
    """
    allowed = allowed_scopes(organisation.kind, agency=organisation.agency)
    scopes = frozenset(scope for scope in allowed if scope.value in wanted)
    if not scopes or len(scopes) < len(frozenset(wanted)):
        names = ", ".join(scope.value for scope in Scope if scope in allowed)
        kind = f"{organisation.kind.value}{' (agency)' if organisation.agency else ''}"
        raise InvalidInputError(
            faults=(Fault("/scopes", f"an organisation of kind {kind} may hold: {names}"),)
        )
    return scopes


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: one client of one organisation, with what its token allows. For a person
    from an outside issuer `client_id` is an opaque name (`app.crypto.persons`).
    """

    client_id: str
    organisation_id: UUID
    kind: OrganisationKind
    country: str
    agency: bool
    scopes: AbstractSet[Scope]
    no_identity: bool = False


class TokenRefusedError(Exception):
    """A client gets no access token; `error` is the code of RFC 6749, section 5.2."""

    def __init__(self, error: Literal["invalid_client", "invalid_scope"]) -> None:
        super().__init__(error)
        self.error = error


class Purpose(StrEnum):
    """Why an agency reads personal data (Directive (EU) 2016/680, Article 25)."""

    PREVENTION = "prevention"
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    VICTIM_PROTECTION = "victim_protection"
