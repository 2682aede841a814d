"""The protocol over HTTP: catalogue, checklists, languages, and what answers lead to."""

import csv
import io
import logging

import pytest

from app.api.v1.schemas.report import ReportIn
from app.domain.protocol.checklists import SECTORS
from app.domain.protocol.texts import LANGUAGES
from app.storage.catalogues import load_catalogue

PROBLEM = "application/problem+json"
CODES = load_catalogue().codes
ROOT = "/v1/protocol"
INDICATORS = f"{ROOT}/indicators"
HEALTH = f"{ROOT}/checklists/health"
PUBLIC = (ROOT, INDICATORS, HEALTH)


@pytest.fixture(scope="module")
def http(network):
    """Anybody, without a token."""
    return network.http()


@pytest.fixture(scope="module")
def answer(http):
    """Answer the checklist of a sector; the answer's body."""

    def answer(sector="labour_inspection", *, params=None, forms=(), **answers):
        body = {"answers": answers, "forms": list(forms)}
        got = http.post(f"{ROOT}/checklists/{sector}/answers", json=body, params=params)
        assert got.status_code == 200, got.text
        return got.json()

    return answer


def ids(items):
    return [each["id"] for each in items]


# The catalogue


def test_the_protocol_names_its_version_languages_sectors_and_words(http):
    body = http.get(ROOT).json()
    assert body["version"] in body["versions"]
    assert [each["language"] for each in body["languages"]] == list(LANGUAGES)
    assert body["languages"][0]["missing_count"] == 0
    assert set(body["languages"][0]["review"].values()) <= {"draft", "reviewed"}
    assert [each["sector"] for each in body["sectors"]] == list(SECTORS)
    assert body["indicator_count"] == len(CODES)
    assert body["words"]["groups"]["answers"]["not_known"]
    assert "defining_purpose" in body["rules"]["additions"]
    for each in body["sectors"]:
        assert http.get(each["checklist"]).status_code == 200


def test_the_whole_catalogue_is_given_at_once(http):
    body = http.get(INDICATORS).json()
    assert [each["code"] for each in body["items"]] == list(CODES)
    assert body["next"] is None
    first = body["items"][0]
    assert first["retired"] is None
    assert all(first[name] for name in ("label", "explanation", "example", "not", "source"))
    assert first["language"] == "en"
    assert first["review"] in ("draft", "reviewed")


def test_a_version_is_asked_for_by_its_number(http):
    now = http.get(INDICATORS).json()
    assert http.get(INDICATORS, params={"version": now["version"]}).json() == now
    assert http.get(INDICATORS, params={"version": "99"}).status_code == 404


def test_indicators_are_narrowed_by_form_and_by_sector(http):
    found = load_catalogue()

    def codes(**params):
        return {each["code"] for each in http.get(INDICATORS, params=params).json()["items"]}

    begging = codes(form="forced_begging")
    assert (
        begging
        == {each.code for each in found.indicators if "forced_begging" in each.forms}
        != set(CODES)
    )
    asked = http.get(HEALTH).json()["questions"]
    reached = {code for each in asked for code in (*each["yes"], *each["no"])}
    assert codes(sector="health") == reached
    assert codes(sector="health", form="forced_begging") == reached & begging
    assert codes(form="unknown") == set(CODES)


def test_the_catalogue_is_given_as_csv_to_those_that_ask_for_it(http):
    got = http.get(INDICATORS, headers={"Accept": "text/csv"}, params={"lang": "sk"})
    assert got.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert got.headers["vary"] == "Accept, Accept-Language"
    rows = list(csv.DictReader(io.StringIO(got.text)))
    assert [each["code"] for each in rows] == list(CODES)
    items = http.get(INDICATORS, params={"lang": "sk"}).json()["items"]
    for name in ("label", "explanation", "example", "not", "language", "review", "strength"):
        assert [each[name] for each in rows] == [each[name] for each in items]
    assert rows[0]["forms"] == "any"
    assert rows[0]["retired"] == rows[0]["maps_to"] == rows[0]["hint"] == ""


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        (f"{ROOT}?lang=de", 400, "malformed-input"),
        (f"{ROOT}?lang=", 400, "malformed-input"),
        (f"{INDICATORS}?lang=xx-unheard", 400, "malformed-input"),
        (f"{INDICATORS}?sector=unheard", 400, "malformed-input"),
        (f"{INDICATORS}?extension=unheard", 400, "malformed-input"),
        (f"{INDICATORS}?profile=unheard", 400, "malformed-input"),
        (f"{INDICATORS}?profile=helpline&extension=sk", 400, "malformed-input"),
        (f"{INDICATORS}?form=unheard", 422, "invalid-input"),
        (f"{HEALTH}?lang=sk_SK", 400, "malformed-input"),
        (f"{ROOT}/checklists/unheard", 404, "not-found"),
        (f"{ROOT}/checklists/gaming", 404, "not-found"),
    ],
)
def test_what_is_not_there_is_refused_without_being_repeated(http, path, status, type_):
    got = http.get(path)
    assert got.status_code == status
    assert got.headers["content-type"] == PROBLEM
    assert got.json()["type"] == f"urn:tessera:problem:{type_}"
    assert "unheard" not in got.text


