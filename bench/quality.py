"""How well reports are linked, and what each kind of evidence adds to that.

    uv run python -m bench.quality NAME=REPORTS,TRUTH … [--leave-out [--only LABEL]] [--into FILE]

REPORTS and TRUTH are the two files of a scenario (contract, section 10), both also as .gz. Each
goes through the real intake and the real linker, as `tessera evaluate` does, in a database of its
own that is dropped afterwards. With --leave-out it does so once more for each kind of evidence
and each rule, with that one taken out of the model: what gets worse is what it adds.

With --into FILE each table is also written into that file, as Markdown, between the lines
`<!-- figures: NAME -->` and `<!-- end -->`, where they are there; NAME is that of the scenario, or
"all" for the table of all scenarios.

Ties fall by keyed numbers. The key is a new one for each run, and the same for all it measures.
"""

import argparse
import gzip
import json
import secrets
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from app.cli.quality import KEY_BYTES, link_scenario
from app.cli.running import readable_failures, refuse, run
from app.cli.truth import Reference, read_truth
from app.domain.linkage.model import LinkageModel, PersonModel, Term, TimeModel
from app.domain.linkage.quality import Quality, measure_quality
from app.intake.files.rows import FileRefusedError
from app.storage.catalogues import load_model
from app.storage.scratch import NoDatabaseError

_NOTHING = Term(0.5, 1.0)
"""A term that weighs 0 bits however rare the value is."""
_NEVER = 1_000_000_000
_COLUMNS = ("", "precision", "recall", "F1", "largest false merge", "most mixed", "left alone")


class Scenario(NamedTuple):
    """Reports with known truth."""

    name: str
    reports: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class Variant:
    """A model, and what is taken out of the reports before they come in: "narrative" or
    "birth_date". label: what the variant does without.
    """

    label: str
    model: LinkageModel
    removed: str | None = None


class Measured(NamedTuple):
    """The figures of one variant. most_mixed: of how many true leads the found lead is that mixes
    most (1 where none mixes any).
    """

    label: str
    quality: Quality
    most_mixed: int


def left_out(model: LinkageModel) -> Iterator[Variant]:
    """The model without one kind of evidence or one rule, for each of them."""
    for kind, weighed in model.kinds.items():
        kinds = {**model.kinds, kind: replace(weighed, term=_NOTHING)}
        yield Variant(kind.value, replace(model, kinds=kinds))
    yield Variant("persons", replace(model, person=_without_persons(model.person)))
    given = replace(model.person, given=_NOTHING)
    yield Variant("one name in one place", replace(model, person=given))
    # A model without weights for dates would take a bare name for one with a date beside it.
    yield Variant("birth dates", model, removed="birth_date")
    yield Variant("names of firms", replace(model, firm=replace(model.firm, name=_NOTHING)))
    address = replace(model.address, whole=_NOTHING, street=_NOTHING)
    yield Variant("addresses", replace(model, address=address))
    place = dict.fromkeys(("same_town", "same_region", "other_town", "other_country"), 0.0)
    yield Variant("place", replace(model, place=replace(model.place, **place)))
    yield Variant("time", replace(model, time=TimeModel((), 0.0)))
    yield Variant("form", replace(model, form=replace(model.form, same=0.0, other=0.0)))
    yield from _rules(model)


def _rules(model: LinkageModel) -> Iterator[Variant]:
    no_hubs = replace(model.spread, hub_carriers=_NEVER)
    yield Variant("hubs", replace(model, spread=no_hubs))
    level = replace(no_hubs, per_doubling=0.0)
    yield Variant("hubs and the loss by spread", replace(model, spread=level))
    yield Variant("attachment", replace(model, leads=replace(model.leads, small=0)))
    yield Variant(
        "cuts of large leads", replace(model, leads=replace(model.leads, readable=_NEVER))
    )
    yield Variant("reading of narratives", model, removed="narrative")


def _without_persons(person: PersonModel) -> PersonModel:
    bits: dict[str, Any] = {each.name: 0.0 for each in fields(person) if each.type is float}
    return replace(person, name=_NOTHING, given=_NOTHING, **bits)


def measure(scenario: Scenario, variant: Variant, key: bytes) -> Measured:
    """The figures of one scenario under one variant and root key. Raises as `link_scenario` and
    `read_truth`.
    """
    truth = read_truth(scenario.truth)
    with tempfile.TemporaryDirectory() as folder:
        reports = scenario.reports
        if variant.removed is not None:
            reports = Path(folder) / "reports.ndjson"
            write_without(variant.removed, scenario.reports, reports)
        found = run(link_scenario(reports, variant.model, key=key))
    pairs = found.against(truth)
    mixed = most_mixed(truth, found.leads)
    return Measured(variant.label, measure_quality(pairs), mixed)


