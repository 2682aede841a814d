"""Reading the protocol from its folder: versions beside each other, faults with their place."""

import csv
import shutil

import pytest

from app.domain.assessment import Result
from app.domain.screening import Told, screen_report
from app.storage.catalogues import DATA, load_catalogue, load_protocol, load_protocols
from app.storage.protocol_lock import LOCK, differences, digests, lock_of

VERSIONS = sorted(path for path in (DATA / "protocol").iterdir() if path.is_dir())


@pytest.fixture
def folder(tmp_path):
    """A copy of the released protocol, to be changed."""
    return shutil.copytree(DATA / "protocol", tmp_path / "protocol")


def add_next(folder, *, retired=(), removed=()):
    """A version 2, not released yet: as version 1, but for some codes."""
    shutil.copytree(folder / "v1", folder / "v2")
    (folder / "v2" / LOCK).write_text("released = false\n", encoding="utf-8")
    path = folder / "v2" / "indicators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "retired"])
        writer.writeheader()
        writer.writerows(
            each | {"retired": "2" if each["code"] in retired else ""}
            for each in rows
            if each["code"] not in removed
        )


def drop_questions(folder, code):
    """Ask about that code no more."""
    for path in (folder / "v2" / "checklists").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f'["{code}"]', "[]").replace(f'"{code}", ', ""), "utf-8")


def test_the_released_protocol_is_read_once_a_process():
    assert load_protocol() is load_protocol()
    assert load_protocol().version == "1"
    assert load_protocol().catalogue.codes == load_catalogue().codes


def test_a_next_version_stands_beside_the_first_and_still_knows_a_retired_code(folder):
    add_next(folder, retired=["RV-10"])
    drop_questions(folder, "RV-10")
    second = load_protocol("2", folder)
    assert (second.version, second.versions) == ("2", ("1", "2"))
    assert second.catalogue.get("RV-10").retired == "2"
    assert second.texts.tell("indicators", "RV-10", "en").texts["label"]
    assert all("RV-10" not in each.reaches for each in second.checklists.values())
    first = load_protocol("1", folder)
    assert first.versions == ("1",)
    assert first.catalogue.get("RV-10").retired is None


def test_older_versions_stay_at_hand_for_reports_written_under_them(folder):
    add_next(folder, retired=["RV-10"])
    drop_questions(folder, "RV-10")
    found = load_protocols("2", folder)
    assert list(found) == ["1", "2"]
    assert found["1"].catalogue.get("RV-10").retired is None


def test_an_own_addition_is_switched_off_in_the_rules_of_a_version(folder):
    (folder / "v1" / LOCK).write_text("released = false\n", encoding="utf-8")
    rules = folder / "v1" / "overrides.toml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("defining_purpose = true", "defining_purpose = false"), "utf-8")
    catalogue = load_protocol("1", folder).catalogue
    assert not catalogue.rules.additions.defining_purpose
    told = Told(2, "adult", at_risk=False, forms=(), codes=("EX-09",))
    assert screen_report(told, catalogue).purpose.result is Result.UNKNOWN
    assert screen_report(told, load_catalogue()).purpose.result is Result.INDICATED


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("defining_purpose = 1", "additions: defining_purpose must be true or false"),
        ("made_up = true", "additions: made_up must be true or false, and one of both_ages"),
        ("grade_if_missing = 5", "additions.grade_if_missing: 0"),
        ("grade_if_missing = true", "additions.grade_if_missing: 0"),
    ],
)
def test_an_addition_that_is_none_is_refused(folder, line, said):
    rules = folder / "v1" / "overrides.toml"
    name = line.split(" ")[0]
    kept = [each for each in rules.read_text("utf-8").splitlines() if not each.startswith(name)]
    rules.write_text("\n".join([*kept, line]), "utf-8")
    with pytest.raises(ValueError, match=said):
        load_protocol("1", folder)


def test_a_next_version_that_still_asks_about_a_retired_code_is_refused(folder):
    add_next(folder, retired=["RV-10"])
    with pytest.raises(ValueError, match=r"^checklists/\w+\.toml: question .* RV-10 is retired"):
        load_protocol("2", folder)


def test_a_next_version_without_one_of_the_codes_is_refused(folder):
    add_next(folder, removed=["RV-08"])
    with pytest.raises(ValueError, match="version 2: RV-08 is missing"):
        load_protocol("2", folder)


def test_a_version_that_is_not_there_is_named(folder):
    with pytest.raises(ValueError, match="protocol/v7 is missing"):
        load_protocol("7", folder)


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("checklists/health.toml", "sector = ", r"^checklists/health.toml: "),
        ("checklists/health.toml", 'sector = "ngo"', r"^checklists/health.toml: sector"),
        ("texts/en/words.toml", "review = ", r"words.toml: "),
        ("texts/sk/advice.toml", 'review = "fine"', r"texts/sk/advice.toml: review"),
        ("overrides.toml", "[weights]", "weights is not one of"),
        ("extensions/sk.toml", 'prefix = "EX"', r"^extensions/sk.toml: prefix: EX is one of"),
        ("extensions/at.toml", 'prefix = "AT', r"^extensions/at.toml: at.toml: "),
        ("profiles/helpline.toml", 'codes = ["SK-01"]', r"^profiles/helpline.toml: code 1: SK-01"),
    ],
)
def test_a_faulty_file_is_named(folder, path, content, said):
    target = folder / "v1" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        load_protocol("1", folder)


