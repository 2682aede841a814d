"""Placeholders: what stands for "not known", and what does not."""

import pytest

from app.domain.normalise.placeholders import is_placeholder


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "",
            " ",
            "-",
            "?",
            "???",
            "...",
            "n/a",
            "N.A.",
            "none",
            "UNKNOWN",
            " unknown ",
            "x",
            "xxx",
        ),
        *(
            "XXX-XXX",
            "test",
            "000000",
            "0000000000",
            "+000000000",
            "123456",
            "0123456789",
            "987654",
        ),
        *("@unknown", "неизвестно", "НЕИЗВЕСТНО", "няма данни", "нет данных", "невідомо"),
        *("άγνωστο", "ΑΓΝΩΣΤΟ", "neznámy", "neznamy", "neznámé", "desconocido", "desconegut"),
        *("sconosciuto", "nieznany", "brak danych", "unbekannt", "k.A.", "inconnu", "necunoscut"),
        *("ismeretlen", "không rõ", "غير معروف", "bilinmiyor", "onbekend", "desconhecido"),
        "ｕｎｋｎｏｗｎ",
        "0" * 60,
    ],
)
def test_a_value_that_means_not_known_is_a_placeholder(raw):
    assert is_placeholder(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "112",
        "155",
        "0905123456",
        "Nonevska",
        "1234",
        "12345678901234567890123",
        "AB123456",
        "testa",
        "unknown_girl",
        "13579",
        "56789",
    ],
)
def test_a_value_that_could_be_real_is_none(raw):
    assert not is_placeholder(raw)
