"""What can go wrong in the work, named for what happened. HTTP statuses are decided at the door."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input: a JSON pointer (RFC 6901) into it and a sentence that never
    repeats the value.
    """

    pointer: str
    detail: str


class DomainError(Exception):
    """Root of all expected errors. `code` is stable and public; `title` is for people, and so is
    `explanation`, which is told where nothing more is known of the case (`detail`, `faults`).
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Error"
    explanation: ClassVar[str] = "It cannot be done"

    def __init__(self, detail: str | None = None, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.faults = faults


class MalformedInputError(DomainError):
    """The input cannot be read at all (not JSON, not UTF-8, not a form)."""

    code = "malformed-input"
    title = "The input cannot be read"
    explanation = "JSON in UTF-8 is expected, or a form where the route takes one"


class InvalidInputError(DomainError):
    """The input is readable and breaks a rule; `faults` say where."""

    code = "invalid-input"
    title = "The input breaks a rule"
    explanation = "See the description of the API for what may be sent"


class NotFoundError(DomainError):
    """There is no such thing, or the caller may not know of it."""

    code = "not-found"
    title = "There is no such thing"
    explanation = "It does not exist, or it is not yours to read"


class ConflictError(DomainError):
    """The same reference or key was used before for other content."""

    code = "conflict"
    title = "The same reference was used for other content"
    explanation = (
        "What is stored stays; amend it with PUT, or send the new content under another reference"
    )


class PreconditionFailedError(DomainError):
    """The thing was changed since the caller read it (RFC 9110, 13.1.1)."""

    code = "precondition-failed"
    title = "It was changed in the meantime"
    explanation = "Read it again, and send its present ETag as If-Match"


class PreconditionRequiredError(DomainError):
    """The change needs If-Match (RFC 6585, section 3)."""

    code = "precondition-required"
    title = "If-Match is required"
    explanation = "Read it first, and send its ETag as If-Match"


class LeadMergedError(DomainError):
    """The lead was merged into another, `heir`, which is meant now."""

    code = "lead-merged"
    title = "The lead was merged into another"
    explanation = "Location names the lead that is meant now"

    def __init__(self, heir: UUID) -> None:
        super().__init__()
        self.heir = heir


class PurposeMissingError(DomainError):
    """A read of personal data without a stated purpose (Directive (EU) 2016/680, Article 25)."""

    code = "purpose-missing"
    title = "Name the purpose of this access in the header Purpose"
    explanation = "Personal data are read for a stated purpose only"


class UnauthenticatedError(DomainError):
    """No credential, or one that does not hold."""

    code = "unauthenticated"
    title = "A valid access token is needed"
    explanation = "Send it as Authorization: Bearer; /v1/oauth/token gives one"


class ForbiddenError(DomainError):
    """The caller is known and lacks the scope."""

    code = "forbidden"
    title = "The access token lacks the scope"
    explanation = "Ask for a token with the scope that this route names"


class TooManyRequestsError(DomainError):
    """Too many requests of one client or address, or too many failed ones. `policy` is a word for
    what was exceeded; after so many seconds it is worth trying again.
    """

    code = "too-many-requests"
    title = "Too many requests"

    def __init__(self, policy: str, seconds: float) -> None:
        super().__init__()
        self.policy = policy
        self.seconds = seconds


class WithdrawnError(DomainError):
    """The report was withdrawn; its content is erased."""

    code = "withdrawn"
    title = "The report was withdrawn"
    explanation = "Its content is erased"


class UnavailableError(DomainError):
    """The database is away; the same request will do later."""

    code = "unavailable"
    title = "The service is not available at the moment"
    explanation = "The same request will do later"


class TooSlowError(UnavailableError):
    """The database is there, and did not finish in time what was asked of it."""

    code = "too-slow"


class TooLargeError(DomainError):
    """The body is larger than the limit."""

    code = "too-large"
    title = "The body is larger than the limit"
    explanation = "Send less at once"


class UnsupportedMediaTypeError(DomainError):
    """The body is of a type that this route does not read."""

    code = "unsupported-media-type"
    title = "The body is of a type that is not read here"
    explanation = "The description of the API names the Content-Type that is"
