"""The forms of answers that several routes give."""

from typing import Any
from uuid import UUID

from pydantic_core import to_json
from starlette.responses import Response

MOVED: dict[int | str, dict[str, Any]] = {
    301: {"description": "Merged into the lead named by Location"}
}
"""What the OpenAPI document says of routes that answer `moved`."""


def json_answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(to_json(body), status, headers, "application/json")


def moved(heir: UUID, rest: str = "") -> Response:
    """To the lead that has taken the place of one that was merged away. rest: of the path."""
    location = {"Location": f"/v1/leads/{heir}{rest}"}
    return json_answer({"merged_into": str(heir)}, 301, location)
