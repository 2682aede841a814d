"""Reading bodies: the limit counts while the body arrives; what arrived is read by one rule."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

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
_PATIENCE_SECONDS = 0.3
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
    stream = request.stream()
    declared = request.headers.get("content-length", "")
    try:
        if declared.isdecimal() and int(declared) > limit:
            await _refuse_size(stream, limit)
        async for chunk in stream:
            size += len(chunk)
            if size > limit:
                await _refuse_size(stream, limit)
            chunks.append(chunk)
    except ClientDisconnect:
        raise MalformedInputError("The body ended before it was complete") from None
    return b"".join(chunks)


async def _refuse_size(stream: AsyncIterator[bytes], limit: int) -> NoReturn:
    """Read on while more comes, within bounds, then refuse: a client that sends all before it
    reads would otherwise find the connection closed and never learn why.
    """
    drained = 0
    with suppress(TimeoutError, StopAsyncIteration):
        while drained < _MOST_DRAINED:
            drained += len(await asyncio.wait_for(anext(stream), _PATIENCE_SECONDS))
    raise TooLargeError(f"at most {limit} bytes")


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