# Languages and caches


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize(
    ("params", "header", "language"),
    [
        ({}, None, "en"),
        ({}, "sk", "sk"),
        ({}, "de, sk-SK;q=0.8, en;q=0.3", "sk"),
        ({}, "de", "en"),
        ({"lang": "sk"}, "en", "sk"),
        ({"lang": "en"}, "sk", "en"),
        ({"lang": "sk-SK"}, None, "sk"),
    ],
)
def test_the_language_is_the_one_asked_for_and_is_said(http, path, params, header, language):
    headers = {"Accept-Language": header} if header else {}
    got = http.get(path, params=params, headers=headers)
    assert got.headers["content-language"] == language
    assert "Accept-Language" in got.headers["vary"]
    assert got.json()["language"] == language


@pytest.mark.parametrize("path", PUBLIC)
def test_a_text_in_another_language_than_asked_for_says_so(http, path):
    for language in LANGUAGES:
        got = http.get(path, params={"lang": language})
        told = set()

        def look(value, told=told):
            if isinstance(value, dict):
                if "review" in value and isinstance(value["review"], str):
                    told.add(value["language"])
                value = list(value.values())
            for each in value if isinstance(value, list) else ():
                look(each)

        look(got.json())
        said = set(got.headers["content-language"].split(", "))
        assert told <= said <= {language, "en"}


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_the_same_for_everybody_may_be_kept(http, path):
    got = http.get(path)
    assert got.headers["cache-control"].startswith("public, max-age=")
    tag = got.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = http.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["content-language"] == "en"
        assert "Accept-Language" in again.headers["vary"]
    assert http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    in_slovak = http.get(path, params={"lang": "sk"}, headers={"If-None-Match": tag})
    assert in_slovak.status_code == 200
    assert in_slovak.headers["etag"] != tag


# Checklists and answers


@pytest.mark.parametrize("sector", SECTORS)
def test_a_checklist_has_safety_first_and_the_child_before_any_sign(http, sector):
    body = http.get(f"{ROOT}/checklists/{sector}").json()
    steps = [each["step"] for each in body["questions"]]
    order = [each["step"] for each in body["steps"]]
    assert order[:2] == ["safety", "child"]
    assert steps == sorted(steps, key=order.index)
    assert all(each["text"] for each in body["questions"])
    assert set(body["answers"]) == {"yes", "no", "not_known"}


def test_without_answers_the_first_questions_are_asked(answer):
    body = answer()
    assert body["indicators"] == []
    assert body["age_group"] == "unknown"
    assert body["next_questions"][0]["step"] == "safety"
    assert body["report"] is None
    assert body["missing"] == []
    assert ids(body["advice"]) == ["safety_first", "ask_more"]


def test_one_sign_is_a_report_that_can_be_sent(answer, reporter):
    body = answer(danger_now="no", under_18="no", driven_in_groups="yes", sector="public")
    assert [each["code"] for each in body["indicators"]] == ["OB-01"]
    assert body["indicators"][0]["because"] == ["driven_in_groups"]
    assert "report_fragment" in ids(body["advice"])
    assert "do_not_confront" in ids(body["advice"])
    assert body["missing"] == ["external_ref", "observed_from"]
    added = {"external_ref": "PUB-1", "observed_from": "2026-03-01"}
    ReportIn.model_validate({**body["report"], **added}, strict=False)
    sent = reporter.http.post("/v1/reports", json={**body["report"], **added})
    assert sent.status_code == 201, sent.text
    assert [each["result"] for each in _elements(sent.json())] == [
        each["result"] for each in _elements(body)
    ]


def _elements(body):
    return [body["assessment"][name] for name in ("act", "means", "purpose")]


def _asked_of(http, sector, codes):
    """Answers to the checklist of a sector that report those codes, gates included."""
    questions = {
        each["id"]: each for each in http.get(f"{ROOT}/checklists/{sector}").json()["questions"]
    }
    answers = {}

    def give(id_, value):
        answers[id_] = value
        when = questions[id_]["when"]
        if when:
            give(when["question"], when["answer"])

    for code in codes:
        name, each = next(
            (name, each)
            for each in questions.values()
            for name in ("yes", "no")
            if code in each[name]
        )
        give(each["id"], name)
    return answers


