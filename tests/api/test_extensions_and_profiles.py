"""Extensions and profiles over HTTP: own codes that count as common ones, common ones in own words."""

import csv
import io

import pytest

from app.api.v1.schemas.protocol import IndicatorOut
from tests.support.reports import report

ROOT = "/v1/protocol"
INDICATORS = f"{ROOT}/indicators"


@pytest.fixture(scope="module")
def http(network):
    """Anybody, without a token."""
    return network.http()


def listed(http, **params):
    got = http.get(INDICATORS, params=params)
    assert got.status_code == 200, got.text
    assert all(IndicatorOut.model_validate(each) for each in got.json()["items"])
    return got.json()["items"]


def test_the_extensions_and_profiles_are_named_with_where_they_are(http):
    body = http.get(ROOT).json()
    assert {each["name"]: each["prefix"] for each in body["extensions"]}["sk"] == "SK"
    assert {each["name"]: each["sector"] for each in body["profiles"]}["helpline"] == "ngo"
    for each in (*body["extensions"], *body["profiles"]):
        items = http.get(each["indicators"]).json()["items"]
        assert len(items) == each["indicator_count"] > 0
        assert "en" in each["languages"]


@pytest.mark.parametrize("lang", ["en", "sk"])
def test_an_own_code_is_shown_with_the_common_code_that_it_counts_as(http, lang):
    common = {each["code"]: each for each in listed(http, lang=lang)}
    items = listed(http, extension="sk", lang=lang)
    assert {each["code"]: each["maps_to"] for each in items}["SK-01"] == "EX-07"
    for each in items:
        counted = common[each["maps_to"]]
        assert {each["extension"], each["language"]} == {"sk", lang}
        assert each["label"] != counted["label"]
        for name in ("dimension", "element", "strength", "strengths", "forms", "urgency"):
            assert each[name] == counted[name]
    assert not {"SK-01"} & common.keys()


def test_an_own_code_is_told_in_english_where_its_extension_lacks_the_language(http):
    got = http.get(INDICATORS, params={"extension": "sk", "lang": "pl"})
    assert {each["language"] for each in got.json()["items"]} == {"en"}
    assert got.headers["content-language"] == "en"


def test_a_profile_gives_its_indicators_in_its_own_words(http):
    common = {each["code"]: each for each in listed(http)}
    items = listed(http, profile="helpline")
    assert [each["code"] for each in items][:2] == ["CD-03", "CD-04"]
    assert len(items) < len(common)
    for each in items:
        assert each["label"] == each["own"]["label"] != common[each["code"]]["label"]
        assert each["explanation"] == common[each["code"]]["explanation"]
    assert any(each["own"]["hint"] for each in items)
    assert all(each["own"] is None for each in common.values())


def test_a_profile_says_which_of_its_words_are_in_another_language(http):
    got = http.get(INDICATORS, params={"profile": "helpline", "lang": "sk"})
    [first, *_] = got.json()["items"]
    assert (first["language"], first["own"]["language"]) == ("sk", "en")
    assert got.headers["content-language"] == "sk, en"


def test_extensions_and_profiles_are_narrowed_by_form_and_sector_too(http):
    reached = {each["code"] for each in listed(http, sector="health")}
    own = listed(http, extension="sk", sector="health")
    assert own == [each for each in listed(http, extension="sk") if each["maps_to"] in reached]
    for_organs = listed(http, profile="helpline", form="organ_removal")
    assert 0 < len(for_organs) < len(listed(http, profile="helpline"))


def test_a_profile_is_given_as_csv_with_its_hints(http):
    got = http.get(INDICATORS, headers={"Accept": "text/csv"}, params={"profile": "helpline"})
    rows = list(csv.DictReader(io.StringIO(got.text)))
    items = listed(http, profile="helpline")
    assert [each["label"] for each in rows] == [each["label"] for each in items]
    assert [each["hint"] for each in rows] == [each["own"]["hint"] or "" for each in items]


def test_a_report_keeps_an_own_code_as_sent_and_counts_it_as_the_common_one(reporter):
    def elements(*codes):
        sent = reporter.send(report(indicators=list(codes), forms=["labour_exploitation"]))
        found = reporter.http.get(f"/v1/reports/{sent['id']}").json()
        assert found["indicators"] == list(codes)
        return [found["assessment"][name]["result"] for name in ("act", "means", "purpose")]

    assert elements("SK-01", "SK-02", "EX-01") == elements("EX-07", "EX-03", "EX-01")
    refused = reporter.http.post("/v1/reports", json=report(indicators=["SK-01", "SK-99"]))
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/indicators/1"]
