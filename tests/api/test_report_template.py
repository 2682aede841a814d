"""The template report and the spreadsheet form over HTTP."""

import io
import json
import logging
import re

import pytest
from openpyxl import load_workbook

from app.api.v1.report_template import HTML, PDF, SCHEMA, XLSX
from app.api.v1.schemas.report import ReportIn
from app.domain.protocol.texts import LANGUAGES
from tests.support.report_form import wording

TEMPLATE = "/v1/protocol/report-template"
FORM = "/v1/protocol/report-form"
PROBLEM = "application/problem+json"
REPORT = {"external_ref": "R-1", "observed_from": "2026-03-01"}


@pytest.fixture(scope="module")
def http(network):
    """Anybody, without a token."""
    return network.http()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [HTML, PDF])
def test_the_empty_form_is_there_in_every_language_as_page_and_paper(http, language, kind):
    got = http.get(TEMPLATE, params={"lang": language}, headers={"Accept": kind})
    assert got.status_code == 200
    assert got.headers["content-type"].partition(";")[0] == kind
    assert got.headers["content-language"] == language
    assert got.headers["vary"] == "Accept, Accept-Language"
    if kind == HTML:
        assert wording(language).say("page", "title").replace("'", "&#39;") in got.text
        assert "style-src 'sha256-" in got.headers["content-security-policy"]
        assert "unsafe" not in got.headers["content-security-policy"]
    else:
        assert got.content.startswith(b"%PDF-")
        assert got.headers["content-disposition"] == f'inline; filename="report-{language}.pdf"'


def test_a_browser_gets_the_page_in_its_language(http):
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    got = http.get(TEMPLATE, headers={"Accept": accept, "Accept-Language": "el-GR,en;q=0.5"})
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-language"] == "el"
    assert '<html lang="el">' in got.text


@pytest.mark.parametrize("kind", [HTML, PDF, SCHEMA])
def test_what_is_the_same_for_everybody_may_be_kept(http, kind):
    first = http.get(TEMPLATE, headers={"Accept": kind})
    assert first.headers["cache-control"].startswith("public")
    tag = first.headers["etag"]
    again = http.get(TEMPLATE, headers={"Accept": kind, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("kind", [SCHEMA, "application/json"])
def test_the_schema_is_that_of_a_report(http, kind):
    got = http.get(TEMPLATE, headers={"Accept": kind})
    schema = got.json()
    assert got.headers["content-type"] == kind
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"].keys() == ReportIn.model_fields.keys()
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["external_ref", "observed_from"]


@pytest.mark.parametrize("kind", [HTML, PDF])
def test_a_report_is_filled_in_and_not_kept(reporter, network, kind, caplog):
    before = network.one("SELECT count(*) FROM report")
    body = REPORT | {"narrative": "<b>Jana</b> #panic()", "persons": [{"name": "Jana"}]}
    with caplog.at_level(logging.DEBUG):
        got = reporter.http.post(
            TEMPLATE, params={"lang": "bg"}, headers={"Accept": kind}, json=body
        )
    assert got.status_code == 200
    assert got.headers["content-type"].partition(";")[0] == kind
    assert got.headers["content-language"] == "bg"
    assert got.headers["cache-control"] == "no-store"
    if kind == HTML:
        assert "&lt;b&gt;Jana&lt;/b&gt; #panic()" in got.text
        assert "<b>" not in got.text
    assert network.one("SELECT count(*) FROM report") == before
    assert "Jana" not in caplog.text


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"indicators": ["CD-03"]}, "Danger now"),
        ({"indicators": ["CD-02"], "persons": [{"age_group": "child"}]}, "Danger now"),
        ({"indicators": ["CD-02"]}, "Act soon"),
        ({"indicators": ["EX-02"], "safety": {"at_risk": True}}, "Danger now"),
        ({"indicators": ["EX-02"]}, None),
        ({"indicators": ["SK-01"]}, None),
    ],
)
def test_a_filled_form_tells_the_urgency_that_the_signs_have(reporter, more, shown):
    got = reporter.http.post(TEMPLATE, headers={"Accept": HTML}, json=REPORT | more)
    assert got.status_code == 200
    assert ("Urgency" in re.findall(r">\s*(Urgency)\s*<", got.text)) is (shown is not None)
    assert shown is None or shown in got.text
    assert ("Has to work on a trade licence" in got.text) is ("SK-01" in more["indicators"])


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"external_ref": "R-1"}, 422, "/observed_from"),
        (REPORT | {"observed_to": "2026-02-01"}, 422, "/observed_to"),
        (REPORT | {"persons": [{"birth_date": "Jana"}]}, 422, "/persons/0/birth_date"),
        (REPORT | {"more": "Jana"}, 422, "/more"),
        (REPORT | {"indicators": ["ZZ-99"]}, 422, "/indicators/0"),
        (REPORT | {"observed_from": "2126-03-01"}, 422, "/observed_from"),
        (REPORT | {"narrative": "x" * (600 << 10)}, 413, None),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_as_it_would_be_there(reporter, body, status, pointer):
    got = reporter.http.post(TEMPLATE, json=body)
    assert got.status_code == status
    assert got.headers["content-type"] == PROBLEM
    if pointer:
        assert [each["pointer"] for each in got.json()["errors"]] == [pointer]
    assert "Jana" not in got.text


def test_a_body_that_is_no_json_is_refused(reporter):
    assert reporter.http.post(TEMPLATE, content=b"{}").status_code == 415
    headers = {"Content-Type": "application/json"}
    assert reporter.http.post(TEMPLATE, content=b"{", headers=headers).status_code == 400


@pytest.mark.parametrize("language", ["sk", "el"])
def test_the_spreadsheet_form_is_there(reporter, language):
    got = reporter.http.get(FORM, params={"lang": language})
    assert got.status_code == 200
    assert got.headers["content-type"] == XLSX
    assert f"tessera-report-form-{language}.xlsx" in got.headers["content-disposition"]
    book = load_workbook(io.BytesIO(got.content))
    assert book.worksheets[0].title == wording(language).say("sheet", "reports")
    assert got.headers["etag"] == reporter.http.get(FORM, params={"lang": language}).headers["etag"]


@pytest.mark.parametrize("path", [TEMPLATE, FORM])
def test_a_language_that_there_is_not_is_refused_by_name(reporter, path):
    got = reporter.http.get(path, params={"lang": "de"})
    assert got.status_code == 400
    assert "en, sk, bg" in json.dumps(got.json())


def test_filling_in_is_for_those_who_report_and_the_empty_forms_for_everybody(http):
    assert http.post(TEMPLATE, json=REPORT).status_code == 401
    assert http.get(FORM).status_code == 200
    assert http.get(TEMPLATE).status_code == 200
