"""Answers that are the same for everybody and may be kept: entity tag, caching, 304."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

_FOR_A_WHILE = "public, max-age=300"
_TAGS = re.compile(r'(?:W/)?("[^"]*")')

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "As the entity tag in If-None-Match says, nothing has changed"}
}
"""What the OpenAPI document says of routes that answer `published`."""


def published(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str]
) -> Response:
    """An answer with a strong entity tag of its bytes; 304 without them where the caller has them
    (RFC 9110, sections 8.8.3 and 13.1.2).
    """
    tag = f'"{urlsafe_b64encode(sha256(body).digest()[:15]).decode()}"'
    told = {**headers, "ETag": tag, "Cache-Control": _FOR_A_WHILE}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in _TAGS.findall(known):
        return Response(status_code=304, headers=told)
    return Response(body, 200, told, media_type)
