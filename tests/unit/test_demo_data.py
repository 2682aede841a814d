"""The demo data are what their README claims: shape, ties, traps and truth.

Values are compared by a plain reading of their own, not by the product's normalisers: the data
must be right even where the product is wrong.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from stdnum import bitcoin, iban

import app

DATA = Path(app.__file__).parent / "data"
DEMO = DATA / "demo"
README = (DEMO / "README.md").read_text(encoding="utf-8")
ORGANISATIONS = json.loads((DEMO / "organisations.json").read_text(encoding="utf-8"))
LINES = [
    json.loads(line) for line in (DEMO / "reports.ndjson").read_text(encoding="utf-8").splitlines()
]
REPORTS = {line["report"]["external_ref"]: line["report"] for line in LINES}
SENDERS = {line["report"]["external_ref"]: line["organisation"] for line in LINES}
with (DEMO / "truth.csv").open(encoding="utf-8", newline="") as file:
    TRUTH = list(csv.DictReader(file))
LEAD = {row["external_ref"]: row["lead"] for row in TRUTH}
OPERATIONS: dict[str, list[str]] = defaultdict(list)
for _ref, _lead in LEAD.items():
    if _lead:
        OPERATIONS[_lead].append(_ref)
with (DATA / "protocol" / "v1" / "indicators.csv").open(encoding="utf-8", newline="") as file:
    CATALOGUE = {row["code"]: row for row in csv.DictReader(file)}

# --- contract, section 5 -------------------------------------------------------------------


def words(text: str) -> set[str]:
    return set(text.split())


SECTORS = words(
    "law_enforcement prosecution labour_inspection government diplomatic ngo health legal "
    "community local_government commerce faith trade_union immigration employment_agency "
    "gaming online_platform research public"
)
FORMS = words(
    "sexual_exploitation labour_exploitation domestic_servitude forced_begging forced_criminality "
    "organ_removal exploitative_surrogacy forced_marriage illegal_adoption other unknown"
)
PERSON_ROLES = words("suspected_victim suspected_perpetrator facilitator witness unknown")
KINDS = words(
    "phone email url profile iban wallet document plate vin ip address company image_hash case_ref"
)
BASES = words(
    "consent vital_interest legal_obligation public_task substantial_public_interest "
    "no_personal_data"
)
COUNTRY = words("SK AT BG ES GR PL IT UA DE IE FR HU RO VN DK")
TEXT = re.compile(r"(?s).{1,20000}")
LANGUAGE = re.compile("[a-z]{2}")
DAY = re.compile(r"2026-(0[1-9]|10)-\d\d(T\d\d:\d\d:\d\dZ)?")
REPORT = {
    "external_ref": re.compile(".{1,200}"),
    **dict.fromkeys(("observed_from", "observed_to"), DAY),
    "language": LANGUAGE,
    "forms": [FORMS],
    "indicators": [CATALOGUE.keys()],
    "narrative": TEXT,
    "place": {
        "country": COUNTRY,
        "nuts": re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}"),
        **dict.fromkeys(("locality", "address"), TEXT),
        **dict.fromkeys(("lat", "lon"), float),
    },
    "route": [COUNTRY],
    "persons": [
        {
            "role": PERSON_ROLES,
            **dict.fromkeys(("name", "given_name", "family_name"), TEXT),
            "aliases": [TEXT],
            "phones": [TEXT],
            "emails": [TEXT],
            "profiles": [TEXT],
            "birth_date": re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?"),
            "age_group": words("adult child unknown"),
            "sex": words("female male other unknown"),
            "nationality": COUNTRY,
            "languages": [LANGUAGE],
            "documents": [{"kind": TEXT, "number": TEXT, "country": COUNTRY}],
        }
    ],
    "organisations": [
        {
            "role": words("employer recruiter agency venue landlord transport other"),
            "country": COUNTRY,
            **dict.fromkeys(("name", "registration_number", "address"), TEXT),
            "phones": [TEXT],
            "emails": [TEXT],
            "urls": [TEXT],
        }
    ],
    "vehicles": [{"country": COUNTRY} | dict.fromkeys(("plate", "vin", "description"), TEXT)],
    "attributes": [
        {
            "kind": KINDS,
            "role": PERSON_ROLES | words("reporter helper employer place advert account"),
            "country": COUNTRY,
            **dict.fromkeys(("value", "platform", "note"), TEXT),
        }
    ],
    "source": {
        "reliability": words("A B C X"),
        "credibility": {1, 2, 3, 4},
        "channel": words("direct third_party anonymous"),
    },
    "handling": {
        "code": words("H0 H1 H2 H3"),
        "tlp": words("RED AMBER+STRICT AMBER GREEN CLEAR"),
        "share_with": [COUNTRY],
    },
    "consent": {
        "basis": BASES,
        "scopes": [words("linking police referral statistics")],
        "victim_informed": bool,
        "note": TEXT,
    },
    "safety": dict.fromkeys(("do_not_contact", "at_risk"), bool),
}


def misfits(value: Any, field: Any, pointer: str = "") -> Iterator[str]:
    """JSON pointers to what a field of the contract does not allow."""
    if isinstance(field, dict):
        for key in value:
            known = key in field
            yield from misfits(value[key], field[key], f"{pointer}/{key}") if known else [key]
    elif isinstance(field, list):
        for place, item in enumerate(value):
            yield from misfits(item, field[0], f"{pointer}/{place}")
    elif isinstance(field, re.Pattern):
        if not field.fullmatch(value):
            yield pointer
    elif isinstance(field, type):
        if not isinstance(value, field):
            yield pointer
    elif value not in field:
        yield pointer


def signs(ref: str) -> list[str]:
    found = REPORTS[ref]["indicators"]
    return [sign if isinstance(sign, str) else sign["code"] for sign in found]


# --- a plain reading of the values -----------------------------------------------------------

LOOKALIKES = str.maketrans("АВЕКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXABEZHIKMNOPTYX")
LETTERS = (
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h "
    "ц=ts ч=ch ш=sh щ=sht ъ=a ь=y ю=yu я=ya"
)
UKRAINIAN_LETTERS = "г=h ґ=g є=ie и=y і=i ї=i й=i х=kh щ=shch ь= ю=iu я=ia"
BULGARIAN = dict(pair.split("=") for pair in LETTERS.split())
UKRAINIAN = BULGARIAN | dict(pair.split("=") for pair in UKRAINIAN_LETTERS.split())
INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
NOT_LINKING = {"witness", "helper", "reporter"}
PLATE_WORD = re.compile(r"(?:Kennzeichen|matrícula|targa|plate) ([\w-]+(?: \d+)?(?: [A-Z]+)?)")


def romanised(name: str, nationality: str) -> str:
    """By the Bulgarian act of 2009 (final -ия is -ia) and the Ukrainian resolution 55 of 2010."""
    latinised = []
    for word in name.casefold().split():
        if nationality == "UA":
            head = INITIAL.get(word[0], UKRAINIAN.get(word[0], word[0]))
            latinised.append(head + "".join(UKRAINIAN.get(letter, letter) for letter in word[1:]))
        else:
            latin = "".join(BULGARIAN.get(letter, letter) for letter in word)
            latinised.append(re.sub("iya$", "ia", latin) if word.endswith("ия") else latin)
    return " ".join(latinised)


def compact(raw: str) -> str:
    return re.sub(r"[\W_]", "", raw.upper().translate(LOOKALIKES))


def phone(raw: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", raw), country)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None
    )


def url(raw: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?|[?#].*$|/$", "", raw)


def profile(raw: str, platform: str | None) -> str:
    site = re.match(r"(?:https?://)?(?:www\.)?(instagram|facebook|t)\.(?:com|me)/([^/]+)", raw)
    if site:
        return f"{'telegram' if site[1] == 't' else site[1]}:{site[2].casefold()}"
    return f"{platform}:{raw.lstrip('@').casefold()}" if platform else raw.casefold()


def comparison_form(kind: str, raw: str, country: str | None, platform: str | None) -> str | None:
    if raw in {"unknown", "n/a", "brak", "неизвестно"} or set(compact(raw)) == {"0"}:
        return None
    if kind == "phone":
        return phone(raw, country)
    if kind == "profile":
        return profile(raw, platform)
    if kind == "iban" and not iban.is_valid(raw):
        return None
    if kind == "plate" and len(compact(raw)) < 4:
        return None
    number = compact(raw)
    forms = {
        "email": raw.casefold(),
        "url": url(raw),
        "iban": number,
        "plate": f"{country}:{number}",
        "document": f"{country}:{number[:2]}{number[2:].replace('O', '0')}",
        "company": f"{country}:{re.sub('[^0-9]', '', raw)}",
        "vin": number,
        "case_ref": number,
    }
    return forms.get(kind, raw)


Value = tuple[str, str, str, str | None, str | None]


def raw_values(report: dict[str, Any]) -> Iterator[Value]:
    """(kind, raw, role, country, platform) of every value in a field of its own."""
    home = report.get("place", {}).get("country")
    for person in report.get("persons", []):
        yield from contacts_of(person, home)
        for paper in person.get("documents", []):
            yield "document", paper["number"], person["role"], paper["country"], None
    for firm in report.get("organisations", []):
        yield from contacts_of(firm, firm["country"])
        if "registration_number" in firm:
            yield "company", firm["registration_number"], firm["role"], firm["country"], None
    for vehicle in report.get("vehicles", []):
        for kind in vehicle.keys() & {"plate", "vin"}:
            yield kind, vehicle[kind], "unknown", vehicle.get("country"), None
    for item in report.get("attributes", []):
        country, platform = item.get("country", home), item.get("platform")
        yield item["kind"], item["value"], item["role"], country, platform


def contacts_of(party: dict[str, Any], country: str | None) -> Iterator[Value]:
    for kind in ("phone", "email", "profile", "url"):
        for raw in party.get(f"{kind}s", []):
            yield kind, raw, party["role"], country, None


def written_values(report: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """(kind, raw, country) of what stands in the narrative only to be read."""
    text, home = report["narrative"], report.get("place", {}).get("country")
    international = re.sub(r"\b00(?=\d\d)", "+", text)
    for found in phonenumbers.PhoneNumberMatcher(international, home):
        yield "phone", found.raw_string, home
    for found in re.findall(r"[\w.]+@[\w.-]+\w", text):
        yield "email", found, None
    for found in re.findall(r"(?<![@\w.-])(?:https?://)?[\w.]+\.(?:example|me)(?:/\w+)*", text):
        yield "profile" if "t.me" in found else "url", found, None
    for found in re.findall(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{3,4}){4,7}", text):
        yield "iban", found, None
    for found in PLATE_WORD.findall(text):
        shape = compact(found)
        country = {"ZA": "SK", "PB": "BG", "FK": "IT", "IB": "GR"}[shape[:2]]
        yield "plate", found, country


def values_of(ref: str) -> set[tuple[str, str]]:
    """(kind, comparison form) of all that could link the report, but for bare addresses."""
    report = REPORTS[ref]
    found = {
        (kind, comparison_form(kind, raw, country, platform))
        for kind, raw, role, country, platform in raw_values(report)
        if role not in NOT_LINKING and kind != "address"
    }
    found |= {
        (kind, comparison_form(kind, raw, country, None))
        for kind, raw, country in written_values(report)
    }
    for person in report.get("persons", []):
        day = person.get("birth_date", "")
        if person.get("name") and len(day) == 10 and not day.endswith("-01-01"):
            name = romanised(person["name"], person.get("nationality", ""))
            found.add(("person", f"{name}, {day}"))
    return {(kind, value) for kind, value in found if value}


VALUES = {ref: values_of(ref) for ref in REPORTS}


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the README."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows: list[list[str]] = []
    for line in section.lstrip().splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


TIES = [(row[0], row[1], row[2].strip("`"), quoted(row[-2])) for row in table("What ties them")]
TRAPS = {row[0]: (quoted(row[1]), quoted(row[3])) for row in table("Traps")}


def elements(ref: str) -> set[str]:
    return {CATALOGUE[code]["element"] for code in signs(ref)} & {"act", "means", "purpose"}


def is_about_a_child(ref: str) -> bool:
    return any(person.get("age_group") == "child" for person in REPORTS[ref].get("persons", []))


# --- shape -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", REPORTS)
def test_report_fits_the_field_table(ref):
    report = REPORTS[ref]
    assert report.keys() >= {"external_ref", "observed_from", "language", "narrative", "source"}
    coded = {**report, "indicators": signs(ref)}
    assert list(misfits(coded, REPORT)) == []
    assert datetime.fromisoformat(report["observed_from"])
    place = report.get("place", {})
    assert ("lat" in place) == ("lon" in place)
    nuts, country = place.get("nuts"), place.get("country")
    assert nuts is None or nuts[:2] == ("EL" if country == "GR" else country)


def test_references_are_unique_even_across_organisations():
    assert len(REPORTS) == len(LINES)


def test_there_are_about_a_hundred_reports_of_which_a_third_stand_alone():
    assert 90 <= len(LINES) <= 110
    alone = sum(1 for lead in LEAD.values() if not lead)
    assert 0.3 <= alone / len(LINES) <= 0.4


def test_organisations_are_of_many_sectors_and_countries_and_all_report():
    listed = {item["ref"]: item for item in ORGANISATIONS}
    assert len(listed) == len(ORGANISATIONS) >= 12
    assert len({item["kind"] for item in ORGANISATIONS} & SECTORS) >= 9
    assert {item["kind"] for item in ORGANISATIONS} <= SECTORS
    assert {"SK", "BG", "ES", "GR", "PL", "IT"} <= {item["country"] for item in ORGANISATIONS}
    for line in LINES:
        known = listed[line["organisation"]["ref"]]
        assert line["organisation"] == {k: v for k, v in known.items() if k != "phones"}
    assert {line["organisation"]["ref"] for line in LINES} == listed.keys()
    assert any(item["kind"] == "law_enforcement" for item in ORGANISATIONS)


def test_narratives_are_in_ten_languages_and_in_the_script_of_each():
    scripts = {"bg": "Ѐ-ӿ", "uk": "Ѐ-ӿ", "el": "Ͱ-Ͽἀ-῿"}
    languages = {report["language"] for report in REPORTS.values()}
    assert languages == words("sk bg el es ca pl it en de uk")
    for report in REPORTS.values():
        letters = re.sub(r"[\W\d_]", "", report["narrative"])
        own = re.findall(f"[{scripts.get(report['language'], 'A-Za-zÀ-ž')}]", letters)
        assert len(own) > 0.8 * len(letters), report["external_ref"]


def test_every_report_has_its_line_in_the_truth():
    senders = {ref: sender["ref"] for ref, sender in SENDERS.items()}
    assert {row["external_ref"]: row["organisation"] for row in TRUTH} == senders
    assert len(TRUTH) == len(LINES)


def test_reports_show_the_variety_of_conditions_that_the_service_must_keep():
    reports = REPORTS.values()
    assert {r.get("handling", {}).get("code") for r in reports} >= {"H0", "H1", "H2", None}
    assert any("police" not in report["consent"]["scopes"] for report in reports)
    assert any(report.get("safety", {}).get("do_not_contact") for report in reports)
    for field in ("route", "handling", "safety"):
        assert any(field in report for report in reports)
    assert any("lat" in report.get("place", {}) for report in reports)
    assert any(is_about_a_child(ref) for ref in REPORTS)


def test_mailboxes_and_sites_are_under_names_that_nobody_can_register():
    for report in REPORTS.values():
        for kind, raw, *_ in raw_values(report):
            if kind == "email" and "@" in raw:
                assert raw.endswith(".example")
            if kind == "url":
                assert url(raw).split("/")[0].endswith(".example")
            if kind == "profile" and raw != "unknown":
                assert raw.rstrip("/").endswith("demo")


# --- operations ------------------------------------------------------------------------------


def test_five_operations_of_several_sectors_and_countries_each():
    assert len(OPERATIONS) == 5
    for refs in OPERATIONS.values():
        assert 6 <= len(refs) <= 14
        assert len({SENDERS[ref]["kind"] for ref in refs}) >= 3
        assert len({SENDERS[ref]["country"] for ref in refs}) >= 2


@pytest.mark.parametrize("lead", OPERATIONS)
def test_no_report_of_an_operation_shows_the_crime_whole_but_all_together_do(lead):
    refs = OPERATIONS[lead]
    for ref in refs:
        needed = {"act", "purpose"} | (set() if is_about_a_child(ref) else {"means"})
        assert not needed <= elements(ref), ref
    assert set().union(*map(elements, refs)) == {"act", "means", "purpose"}


@pytest.mark.parametrize("lead", OPERATIONS)
def test_signs_of_an_operation_make_means_and_purpose_by_the_delphi_rule(lead):
    """ILO/EC 2009: 2 strong; 1 strong and 1 other; 3 medium; 2 medium and 1 weak. Children: a
    defining purpose sign is enough (here EX-11 and EX-12, both strong)."""
    strengths: dict[str, list[str]] = defaultdict(list)
    relied_on = [r for r in OPERATIONS[lead] if REPORTS[r]["source"]["credibility"] <= 3]
    for code in {code for ref in relied_on for code in signs(ref)}:
        strengths[CATALOGUE[code]["dimension"]].append(CATALOGUE[code]["strength"])
    positive = set()
    for dimension, found in strengths.items():
        strong, medium, weak = (found.count(s) for s in ("strong", "medium", "weak"))
        if strong >= 2 or (strong and medium + weak) or medium >= 3 or (medium == 2 and weak):
            positive.add(dimension)
    assert "act" in strengths
    assert "exploitation" in positive
    assert positive & {"deceptive_recruitment", "coercive_recruitment", "coercion_destination"}


@pytest.mark.parametrize("tie", TIES, ids=lambda tie: f"{tie[0]}-{tie[2]}")
def test_tie_named_in_the_readme_stands_in_the_reports_it_names_and_no_others(tie):
    lead, kind, value, refs = tie
    assert len(refs) >= 2
    assert {ref for ref, values in VALUES.items() if (kind, value) in values} == set(refs)
    assert {LEAD[ref] for ref in refs} == {lead}


@pytest.mark.parametrize("lead", OPERATIONS)
def test_operation_hangs_together_by_its_ties(lead):
    reached = {OPERATIONS[lead][0]}
    while grown := {
        ref
        for of, _, _, refs in TIES
        if of == lead and reached & set(refs)
        for ref in refs
        if ref not in reached
    }:
        reached |= grown
    assert reached == set(OPERATIONS[lead])


def test_operations_use_every_kind_of_strong_value():
    strong = KINDS - {"ip", "address", "company", "image_hash"} | {"person"}
    assert {kind for _, kind, _, _ in TIES} == strong


def test_values_that_link_are_valid():
    for _, kind, value, _ in TIES:
        if kind == "phone":
            assert phonenumbers.is_valid_number(phonenumbers.parse(value))
        if kind == "iban":
            assert iban.is_valid(value)
        if kind == "wallet":
            assert bitcoin.is_valid(value)


def test_some_ties_stand_in_a_narrative_only_and_some_in_another_alphabet():
    tied = {(kind, value) for _, kind, value, _ in TIES}
    told = set()
    for ref, report in REPORTS.items():
        fields = {(k, comparison_form(k, raw, c, p)) for k, raw, _, c, p in raw_values(report)}
        told |= {kind for kind, value in (VALUES[ref] & tied) - fields if kind != "person"}
    assert told == {"phone", "email", "url", "profile", "iban", "plate"}
    plates = [v["plate"] for r in REPORTS.values() for v in r.get("vehicles", []) if "plate" in v]
    assert any(re.search("[Ѐ-ӿ]", plate) for plate in plates)
    assert any(re.search("[Ͱ-Ͽ]", plate) for plate in plates)


# --- traps -----------------------------------------------------------------------------------


def test_reports_that_do_not_belong_together_share_at_most_one_value_and_that_is_a_trap():
    known = {value for values, _ in TRAPS.values() for value in values}
    for left, right in combinations(REPORTS, 2):
        shared = VALUES[left] & VALUES[right]
        if shared and (not LEAD[left] or LEAD[left] != LEAD[right]):
            assert len(shared) == 1, (left, right, shared)
            assert {value for _, value in shared} <= known, (left, right, shared)


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_stands_in_several_unrelated_reports(trap):
    refs = TRAPS[trap][1]
    assert len(refs) == len(set(refs)) >= 4
    assert len({LEAD[ref] or ref for ref in refs}) >= len(refs) - 1


def test_each_trap_says_what_must_not_happen():
    rows = README.split("What must not happen:", 1)[1]
    assert re.findall(r"(?m)^\| (\w+) \| .+\.", rows) == list(TRAPS)


def test_helpline_phone_is_unknown_in_three_reports_and_listed_for_the_stop_list():
    (number,), refs = TRAPS["helpline"]
    assert any(number in item.get("phones", []) for item in ORGANISATIONS)
    carriers = {ref for ref, values in VALUES.items() if ("phone", number) in values}
    assert len(carriers) == 3
    assert carriers < set(refs)
    assert {LEAD[ref] for ref in carriers} == {""}


def test_interpreter_is_never_more_than_a_helper_or_a_witness():
    (number,), refs = TRAPS["interpreter"]
    for ref in refs:
        roles = {r for k, raw, r, c, _ in raw_values(REPORTS[ref]) if phone(raw, c) == number}
        assert roles
        assert roles <= {"helper", "witness"}


def test_hotel_is_an_address_in_every_report_of_its_trap():
    for ref in TRAPS["hotel"][1]:
        text = json.dumps(REPORTS[ref], ensure_ascii=False)
        assert "Staničná 14" in text


def test_values_of_the_unusable_trap_have_no_comparison_form():
    unusable, refs = TRAPS["unnormalisable"]
    for ref in refs:
        dropped = {
            raw
            for kind, raw, _, country, platform in raw_values(REPORTS[ref])
            if kind in {"phone", "iban", "plate"}
            and comparison_form(kind, raw, country, platform) is None
        }
        faulty = {raw for kind, raw, *_ in raw_values(REPORTS[ref]) if kind == "company"}
        assert {compact(raw) for raw in dropped | faulty} & {compact(raw) for raw in unusable}


def test_near_twins_are_one_or_two_digits_away_from_a_value_of_another_report():
    everything = {value for values in VALUES.values() for _, value in values}
    for twin in TRAPS["one_digit"][0]:
        value = f"SK:{twin}" if twin.isdigit() else twin
        assert value in everything
        carriers = {ref for ref, values in VALUES.items() if value in {v for _, v in values}}
        assert carriers <= set(TRAPS["one_digit"][1])
        if "3499900" in value:
            continue
        assert any(
            len(other) == len(value)
            and 1 <= sum(a != b for a, b in zip(other, value, strict=True)) <= 2
            for other in everything - {value}
        ), twin


@pytest.mark.parametrize("kind", ["phones", "documents", "plate", "birth_date"])
def test_placeholder_reports_hold_no_value_that_links(kind):
    refs = [ref for ref in TRAPS["placeholder"][1] if not LEAD[ref]]
    assert any(f'"{kind}"' in json.dumps(REPORTS[ref]) for ref in refs)
    assert not any(VALUES[ref] for ref in refs)