def test_a_missing_file_of_the_master_language_is_named(folder):
    (folder / "v1" / "texts" / "en" / "advice.toml").unlink()
    with pytest.raises(ValueError, match=r"texts/en/advice.toml is missing"):
        load_protocol("1", folder)


def test_a_language_without_files_is_told_in_english(folder):
    shutil.rmtree(folder / "v1" / "texts" / "sk", ignore_errors=True)
    told = load_protocol("1", folder).texts.tell("indicators", "AC-01", "sk")
    assert told.language == "en"


def test_the_catalogue_knows_the_codes_of_the_extensions():
    found = load_protocol()
    own = {each.code: each.maps_to for one in found.extensions.values() for each in one.codes}
    assert own["SK-01"] == "EX-07"
    assert load_catalogue().own == found.catalogue.own == own


def test_a_next_version_without_an_extension_is_refused(folder):
    add_next(folder)
    (folder / "v2" / "extensions" / "sk.toml").unlink()
    with pytest.raises(ValueError, match="version 2: SK-01 of an extension is missing"):
        load_protocol("2", folder)


# The lock of a released version


@pytest.mark.parametrize("files", VERSIONS, ids=lambda path: path.name)
def test_a_released_version_is_as_it_was_released(files):
    assert differences(files) == ()


def test_version_1_is_released_and_its_lock_is_what_the_lock_would_be_today():
    assert (VERSIONS[0] / LOCK).read_text(encoding="utf-8") == lock_of(VERSIONS[0])


@pytest.fixture
def released(folder):
    """A copy of version 1, which is released."""
    return folder / "v1"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("indicators.csv", "CD-01,coercion_destination,means,strong", "CD-01,coercion_destination,means,weak"),
        ("overrides.toml", '"EX-09", ', ""),
        ("extensions/sk.toml", 'maps_to = "EX-07"', 'maps_to = "EX-05"'),
        ("checklists/health.toml", 'yes = ["CD-15"]', 'yes = ["AC-01", "CD-15"]'),
    ],
)  # fmt: skip
def test_a_change_of_what_a_released_version_means_is_refused_at_start(released, name, old, new):
    edit(released / name, old, new)
    assert differences(released) == (f"{name} was changed",)
    with pytest.raises(ValueError, match=f"v1 is released and may not change: {name} was changed"):
        load_protocol("1", released.parent)


def test_a_version_that_says_it_is_released_and_locks_nothing_is_refused(released):
    (released / LOCK).write_text("released = true\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"overrides\.toml is not in the lock"):
        load_protocol("1", released.parent)


def test_a_version_before_the_current_one_may_not_change_either(released):
    add_next(released.parent)
    assert load_protocol("2", released.parent).version == "2"
    load_protocol.cache_clear()
    edit(released / "overrides.toml", '"EX-09", ', "")
    with pytest.raises(ValueError, match=r"v1 is released and may not change: overrides\.toml"):
        load_protocol("2", released.parent)


def test_a_file_more_or_less_than_was_released_is_found(released):
    (released / "extensions" / "sk.toml").rename(released / "extensions" / "cz.toml")
    (released / "checklists" / "health.toml").unlink()
    assert differences(released) == (
        "checklists/health.toml is missing",
        "extensions/cz.toml is not in the lock",
        "extensions/sk.toml is missing",
    )


def test_texts_comments_and_review_of_a_released_version_may_still_change(released):
    edit(released / "extensions" / "sk.toml", 'review = "draft"', 'review = "reviewed"')
    edit(released / "extensions" / "sk.toml", "# Slovakia", "# The Slovak Republic")
    edit(released / "texts" / "en" / "indicators.toml", 'review = "draft"', 'review = "reviewed"')
    edit(released / "indicators.csv", "Identity papers are held", "Papers are kept")
    assert differences(released) == ()
    assert load_protocol("1", released.parent).version == "1"


def test_a_version_that_is_not_released_may_change(released):
    (released / LOCK).write_text(lock_of(released, released=False), encoding="utf-8")
    edit(released / "overrides.toml", '"EX-09", ', "")
    assert differences(released) == ()


@pytest.mark.parametrize(
    ("lock", "said"), [(None, "v1/lock.toml is missing"), ("", "released must be true or false")]
)
def test_a_version_says_whether_it_is_released(released, lock, said):
    if lock is None:
        (released / LOCK).unlink()
    else:
        (released / LOCK).write_text(lock, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        differences(released)


def test_the_lock_covers_what_a_version_means():
    covered = digests(DATA / "protocol" / "v1")
    assert {"indicators.csv", "overrides.toml", "extensions/sk.toml"} <= covered.keys()
    assert sum(name.startswith("checklists/") for name in covered) == len(
        load_protocol().checklists
    )
