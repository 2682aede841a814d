"""The measurement takes out what it says it takes out, and counts what it says it counts."""

import gzip
import json
from dataclasses import fields

import pytest

from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, BlockKind
from app.domain.linkage.quality import measure_quality
from app.domain.linkage.scoring import SharedValue, compare
from app.domain.linkage.traits import PersonTraits, Traits
from app.storage.catalogues import load_model
from bench.quality import (
    Measured,
    cells,
    left_out,
    main,
    most_mixed,
    table,
    write_without,
    written_into,
)

MODEL = load_model()
VARIANTS = {variant.label: variant for variant in left_out(MODEL)}
TRAITS = Traits(
    persons=(PersonTraits((("ivanova", "maria"),), (1994, 5, 3), "female", "BG"),),
    firms=(("harbour", "clean"),),
    addresses=(),
    country="AT",
    nuts="AT130",
    town="wien",
    point=None,
    first=739_000,
    last=739_000,
    forms=frozenset({"labour_exploitation"}),
)
KEYS = {BlockKey(BlockKind.NAME, "AFNF MR"): 2, BlockKey(BlockKind.FIRM, "HRBR"): 2}
SHARED = [
    SharedValue(bytes([place]), kind, 2)
    for place, kind in enumerate(sorted(MODEL.kinds, key=lambda kind: kind.value))
]


def parts_of(model):
    """What two reports that agree in everything share, by comparison, in bits."""
    return {
        part.comparison: part.bits for part in compare((TRAITS, TRAITS), SHARED, KEYS, model).parts
    }


@pytest.mark.parametrize("kind", sorted(MODEL.kinds))
def test_a_kind_that_is_left_out_weighs_nothing_and_all_others_count(kind: AttributeKind):
    before, after = parts_of(MODEL), parts_of(VARIANTS[kind.value].model)

    assert kind.value not in after
    assert {*after, kind.value, "firm"} >= set(before)


@pytest.mark.parametrize(
    ("label", "comparison"), [("persons", "person"), ("names of firms", "firm")]
)
def test_a_comparison_that_is_left_out_is_no_part_of_the_evidence(label, comparison):
    alone = compare((TRAITS, TRAITS), [], KEYS, MODEL)
    without = compare((TRAITS, TRAITS), [], KEYS, VARIANTS[label].model)

    assert comparison in {part.comparison for part in alone.parts}
    assert comparison not in {part.comparison for part in without.parts}


@pytest.mark.parametrize("name", ["place", "time", "form"])
def test_circumstances_that_are_left_out_weigh_nothing(name):
    assert parts_of(MODEL)[name] != 0
    assert parts_of(VARIANTS[name].model)[name] == 0


def test_every_kind_and_every_rule_is_left_out_once():
    assert len(VARIANTS) == len(list(left_out(MODEL)))
    assert {kind.value for kind in MODEL.kinds} <= VARIANTS.keys()


def test_each_variant_differs_from_the_model_or_takes_something_out_of_the_reports():
    for variant in VARIANTS.values():
        changed = [
            f.name
            for f in fields(MODEL)
            if getattr(variant.model, f.name) != getattr(MODEL, f.name)
        ]
        assert len(changed) == (0 if variant.removed else 1)


@pytest.mark.parametrize("packed", [False, True])
def test_a_field_is_taken_out_of_reports_and_persons_and_nothing_else_changes(tmp_path, packed):
    report = {
        "external_ref": "1",
        "narrative": "x",
        "persons": [{"name": "ž", "birth_date": "1994"}],
    }
    line = json.dumps({"organisation": {"ref": "ngo-1"}, "report": report}) + "\n"
    source = tmp_path / ("reports.ndjson.gz" if packed else "reports.ndjson")
    source.write_bytes(gzip.compress(line.encode()) if packed else line.encode())

    left = {}
    for name in ("narrative", "birth_date"):
        write_without(name, source, tmp_path / "out")
        left[name] = json.loads((tmp_path / "out").read_text())["report"]

    assert left["narrative"] == {key: report[key] for key in ("external_ref", "persons")}
    assert left["birth_date"] == report | {"persons": [{"name": "ž"}]}


@pytest.mark.parametrize(
    ("truth", "leads", "most"),
    [
        ({"1": "a", "2": "a"}, {"1": "x", "2": "x"}, 1),
        ({"1": "a", "2": "b", "3": ""}, {"1": "x", "2": "x", "3": "x"}, 3),
        ({"1": "", "2": ""}, {"1": "x", "2": "x"}, 2),
        ({"1": "a", "2": "b"}, {"1": "x"}, 1),
        ({"1": "a"}, {}, 1),
    ],
)
def test_a_lead_mixes_as_many_as_it_has_true_leads_and_reports_alone(truth, leads, most):
    def of(given):
        return {("ngo-1", reference): lead for reference, lead in given.items()}

    assert most_mixed(of(truth), of(leads)) == most


def test_a_line_of_the_table_has_every_figure():
    pairs = [("a", "x"), ("a", "x"), ("b", "x"), ("", None)]
    line = cells(Measured("all", measure_quality(pairs), 2))

    assert line == ("all", "0.667", "1.000", "0.800", "3 reports of 2", "2", "1.000")
    assert table("small", [line], markdown=True).splitlines()[-1] == f"| {' | '.join(line)} |"
    assert table("small", [line], markdown=False).splitlines()[-1].split()[:2] == ["all", "0.667"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["small"], "must be NAME=REPORTS,TRUTH"),
        (["small=reports.ndjson"], "must be NAME=REPORTS,TRUTH"),
        (["small=/nowhere/reports.ndjson,truth.csv"], "there is no file reports.ndjson"),
        (["--only", "luck"], "invalid choice"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(arguments, reason, capsys):
    with pytest.raises(SystemExit):
        main(arguments)

    assert reason in capsys.readouterr().err


def test_a_table_takes_the_place_that_is_marked_for_it_and_no_other():
    text = "a\n<!-- figures: one -->\nold\n<!-- end -->\nb\n<!-- figures: two -->\n<!-- end -->\n"
    once = written_into(text, "one", "| 1 |")

    assert once == text.replace("\nold\n", "\n\n| 1 |\n\n")
    assert written_into(once, "one", "| 1 |") == once
    assert written_into(text, "three", "| 1 |") == text
