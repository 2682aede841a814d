"""The parts of a version fit together, or it is refused with what is missing."""

import pytest

from app.domain.protocol.checklists import SECTORS
from app.domain.protocol.protocol import build_protocol
from app.domain.protocol.texts import parse_texts
from tests.support.protocol import catalogue, checklist, english, protocol


def test_a_version_has_the_checklists_of_all_sectors_in_one_order():
    found = protocol()
    assert tuple(found.checklists) == SECTORS
    assert found.version == "1"
    assert found.versions == ("1",)


def changed(kind, key, entry):
    tables = english()
    if entry is None:
        del tables[kind][key]
    else:
        tables[kind][key] = entry
    return tables


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (changed("indicators", "AC-01", None), r"indicators.toml: AC-01 is missing"),
        (changed("indicators", "AC-01", {"label": "a"}), r"AC-01.explanation is missing"),
        (changed("indicators", "ZZ-99", {"label": "a"}), r"ZZ-99 belongs to nothing"),
        (changed("questions", "alone", None), r"questions.toml: alone is missing"),
        (changed("questions", "alone", {"help": "a"}), r"alone.text is missing"),
        (changed("questions", "alone", {"text": "a", "hint": "b"}), r"alone.hint is not one of"),
        (changed("questions", "shoe_size", {"text": "a"}), r"shoe_size belongs to nothing"),
        (changed("advice", "child", None), r"advice.toml: child is missing"),
        (changed("advice", "child", {"text": "a"}), r"child.title is missing"),
        (changed("words", "steps", {"safety": "a"}), r"words.toml: steps.child is missing"),
        (changed("words", "forms", None), r"words.toml: forms.\w+ is missing"),
        (changed("feedback", "closed", None), r"feedback.toml: closed is missing"),
    ],
)
def test_english_has_a_text_for_everything_and_for_nothing_else(tables, said):
    with pytest.raises(ValueError, match=said):
        protocol({"en": tables})


def test_help_is_optional_and_codes_may_have_more_words_than_are_used():
    tables = changed("questions", "alone", {"text": "a", "help": "b"})
    tables["words"]["sectors"]["gaming"] = "Online games"
    assert protocol({"en": tables}).texts.tell("questions", "alone", "en").texts["help"] == "b"


def test_every_sector_has_a_checklist():
    lists = [checklist(sector=sector) for sector in SECTORS if sector != "public"]
    with pytest.raises(ValueError, match=r"checklists/public.toml is missing"):
        build_protocol(catalogue(), lists, parse_texts({"en": english()}))
