"""Postal addresses."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.address import compose_address, normalise_address


def value_of(address, locality=None, country=None):
    outcome = compose_address(address, locality, Context(country=country))
    return outcome.values[0].value if outcome.values else None


@pytest.mark.parametrize(
    "spellings",
    [
        [("Hlavná 12", "Žilina"), ("Hlavná 12, 010 01 Žilina", None), ("HLAVNA 12, ZILINA", None),
         ("ul. Hlavná č. 12", "Žilina"), ("Hlavná ulica 12, byt 4, Žilina", None),
         ("Žilina, Hlavná 12", None), ("010 01 Žilina, Hlavná 12", None), ("Hlavná 12/5", "Žilina")],
        [("ул. Шипка 12, гр. София", None), ("ulitsa Shipka 12", "Sofia"), ("Шипка № 12, ап. 5", "София"),
         ("ул. „Шипка“ 12", "гр. София")],
        [("бул. Витоша 12", "София"), ("bul. Vitosha 12", "Sofia"), ("12 Vitosha Blvd, Sofia", None)],
        [("C/ de la Iglesia 11, Valencia", None), ("Calle Iglesia 11", "Valencia"),
         ("C. de la Iglesia, 11, 3º B, Valencia", None), ("Calle de la Iglesia nº 11", "València")],
        [("Avda. de la Constitución 177, 46113", "Valencia"), ("Avenida Constitución 177 Valencia", None)],
        [("Via Roma, 94, 90620 Palermo", None), ("V. Roma 94", "Palermo"), ("VIA ROMA 94 int. 3", "Palermo")],
        [("V.le Monza 5", "Milano"), ("Viale Monza, 5, Milano", None)],
        [("Schulstr. 137, 26340", "Oldenburg"), ("Schulstraße 137", "Oldenburg"),
         ("Schulstrasse 137, Whg. 4", "Oldenburg"), ("Schulstr.137, 26340 Oldenburg", None)],
        [("Mühlenweg 84b", "Leipzig"), ("Muehlenweg 84 b, Leipzig", None), ("Muhlenweg 84B Leipzig", None)],
        [("Kerkstr. 47, 3004 RE Rotterdam", None), ("Kerkstraat 47", "Rotterdam"), ("Kerkstraat 47/22", "Rotterdam")],
        [("101, R. Saint-Denis", "Bordeaux"), ("101 Rue St-Denis, 33000", "Bordeaux"),
         ("101 rue St. Denis, 33000 Bordeaux, France", None)],
        [("2 Rue de l'Église", "Strasbourg"), ("2, R. de l’Eglise, Strasbourg", None),
         ("2 rue de l'Eglise Strasbourg", "Strasbourg")],
        [("Μεγάλου Αλεξάνδρου 54", "Αθήνα"), ("Megalou Alexandrou 54", "Athina"),
         ("οδός Μεγάλου Αλεξάνδρου 54, 16771 Αθήνα", None)],
        [("ul.Słoneczna 13", "Wrocław"), ("Sloneczna 13 m. 4", "Wroclaw"), ("ul. Słoneczna 13, 50-123 Wrocław", None)],
        [("вул. Хрещатик 22", "Київ"), ("vul. Khreshchatyk 22", "Kyiv"), ("Khreshchatyk St 22, Kyiv", None)],
        [("ж.к. Люлин, бл. 305, вх. А, ап. 12", "София"), ("zh.k. Lyulin bl. 305", "Sofia")],
    ],
)  # fmt: skip
def test_spellings_of_one_address_agree(spellings):
    assert len({value_of(*spelling) for spelling in spellings}) == 1
    assert value_of(*spellings[0]) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("Hlavná 12", "Žilina"), ("Hlavná 13", "Žilina")),
        (("Hlavná 12", "Žilina"), ("Hlavná 12a", "Žilina")),
        (("Hlavná 12", "Žilina"), ("Hlavná 12", "Nitra")),
        (("Schulstraße 2", "Ulm"), ("Schulweg 2", "Ulm")),
        (("Avenida Roma 2", "Madrid"), ("Calle Roma 2", "Madrid")),
        (("Via Roma 94, 90620", None), ("Via Roma 94, 10620", None)),
    ],
)
def test_different_addresses_stay_apart(left, right):
    assert value_of(*left) != value_of(*right)


@pytest.mark.parametrize(
    ("address", "locality", "country", "expected"),
    [
        ("17. novembra 12", "Žilina", "SK", "12|17 novembra|zilina"),
        ("12 Rue du 8 Mai 1945", "Lyon", "FR", "12|8 mai|lion"),
        ("Plac 3 Maja 5", "Kraków", "PL", "5|3 maia pl|krakov"),
        ("Praha 3, Hlavní 31", None, "CZ", "31|hlavni|praha"),
        ("Hlavná 1234/12", "Žilina", "SK", "12|hlavna|zilina"),
        ("Hlavní 16c/2", "Praha", "CZ", "16c|hlavni|praha"),
        ("Nyg. 1", "Malmö", "SE", "1|ni|malmo"),
        ("Via Roma 94, 90620", None, "IT", "94|roma|90620"),
        ("Rosenweg 16, 50879 Köln, Deutschland", None, "DE", "16|rosenveg|koln"),
    ],
)
def test_numbers_find_their_place(address, locality, country, expected):
    assert value_of(address, locality, country) == expected


def test_the_locality_of_the_field_counts_for_more_than_one_in_the_address():
    assert value_of("Hlavná 12, Zilina-Bytcica", "Žilina") == "12|hlavna|zilina"


@pytest.mark.parametrize("raw", ["Via Roma 6", "6|roma|", "Hlavná 12/A"])
def test_street_and_number_without_a_town_have_no_value(raw):
    outcome = normalise_address(raw, Context(country="IT"))
    assert outcome.values == ()
    assert "town" in outcome.problem


@pytest.mark.parametrize(
    "raw",
    ["P.O. Box 12, Dublin", "Postfach 12, 1010 Wien", "BP 12, 33000 Bordeaux",
     "Apartado 12, Madrid", "Autobahn A1 km 12, Wien", "D1, 12. km, Žilina", "АМ Тракия км 12, София"],
)  # fmt: skip
def test_post_boxes_and_kilometres_are_no_address(raw):
    outcome = normalise_address(raw, Context())
    assert outcome.values == ()
    assert outcome.problem


@pytest.mark.parametrize("number", ["12a", "12 A", "12/A", "12 / A", "12 - A", "12-A"])
def test_a_letter_behind_the_number_belongs_to_it(number):
    assert value_of(f"Hlavná {number}, Žilina") == "12a|hlavna|zilina"
    assert value_of(f"Hlavná {number}, Košice") == value_of("Hlavná 12a", "Košice")


def test_a_place_that_is_not_known_is_as_none():
    written = "Hlavná 12, Žilina"
    assert value_of(written, "neznáme") == value_of(written) == "12|hlavna|zilina"


@pytest.mark.parametrize(
    "raw",
    [
        "Žilina",
        "Molenstraat, 5649 WW Eindhoven",
        "Wiesenweg, Whg. 31",
        "Straße 12",
        "12",
        "1|",
        "x" * 900,
    ],
)
def test_a_town_or_street_alone_is_no_address(raw):
    outcome = normalise_address(raw, Context())
    assert outcome.values == ()
    assert outcome.problem


@pytest.mark.parametrize("raw", ["", "unknown", "неизвестно", "-"])
def test_placeholders_have_no_value(raw):
    assert "not known" in normalise_address(raw, Context()).problem
