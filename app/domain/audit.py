"""What the access log tells: the acts on personal data that the law names, who did them, and why.

Directive (EU) 2016/680, Article 25(1) wants six operations logged; those of whoever runs the
network stand beside them. What is told of an act are codes and ids, never content.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.access import Principal, Purpose


class Operation(StrEnum):
    """The operations of Article 25(1), and the acts of those who run the network."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    ADMINISTRATION = "administration"


class Action(StrEnum):
    """What was done. Each is one operation on one kind of object."""

    REPORTS_SUBMITTED = "reports_submitted"
    REPORT_AMENDED = "report_amended"
    OUTCOME_RECORDED = "outcome_recorded"
    LEADS_LISTED = "leads_listed"
    LEAD_READ = "lead_read"
    LEAD_HISTORY_READ = "lead_history_read"
    ATTRIBUTE_SEARCHED = "attribute_searched"
    DECISIONS_READ = "decisions_read"
    PROPOSALS_READ = "proposals_read"
    REPORTS_READ = "reports_read"
    ACCESSES_READ = "accesses_read"
    AUDIT_READ = "audit_read"
    REPORTS_DISCLOSED = "reports_disclosed"
    FEEDBACK_TOLD = "feedback_told"
    LEADS_COMBINED = "leads_combined"
    REPORTS_JOINED = "reports_joined"
    REPORTS_SEPARATED = "reports_separated"
    REPORT_WITHDRAWN = "report_withdrawn"
    ORGANISATION_ADDED = "organisation_added"
    CLIENT_ADDED = "client_added"
    CLIENT_DISABLED = "client_disabled"
    SECRET_ROTATED = "secret_rotated"  # noqa: S105 - the name of an act
    PERSON_BLOCKED = "person_blocked"
    PERSON_UNBLOCKED = "person_unblocked"
    SIGNING_KEY_ADDED = "signing_key_added"
    STOPLIST_ADDED = "stoplist_added"
    STOPLIST_REMOVED = "stoplist_removed"

    @property
    def operation(self) -> Operation:
        """Which operation of the law it is."""
        return _MEANING[self][0]

    @property
    def object_kind(self) -> str:
        """What the ids of its objects name."""
        return _MEANING[self][1]


_MEANING = {
    Action.REPORTS_SUBMITTED: (Operation.COLLECTION, "report"),
    Action.REPORT_AMENDED: (Operation.ALTERATION, "report"),
    Action.OUTCOME_RECORDED: (Operation.ALTERATION, "lead"),
    Action.LEADS_LISTED: (Operation.CONSULTATION, "lead"),
    Action.LEAD_READ: (Operation.CONSULTATION, "lead"),
    Action.LEAD_HISTORY_READ: (Operation.CONSULTATION, "lead"),
    # The reports that were found: an index of the value would be as lasting as on the stop-list.
    Action.ATTRIBUTE_SEARCHED: (Operation.CONSULTATION, "report"),
    Action.DECISIONS_READ: (Operation.CONSULTATION, "lead"),
    Action.PROPOSALS_READ: (Operation.CONSULTATION, "lead"),
    # Opened to the organisation that sent it, which may be an agency, and to any other.
    Action.REPORTS_READ: (Operation.CONSULTATION, "report"),
    Action.REPORTS_DISCLOSED: (Operation.DISCLOSURE, "report"),
    Action.ACCESSES_READ: (Operation.CONSULTATION, "report"),
    Action.AUDIT_READ: (Operation.CONSULTATION, "audit_entry"),
    Action.FEEDBACK_TOLD: (Operation.DISCLOSURE, "report"),
    Action.LEADS_COMBINED: (Operation.COMBINATION, "lead"),
    Action.REPORTS_JOINED: (Operation.COMBINATION, "report"),
    Action.REPORTS_SEPARATED: (Operation.COMBINATION, "report"),
    Action.REPORT_WITHDRAWN: (Operation.ERASURE, "report"),
    Action.ORGANISATION_ADDED: (Operation.ADMINISTRATION, "organisation"),
    # The client itself is the subject of the entry: its id is no UUID.
    Action.CLIENT_ADDED: (Operation.ADMINISTRATION, "organisation"),
    Action.CLIENT_DISABLED: (Operation.ADMINISTRATION, "organisation"),
    Action.SECRET_ROTATED: (Operation.ADMINISTRATION, "organisation"),
    # Likewise of a person, who is named by an opaque id (app.crypto.persons).
    Action.PERSON_BLOCKED: (Operation.ADMINISTRATION, "person"),
    Action.PERSON_UNBLOCKED: (Operation.ADMINISTRATION, "person"),
    Action.SIGNING_KEY_ADDED: (Operation.ADMINISTRATION, "signing_key"),
    # Without an object: an index of the value would be as lasting as the value is personal.
    Action.STOPLIST_ADDED: (Operation.ADMINISTRATION, "stoplist"),
    Action.STOPLIST_REMOVED: (Operation.ADMINISTRATION, "stoplist"),
}

READING = (Action.REPORTS_READ, Action.REPORTS_DISCLOSED)
"""The acts by which a reader of leads has seen the content of a report."""


class ActorKind(StrEnum):
    """Through what somebody acted."""

    CLIENT = "client"
    CLI = "cli"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: a client of an organisation, the command line (of an organisation where it
    acted for one), or the system by itself. Never an account of an operating system.
    client_id: for a person from an outside issuer its opaque id.
    """

    kind: ActorKind
    organisation_id: UUID | None = None
    client_id: str | None = None

    @classmethod
    def of(cls, principal: Principal) -> "Actor":
        """The caller of a request."""
        return cls(ActorKind.CLIENT, principal.organisation_id, principal.client_id)


CLI = Actor(ActorKind.CLI)
SYSTEM = Actor(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class By:
    """By whom something is done, when, and why if that has to be said."""

    actor: Actor
    at: datetime
    purpose: Purpose | None = None
