"""The OpenAPI document: what FastAPI does not know by itself, and its one exact text."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.api.problems import Problem
from app.api.v1.schemas.answers import BatchLine
from app.api.v1.schemas.decisions import AnswerIn, DecisionIn
from app.api.v1.schemas.explaining import PairIn
from app.api.v1.schemas.leads import OutcomeIn
from app.api.v1.schemas.protocol import AnswersIn
from app.api.v1.schemas.report import ReportIn
from app.api.v1.schemas.searching import SearchIn

_REF = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Give `app` the document described here."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def text_of(app: FastAPI) -> str:
    """The document as it is checked in: sorted keys, two spaces, a newline at the end."""
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _document(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes
    )
    # Bodies that are read as bytes and models of failures are unknown to FastAPI.
    _, extra = models_json_schema(
        [
            (ReportIn, "validation"),
            (Problem, "serialization"),
            (BatchLine, "serialization"),
            (OutcomeIn, "validation"),
            (DecisionIn, "validation"),
            (PairIn, "validation"),
            (AnswerIn, "validation"),
            (SearchIn, "validation"),
            (AnswersIn, "validation"),
        ],
        ref_template=_REF,
    )
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for name, definition in extra["$defs"].items():
        schemas.setdefault(name, definition)
    return schema
