"""The protocol's code lists as files, for whoever wants to use them. Public and cacheable."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.deps import Parts
from app.api.publishing import NOT_MODIFIED, published
from app.domain.codelists.tables import CSV_TYPE, JSON_TYPE, LICENCE_URL
from app.domain.errors import NotFoundError
from app.services.publish_code_lists import CodeListFile

router = APIRouter(prefix="/v1/protocol/codelists", tags=["protocol"])

_LICENCE = {"Link": f'<{LICENCE_URL}>; rel="license"'}
_LONGEST_NAME = 100
_TEXT = {"schema": {"type": "string"}}
_HEADERS = {
    "ETag": _TEXT,
    "Link": {"description": 'the licence, rel="license" (RFC 8288)', **_TEXT},
}


def _described(*contents: str) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {each: _TEXT if each == CSV_TYPE else {} for each in contents}
    file = {"description": "The file", "content": content, "headers": _HEADERS}
    return {**NOT_MODIFIED, 200: file}


@router.get(
    "/{name}",
    operation_id="readCodeList",
    response_class=Response,
    responses=_described(CSV_TYPE, JSON_TYPE),
)
async def get_code_list(
    request: Request,
    name: Annotated[
        str,
        Path(
            max_length=_LONGEST_NAME,
            description="indicators.csv, indicators.json, misp-taxonomy.json; or datapackage.json,"
            " which says what every file holds and where it comes from",
            examples=["indicators.csv"],
        ),
    ],
    parts: Parts,
) -> Response:
    """A code list of the protocol under CC BY 4.0: the indicators as CSV, as JSON or as a MISP
    taxonomy, or the description of all files.
    """
    return _answer(request, parts.code_lists.get(name))


@router.get(
    "/mappings/{name}",
    operation_id="readCodeMapping",
    response_class=Response,
    responses=_described(CSV_TYPE),
)
async def get_code_mapping(
    request: Request,
    name: Annotated[
        str,
        Path(
            max_length=_LONGEST_NAME,
            description="a mapping, with .csv; datapackage.json names them",
            examples=["htcds-2.0.csv"],
        ),
    ],
    parts: Parts,
) -> Response:
    """Our codes in another standard: the counterpart of each, or that there is none and why.

    `relation` says what theirs is to ours: exact, close, broader, narrower, related or none.
    """
    return _answer(request, parts.code_lists.get(f"mappings/{name}"))


def _answer(request: Request, file: CodeListFile | None) -> Response:
    if file is None:
        raise NotFoundError
    return published(request, file.content, file.media_type, _LICENCE)
