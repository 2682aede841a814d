"""The generator of scenarios keeps its promises: a seed, the wire model, the truth, the traps."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import phonenumbers
import pytest
from stdnum import iban

import app
from app.api.v1.schemas.report import ReportIn, day_of
from app.cli.truth import read_truth
from bench.scenarios import generate, scenario
from bench.scenarios.__main__ import write
from bench.scenarios.confounders import ROLES
from bench.scenarios.countries import COUNTRIES, REPORTING
from bench.scenarios.making import new_account, new_phone
from bench.scenarios.names import NAMES
from bench.scenarios.reporters import SECTORS

CATALOGUE = Path(app.__file__).parent / "data" / "protocol" / "v1" / "indicators.csv"
REPORTS = 3_000


@pytest.fixture(scope="module")
def made():
    return list(scenario(REPORTS, 11))


def first(seed: int, *, count: int = 200) -> list[str]:
    return [json.dumps(line) for line, _ in islice(generate(1_000, seed), count)]


def test_the_same_seed_gives_the_same_reports_and_another_seed_gives_others():
    assert first(5) == first(5)
    assert not set(first(5)) & set(first(6))


@pytest.mark.parametrize("reports", [1, 2, 50, 1_000, REPORTS])
def test_exactly_as_many_reports_come_as_were_asked_for(reports):
    assert sum(1 for _ in generate(reports, 3)) == reports


def test_every_report_is_accepted_and_lies_in_the_past(made):
    for each in made:
        report = ReportIn.model_validate_json(json.dumps(each.line["report"]))
        assert date(2015, 1, 1) < day_of(report.observed_from) < date(2025, 6, 1)


def test_every_sign_is_in_the_catalogue(made):
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    signs = [sign for each in made for sign in each.line["report"]["indicators"]]
    used = {sign["code"] if isinstance(sign, dict) else sign for sign in signs}
    assert len(used) > 40
    assert used <= known


def test_references_are_unique_within_an_organisation(made):
    references = Counter(
        (each.line["organisation"]["ref"], each.line["report"]["external_ref"]) for each in made
    )
    assert max(references.values()) == 1


def test_about_a_third_of_the_reports_stand_alone(made):
    assert 0.30 < sum(each.lead is None for each in made) / REPORTS < 0.38


def test_a_lead_has_the_size_that_was_planned_and_never_one_report_only(made):
    sizes = Counter(each.lead for each in made if each.lead)
    assert all(sizes[each.lead] == each.size for each in made if each.lead)
    assert min(sizes.values()) == 2


def test_sizes_have_a_heavy_tail(made):
    sizes = Counter(each.lead for each in made if each.lead).values()
    assert sorted(sizes)[len(sizes) // 2] <= 3
    assert 25 < max(sizes) <= 80


def test_leads_are_operations_of_many_sizes_and_cases_seen_by_several(made):
    senders = defaultdict(set)
    for each in made:
        if each.lead:
            senders[each.lead.partition("-")[0]].add(each.line["organisation"]["kind"])
    assert set(senders) == {"op", "case"}


def test_all_sectors_and_countries_report(made):
    organisations = [each.line["organisation"] for each in made]
    assert {each["kind"] for each in organisations} == set(SECTORS)
    assert {each["country"] for each in organisations} == {each.code for each in REPORTING}
    assert (len(SECTORS), len(REPORTING) >= 12) == (13, True)


def test_a_report_shows_few_of_the_values_of_its_operation(made):
    shown = Counter(len(each.seen) for each in made)
    assert max(shown) <= 5, "four, and a file number"
    large = {each.lead for each in made if each.size > 20}
    for lead in large:
        known = {name for each in made if each.lead == lead for name in each.seen}
        assert len(known) > 10


def test_every_kind_of_confounder_joins_reports_that_have_nothing_in_common(made):
    leads = defaultdict(set)
    for number, each in enumerate(made):
        for label, name in each.met:
            leads[label, name].add(each.lead or number)
    widest = {label: max(len(of) for (each, _), of in leads.items() if each == label)
              for label in ROLES}  # fmt: skip
    assert min(widest.values()) >= 2, widest


def test_people_fall_into_the_hands_of_two_operations_and_numbers_are_used_again(made):
    leads = defaultdict(set)
    for each in made:
        for name in each.seen:
            if each.lead:
                leads[name.partition(" ")[0], name].add(each.lead)
    twice = Counter(kind for (kind, _), of in leads.items() if len(of) > 1)
    assert twice["person"] > 0
    assert twice["phone"] > 0


def test_values_stand_in_the_narrative_alone_at_times(made):
    told = [
        each
        for each in made
        if any(name.startswith("phone") for name in each.seen)
        and "phone" not in json.dumps(each.line["report"]["attributes"])
        and "phones" not in json.dumps(each.line["report"]["persons"])
    ]
    assert len(told) > 50


def test_letters_of_several_scripts_occur(made):
    text = json.dumps([each.line["report"]["persons"] for each in made], ensure_ascii=False)
    for letters in ("абвгд", "αβγδε", "აბგდე", "محمد"):
        assert set(letters) & set(text), letters


@pytest.mark.parametrize("country", REPORTING, ids=lambda country: country.code)
def test_accounts_and_phones_are_well_formed(country):
    chance = Random(1)
    for _ in range(50):
        assert iban.is_valid(new_account(chance, country.code).iban, check_country=False)
        phone = new_phone(chance, country.code)
        number = phonenumbers.parse(f"+{country.dial}{phone.national}")
        assert phonenumbers.is_possible_number(number)


@pytest.mark.parametrize(
    ("nationality", "spellings"),
    [
        ("BG", {"Zhivko", "Живко"}),
        ("UA", {"Yurii", "Юрій", "Yuriy"}),
        ("GR", {"Dimitris", "Δημήτρης"}),
        ("RO", {"Ștefan", "Stefan", "Ştefan"}),
    ],
)
def test_a_name_is_spelt_as_papers_and_neighbours_spell_it(nationality, spellings):
    names = NAMES[nationality].male
    assert any(spellings <= set(name) for name in names), names


def test_every_origin_has_names():
    assert {country.nationality for country in COUNTRIES.values()} <= set(NAMES)


def test_what_is_written_is_what_was_generated(tmp_path):
    figures = write(1_000, 4, tmp_path)
    lines = (tmp_path / "reports.ndjson").read_text(encoding="utf-8").splitlines()
    truth = read_truth(tmp_path / "truth.csv")
    generated = list(generate(1_000, 4))
    assert [json.loads(line) for line in lines] == [line for line, _ in generated]
    assert truth == {
        (line["organisation"]["ref"], line["report"]["external_ref"]): lead or ""
        for line, lead in generated
    }
    told = figures.told()
    assert told["reports"] == 1_000
    assert told["alone"] == sum(lead is None for _, lead in generated) / 1_000
    assert sum(told["lead_sizes"].values()) == told["leads"]
    assert 0.9 < told["oracle_f1"] < 1
