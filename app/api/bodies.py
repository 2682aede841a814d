"""Reading bodies: the limit counts while the body arrives, not after."""

from starlette.requests import ClientDisconnect, Request

from app.domain.errors import MalformedInputError, TooLargeError, UnsupportedMediaTypeError

_JSON = "application/json"


async def json_body(request: Request, *, limit: int) -> bytes:
    """The body of a JSON request, at most `limit` bytes.

    Raises UnsupportedMediaTypeError, TooLargeError, MalformedInputError.
    """
    require_media_type(request, _JSON)
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLargeError(f"at most {limit} bytes")
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise TooLargeError(f"at most {limit} bytes")
            chunks.append(chunk)
    except ClientDisconnect:
        raise MalformedInputError("The body ended before it was complete") from None
    return b"".join(chunks)


def require_media_type(request: Request, expected: str) -> None:
    """Refuse a body of another type. UTF-8 is the only character set."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != expected or charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMediaTypeError(f"{expected} in UTF-8 is expected")
