"""Reading bodies: the limit counts while the body arrives; what arrived is read by one rule."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.requests import ClientDisconnect, Request

from app.api.problems import invalid
from app.domain.errors import (
    Fault,
    InvalidInputError,
    MalformedInputError,
    TooLargeError,
    UnsupportedMediaTypeError,
)

_JSON = "application/json"
_NUL = b"\\u0000"
_MOST_DRAINED = 16 << 20
_Model = TypeVar("_Model", bound=BaseModel)


def json_request(model: str) -> dict[str, Any]:
    """What the OpenAPI document says of a route that reads its body by `json_body`."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"required": True, "content": {_JSON: {"schema": schema}}}}


async def json_body(request: Request, *, limit: int) -> bytes:
    """The body of a JSON request, at most `limit` bytes.

    Raises UnsupportedMediaTypeError, TooLargeError, MalformedInputError.
    """
    require_media_type(request, _JSON)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= limit:
                chunks.append(chunk)
            elif size > _MOST_DRAINED:
                break
            else:
                # Read on for a while: a client that sends all before it reads would otherwise
                # find the connection closed and never learn why.
                chunks.clear()
    except ClientDisconnect:
        raise MalformedInputError("The body ended before it was complete") from None
    if size > limit:
        raise TooLargeError(f"at most {limit} bytes")
    return b"".join(chunks)


def parse(model: type[_Model], content: bytes) -> _Model:
    """The model that a JSON text describes. Raises MalformedInputError or InvalidInputError."""
    try:
        value = model.model_validate_json(content)
    except ValidationError as error:
        raise invalid(error) from None
    if _NUL in content:
        _refuse_nul(from_json(content))
    return value


def require_media_type(request: Request, expected: str) -> None:
    """Refuse a body of another type. UTF-8 is the only character set."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != expected or charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMediaTypeError(f"{expected} in UTF-8 is expected")


def _refuse_nul(value: object) -> None:
    """Refuse U+0000 in any text: PostgreSQL stores none, and no text needs it. JSON has it only
    as an escape, so that texts without the escape need no looking through.
    """
    pointers = tuple(_places_of_nul(value, ""))
    if pointers:
        faults = (Fault(pointer, "the character U+0000 is not allowed") for pointer in pointers)
        raise InvalidInputError(faults=tuple(faults))


def _places_of_nul(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, str) and "\x00" in value:
        yield pointer
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _places_of_nul(item, f"{pointer}/{place}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _places_of_nul(item, f"{pointer}/{key}")
