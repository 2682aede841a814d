"""Names of towns: scripts, exonyms and districts meet; different towns do not."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.normalise.exonyms import TOWNS
from app.domain.normalise.place import town_words

GROUPS = [group.split(", ") for group in TOWNS]


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_all_names_of_a_town_are_one(names):
    assert {town_words(name) for name in names} == {town_words(names[0])}
    assert town_words(names[0]) != ""


def test_names_of_different_towns_never_meet():
    found = [town_words(names[0]) for names in GROUPS]
    assert len(set(found)) == len(GROUPS)
    for one, other in combinations(GROUPS, 2):
        assert {town_words(name) for name in one}.isdisjoint(town_words(name) for name in other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Σόφια", "Sofiya"),
        ("гр. София", "Sofia"),
        ("София-град", "Sofia"),
        ("м. Київ", "Kiev"),
        ("Den Haag", "The Hague"),
        ("den haag", "La Haye"),
        ("DEN HAAG", "'s-Gravenhage"),
        ("Cluj", "Cluj-Napoca"),
        ("Cluj - Napoca", "Kolozsvár"),
        ("Frankfurt", "Frankfurt am Main"),
        ("Bratislava V", "Bratislava"),
        ("Košice II", "Kassa"),
        ("Praha 3", "Prague"),
        ("Praha-Smíchov", "Praha"),
        ("Praha 3 - Žižkov", "Praha"),
        ("Košice - Staré Mesto", "Košice"),
        ("Stadt Wien", "Vienna"),
        ("1010 Wien", "Wien"),
        ("Paris 18e", "Paris"),
        ("Lyon, France", "Lyon"),
        ("Nice (France)", "Nizza"),
        ("Trenčín, Slovensko", "Trencin"),
        ("Ново село", "Novo Selo"),
    ],
)
def test_spellings_of_one_town_agree(one, other):
    assert town_words(one) == town_words(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Frankfurt (Oder)", "Frankfurt am Main"),
        ("Frankfurt an der Oder", "Frankfurt"),
        ("Ústí nad Labem", "Ústí nad Orlicí"),
        ("Novo mesto", "Novo Selo"),
        ("Wien", "Wiener Neustadt"),
        ("Vidin", "Viden"),
        ("Monaco", "München"),
        ("Bielsko-Biała", "Bielsko"),
        ("Praha", "Praga de Norte"),
    ],
)
def test_different_towns_stay_apart(one, other):
    assert town_words(one) != town_words(other)


@pytest.mark.parametrize("locality", ["", "-", "unknown", "неизвестно", "1234", "V", "x" * 201])
def test_what_names_no_town_has_no_words(locality):
    assert town_words(locality) == ""


def test_a_name_that_is_a_word_for_town_is_kept():
    assert town_words("Mesto") == "mesto"


@given(st.text(max_size=40))
def test_any_text_becomes_sorted_latin_words(locality):
    words = town_words(locality).split()
    assert words == sorted(words) or " ".join(words) in {town_words(g[0]) for g in GROUPS}
    assert all(word.isascii() and word.isalpha() for word in words)
