"""The OpenAPI document that is checked in is the one that the code gives, to the byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = "uv run tessera openapi > openapi/openapi.json"


def generated(seed: str) -> str:
    """What `tessera openapi` prints under a hash seed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TESSERA_")}
    done = subprocess.run(
        [sys.executable, "-m", "app", "openapi"],
        cwd=ROOT,
        env=kept | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def document():
    """The document, parsed."""
    return json.loads((ROOT / "openapi" / "openapi.json").read_text())


def test_the_checked_in_document_is_current():
    if generated("0") != (ROOT / "openapi" / "openapi.json").read_text():
        pytest.fail(f"openapi/openapi.json is out of date: run `{COMMAND}`")


def test_the_document_is_the_same_under_every_hash_seed():
    assert generated("1") == generated("4242")


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(document):
    operations = [
        operation for methods in document["paths"].values() for operation in methods.values()
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(name[0].islower() and name.isalnum() for name in names)
    assert all(operation.get("description") for operation in operations)


def test_every_operation_answers_failures_as_problems(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status in ("4XX", "5XX"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], f"{method} {path}"


def test_no_schema_shows_input_in_a_failure(document):
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert set(document["components"]["schemas"]["ErrorItem"]["properties"]) == {
        "pointer",
        "detail",
    }


@pytest.mark.parametrize(
    ("place", "limits"),
    [
        ("narrative", {"maxLength": 20_000}),
        ("external_ref", {"minLength": 1, "maxLength": 200}),
        ("persons", {"maxItems": 100}),
        ("attributes", {"maxItems": 200}),
        ("indicators", {"maxItems": 200}),
    ],
)
def test_the_limits_of_a_report_are_stated(document, place, limits):
    schema = document["components"]["schemas"]["ReportIn"]["properties"][place]
    variants = [schema, *schema.get("anyOf", [])]
    stated = {name: value for variant in variants for name, value in variant.items()}
    assert {name: stated.get(name) for name in limits} == limits


def test_an_amendment_demands_the_version_that_was_read(document):
    amend = document["paths"]["/v1/reports/{report_id}"]["put"]
    demanded = {each["name"].lower() for each in amend["parameters"] if each.get("required")}
    assert demanded == {"report_id", "if-match"}


def test_every_object_that_is_sent_refuses_unknown_fields(document):
    schemas = document["components"]["schemas"]
    sent = [name for name in schemas if name.endswith("In")]
    assert sent
    assert [name for name in sent if schemas[name].get("additionalProperties") is not False] == []