def test_a_child_needs_no_means(answer, http):
    signs = _asked_of(http, "labour_inspection", ["AC-04", "EX-01", "EX-02"])
    body = answer(**{**signs, "under_18": "yes", "danger_now": "no"})
    assert body["age_group"] == "child"
    assert body["assessment"]["all_elements"] == "indicated"
    assert body["assessment"]["means"]["required"] is False
    assert body["assessment"]["adult"] is body["assessment"]["child"] is None
    assert ids(body["advice"])[0] == "child"
    assert "report_now" in ids(body["advice"])
    assert body["report"]["persons"] == [{"role": "suspected_victim", "age_group": "child"}]
    adult = answer(**{**signs, "under_18": "no", "danger_now": "no"})
    assert adult["assessment"]["all_elements"] == "unknown"
    assert adult["assessment"]["means"]["open_questions"]
    assert any(each["decides"] for each in adult["next_questions"])


def test_where_the_age_is_not_known_both_results_are_given(answer, http):
    signs = _asked_of(http, "labour_inspection", ["AC-04", "EX-01", "EX-02"])
    body = answer(**{**signs, "under_18": "not_known", "danger_now": "no"})
    assert body["age_group"] == "unknown"
    assert body["assessment"]["all_elements"] == "unknown"
    assert body["assessment"]["adult"]["all_elements"] == "unknown"
    assert body["assessment"]["child"]["all_elements"] == "indicated"
    assert "persons" not in body["report"]


def test_immediate_danger_goes_before_all_else(answer):
    body = answer(sector="health", danger_now="yes")
    assert body["urgency"] == "danger_now"
    assert ids(body["advice"])[0] == "danger_now"
    assert {each["step"] for each in body["next_questions"]} == {"safety", "child"}
    assert body["report"]["safety"] == {"at_risk": True}


def test_an_answer_that_another_rules_out_is_named(answer):
    body = answer(sector="health", works_for_someone="no", long_hours="yes")
    assert body["set_aside"] == ["long_hours"]
    assert body["indicators"] == []


def test_forms_in_mind_stand_in_the_report_and_choose_the_questions(answer):
    body = answer(
        sector="public",
        driven_in_groups="yes",
        forms=["labour_exploitation", "labour_exploitation"],
    )
    assert body["report"]["forms"] == ["labour_exploitation"]
    assert "EX-09" not in body["assessment"]["purpose"]["open_questions"]


def test_what_to_do_is_told_in_the_language(answer):
    body = answer(sector="public", driven_in_groups="yes", params={"lang": "sk"})
    assert body["language"] == "sk"
    for each in (*body["indicators"], *body["next_questions"], *body["advice"]):
        assert each["language"] == "sk"


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        ({}, 422, ["/answers"]),
        ({"answers": {"shoe_size": "yes"}}, 422, ["/answers/shoe_size"]),
        ({"answers": {"under_18": "perhaps"}}, 422, ["/answers/under_18"]),
        ({"answers": {"under_18": True}}, 422, ["/answers/under_18"]),
        ({"answers": {"Jana Nováková": "yes"}}, 422, ["/answers"]),
        ({"answers": {f"q{n}": "yes" for n in range(201)}}, 422, ["/answers"]),
        ({"answers": ["under_18"]}, 422, ["/answers"]),
        ({"answers": {}, "forms": ["unheard"]}, 422, ["/forms/0"]),
        ({"answers": {}, "name": "Jana Nováková"}, 422, ["/name"]),
        ([], 422, [""]),
    ],
)
def test_answers_that_are_none_are_refused_with_their_place(http, body, status, pointers):
    got = http.post(f"{HEALTH}/answers", json=body)
    assert got.status_code == status
    assert got.headers["content-type"] == PROBLEM
    assert [each["pointer"] for each in got.json()["errors"]] == pointers
    assert "Jana" not in got.text


@pytest.mark.parametrize(
    ("path", "content", "kind", "status"),
    [
        (f"{HEALTH}/answers", b"{", "application/json", 400),
        (f"{HEALTH}/answers", b'{"answers": {}}', "text/plain", 415),
        (f"{HEALTH}/answers", b" " * 70_000, "application/json", 413),
        (f"{HEALTH}/answers?lang=de", b'{"answers": {}}', "application/json", 400),
        (f"{ROOT}/checklists/gaming/answers", b'{"answers": {}}', "application/json", 404),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(http, path, content, kind, status):
    got = http.post(path, content=content, headers={"Content-Type": kind})
    assert got.status_code == status
    assert got.headers["content-type"] == PROBLEM


def test_nothing_of_the_answers_is_stored_logged_or_cached(http, network, caplog):
    def counts():
        tables = network.rows(
            "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {each[0]: network.one(f'SELECT count(*) FROM "{each[0]}"') for each in tables}

    before = counts()
    with caplog.at_level(logging.DEBUG):
        got = http.post(f"{HEALTH}/answers", json={"answers": {"violence": "yes"}})
    assert got.status_code == 200
    assert got.headers["cache-control"] == "no-store"
    assert counts() == before
    assert "violence" not in caplog.text
