"""The check that finds what would break a client, and what it says of this version."""

import copy
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.compatibility import breaks

ROOT = Path(__file__).parents[2]
DOCUMENT = "openapi/openapi.json"

BEFORE = {
    "paths": {
        "/things": {
            "get": {
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer"}},
                    {"in": "query", "name": "kind", "schema": {"enum": ["a", "b"]}},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Page"}}
                        }
                    }
                },
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                    }
                },
                "responses": {"201": {}},
            },
        },
        "/health": {"get": {"responses": {"200": {}}}},
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
                },
            },
            "Thing": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "state": {"enum": ["new", "old"]},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                },
            },
        }
    },
}


def _thing(document):
    return document["components"]["schemas"]["Thing"]


def _get(document):
    return document["paths"]["/things"]["get"]


BREAKING = {
    "a path": (lambda d: d["paths"].pop("/health"), "/health: the path is gone"),
    "a method": (lambda d: d["paths"]["/things"].pop("post"), "POST /things: the method is gone"),
    "a field of an answer": (
        lambda d: _thing(d)["properties"].pop("note"),
        "GET /things answer 200/items/*: the field note is gone",
    ),
    "a field of a body": (
        lambda d: _thing(d)["properties"].pop("note"),
        "POST /things body: the field note is gone",
    ),
    "a value of an enum": (
        lambda d: _thing(d)["properties"]["state"].update(enum=["new"]),
        "POST /things body/state: no longer old",
    ),
    "a value of a parameter": (
        lambda d: _get(d)["parameters"][1]["schema"].update(enum=["b"]),
        "GET /things parameter kind: no longer a",
    ),
    "a parameter": (
        lambda d: _get(d)["parameters"].pop(0),
        "GET /things: the parameter limit is gone",
    ),
    "a parameter that is now required": (
        lambda d: _get(d)["parameters"][0].update(required=True),
        "GET /things: the parameter limit is now required",
    ),
    "a new parameter that is required": (
        lambda d: _get(d)["parameters"].append({"in": "header", "name": "why", "required": True}),
        "GET /things: the parameter why is now required",
    ),
    "a field that is now required": (
        lambda d: _thing(d)["required"].append("note"),
        "POST /things body: the field note is now required",
    ),
    "a new field that is required": (
        lambda d: _thing(d).update(
            required=["name", "more"],
            properties=_thing(d)["properties"] | {"more": {"type": "string"}},
        ),
        "POST /things body: the field more is now required",
    ),
    "a body that is now required": (
        lambda d: d["paths"]["/things"]["post"]["requestBody"].update(required=True),
        "POST /things: a body is now required",
    ),
    "an answer": (
        lambda d: _get(d)["responses"].pop("200"),
        "GET /things: the answer 200 is gone",
    ),
    "a type": (
        lambda d: _thing(d)["properties"]["name"].update(type="integer"),
        "POST /things body/name: the type is another",
    ),
    "a variant of an input": (
        lambda d: _thing(d)["properties"]["note"].update(anyOf=[{"type": "string"}]),
        "POST /things body/note: null is no longer taken",
    ),
}

HARMLESS = {
    "nothing": lambda _: None,
    "a new path": lambda d: d["paths"].update({"/more": {"get": {}}}),
    "a new method": lambda d: d["paths"]["/things"].update(put={"responses": {}}),
    "a new field": lambda d: _thing(d)["properties"].update(more={"type": "string"}),
    "a new value of an enum": lambda d: _thing(d)["properties"]["state"]["enum"].append("x"),
    "a new parameter": lambda d: _get(d)["parameters"].append({"in": "query", "name": "after"}),
    "a field that is no longer required": lambda d: _thing(d).update(required=[]),
    "another description": lambda d: _thing(d).update(description="words"),
}


def changed(change):
    """The document with a change made to it."""
    document = copy.deepcopy(BEFORE)
    change(document)
    return document


@pytest.mark.parametrize("name", BREAKING)
def test_what_breaks_clients_is_found(name):
    change, sentence = BREAKING[name]
    assert sentence in breaks(BEFORE, changed(change))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_breaks_nobody_is_let_through(name):
    assert breaks(BEFORE, changed(HARMLESS[name])) == []


def test_the_real_document_does_not_break_itself():
    document = json.loads((ROOT / DOCUMENT).read_text())
    assert breaks(document, document) == []


def test_the_real_document_without_a_required_field_is_found():
    document = json.loads((ROOT / DOCUMENT).read_text())
    older = copy.deepcopy(document)
    older["components"]["schemas"]["ReportIn"]["required"].remove("external_ref")
    assert any("external_ref is now required" in sentence for sentence in breaks(older, document))


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("# Changelog\n## [0.2.0]\n### Breaking\n- x\n## [0.1.0]\n", True),
        ("# Changelog\n## [0.2.0]\n### Added\n## [0.1.0]\n### Breaking\n", False),
        ("# Changelog\nunder a heading Breaking\n## [0.2.0]\n", False),
        ("", False),
    ],
)
def test_a_break_must_be_said_in_the_newest_part_of_the_changelog(changelog, said):
    assert says_breaking(changelog) is said


def test_this_version_breaks_no_client_of_the_one_before_unless_the_changelog_says_so():
    before = earlier_document((ROOT / DOCUMENT).read_text())
    if before is None:
        pytest.skip("there is no earlier OpenAPI document to compare with")
    found = breaks(json.loads(before), json.loads((ROOT / DOCUMENT).read_text()))
    changelog = ROOT / "CHANGELOG.md"
    if found and not says_breaking(changelog.read_text() if changelog.exists() else ""):
        pytest.fail("say it under a heading Breaking in CHANGELOG.md:\n" + "\n".join(found))


def says_breaking(changelog: str) -> bool:
    """Whether the newest version has a heading of that name."""
    newest = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:2]
    return any(re.search(r"^###+ .*Breaking", part, re.MULTILINE) for part in newest)


def earlier_document(present: str) -> str | None:
    """The latest committed document that differs: where main stood, or on main the one before."""
    start = "HEAD"
    for name in ("origin/main", "main"):
        base = git("merge-base", "HEAD", name)
        if base:
            start = base.strip()
            break
    for commit in (
        git("log", "--first-parent", "--format=%H", start, "--", DOCUMENT) or ""
    ).split():
        document = git("show", f"{commit}:{DOCUMENT}")
        if document and document != present:
            return document
    return None


def git(*arguments: str) -> str | None:
    """What git prints; None where there is no git, or nothing to find."""
    program = shutil.which("git")
    if program is None:
        return None
    done = subprocess.run(
        [program, "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else None