def write_without(name: str, reports: Path, to: Path) -> None:
    """Write the reports of a scenario without a field of theirs or of their persons."""
    opener = partial(gzip.open, mode="rt") if reports.suffix == ".gz" else open
    with opener(reports, encoding="utf-8") as lines, to.open("w", encoding="utf-8") as out:
        for line in lines:
            entry = json.loads(line)
            for holder in (entry["report"], *entry["report"].get("persons", ())):
                holder.pop(name, None)
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")


def most_mixed(truth: Mapping[Reference, str], leads: Mapping[Reference, str]) -> int:
    """The most true leads that one found lead is of; a report that truly stands alone is one."""
    mixed: dict[str, set[str | Reference]] = defaultdict(set)
    for reference, lead in truth.items():
        if reference in leads:
            mixed[leads[reference]].add(lead or reference)
    return max(map(len, mixed.values()), default=1)


def cells(measured: Measured) -> Sequence[str]:
    """One line of the table."""
    quality, worst = measured.quality, measured.quality.largest_false_merge
    alone = quality.alone_left_alone
    return (
        measured.label,
        *(f"{figure:.3f}" for figure in (quality.bcubed.precision, quality.bcubed.recall)),
        f"{quality.bcubed.f1:.3f}",
        f"{worst.reports} reports of {worst.true_leads}" if worst else "none",
        str(measured.most_mixed),
        "" if alone is None else f"{alone:.3f}",
    )


def table(title: str, lines: Iterable[Sequence[str]], *, markdown: bool) -> str:
    """Lines under the headings, as Markdown or aligned for a terminal."""
    rows = [(title, *_COLUMNS[1:]), *lines]
    if markdown:
        body = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([body[0], "|---|" + "---:|" * (len(_COLUMNS) - 1), *body[1:]])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def written_into(text: str, name: str, figures: str) -> str:
    """A text with a table in the place that is marked for it; the same text where none is."""
    head, mark, rest = text.partition(f"<!-- figures: {name} -->\n")
    _, end, tail = rest.partition("<!-- end -->\n")
    return f"{head}{mark}\n{figures}\n\n{end}{tail}" if end else text


def _scenario(text: str) -> Scenario:
    name, _, files = text.partition("=")
    reports, _, truth = files.partition(",")
    if not (name and reports and truth):
        raise argparse.ArgumentTypeError("it must be NAME=REPORTS,TRUTH")
    for path in (Path(reports), Path(truth)):
        if not path.is_file():
            raise argparse.ArgumentTypeError(f"there is no file {path.name}")
    return Scenario(name, Path(reports), Path(truth))


def _measured(scenario: Scenario, variants: Sequence[Variant], key: bytes) -> Iterator[Measured]:
    for number, variant in enumerate(variants, 1):
        print(f"{scenario.name}, {number} of {len(variants)}: {variant.label}", file=sys.stderr)
        yield measure(scenario, variant, key)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    model, key = load_model(), secrets.token_bytes(KEY_BYTES)
    known = {variant.label: variant for variant in left_out(model)}
    parser = argparse.ArgumentParser(description="Measure linking on scenarios with known truth.")
    parser.add_argument("scenarios", nargs="+", type=_scenario, metavar="NAME=REPORTS,TRUTH")
    parser.add_argument("--leave-out", action="store_true", help="also without each evidence")
    parser.add_argument("--only", action="append", choices=known, metavar="LABEL",
                        help="leave out this alone; repeatable")  # fmt: skip
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--into", type=Path, metavar="FILE", help="write the tables into it")
    wanted = parser.parse_args(arguments)
    variants = [Variant("all", model)]
    if wanted.leave_out:
        chosen = [known[label] for label in wanted.only or known]
        variants += [replace(each, label=f"without {each.label}") for each in chosen]
    whole = []
    try:
        with readable_failures():
            for scenario in wanted.scenarios:
                lines = [cells(each) for each in _measured(scenario, variants, key)]
                whole.append((scenario.name, *lines[0][1:]))
                if wanted.leave_out:
                    _tell(scenario.name, lines, wanted)
    except FileRefusedError as error:
        refuse(str(error))
    except NoDatabaseError:
        refuse("this role may not create a database to measure in (CREATEDB is needed)")
    if not wanted.leave_out:
        _tell("all", whole, wanted)


def _tell(name: str, lines: Sequence[Sequence[str]], wanted: argparse.Namespace) -> None:
    print(table(name, lines, markdown=wanted.markdown), end="\n\n")
    if wanted.into is not None:
        figures = table(name, lines, markdown=True)
        wanted.into.write_text(written_into(wanted.into.read_text(), name, figures))


if __name__ == "__main__":
    main()
