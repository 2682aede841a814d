"""Extraction: what a narrative says about phones, mail, pages, IBANs and plates, and what not."""

import cProfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attributes import AttributeKind, Context
from app.domain.extraction import extract
from app.domain.normalise.phone import normalise_phone


def found(narrative, country="SK"):
    return [(one.kind.value, one.raw) for one in extract(narrative, country=country)]


@pytest.mark.parametrize(
    ("narrative", "country", "expected"),
    [
        ("Im Gespräch genannt: +49 157 349 67618.", "DE", "+49 157 349 67618"),
        ("Im Gespräch genannt: 0151/74951556. Die Anruferin", "DE", "0151/74951556"),
        ("Genoemd contact: 7455/85517.", "NL", "7455/85517"),
        ("Contact mentioned: 0971545741. Follow-up", "GR", "0971545741"),
        ("Contacto mencionado: 0034622356820.", None, "0034622356820"),
        ("Contact cité : 0615-073-692.", "FR", "0615-073-692"),
        ("Contatto citato: 393440125159.", "IT", "393440125159"),
        ("He gave 0905 123 456 and left.", "SK", "0905 123 456"),
        ("Písala z čísla (0905) 123 456, vraj", "SK", "(0905) 123 456"),
        ("Contact 06 12 34 56 78", "FR", "06 12 34 56 78"),
        ("Appelez 06.12.34.56.78 svp", "FR", "06.12.34.56.78"),
        ("Seen 12.03.2021 0905 123 456", "SK", "0905 123 456"),
        ("Seen 12.03.2021 +421 905 123 456", None, "+421 905 123 456"),
        ("Nr. 0905 123 456 since 2019", "SK", "0905 123 456"),
        ("tel.0905123456", "SK", "0905123456"),
        ("TEL 905 123 456", "SK", "905 123 456"),
        ("Στο κινητό 6973414953 απαντά άντρας", "GR", "6973414953"),
        ("Обадете се на 0888 123 456!", "BG", "0888 123 456"),
        ("Wołali ją pod 512 345 678 codziennie", "PL", "512 345 678"),
        ("اتصل على هاتف ٠٩٠٥١٢٣٤٥٦", "SK", "٠٩٠٥١٢٣٤٥٦"),
        ("Two men (+421905123456) came", None, "+421905123456"),
    ],
)
def test_a_phone_is_found(narrative, country, expected):
    assert found(narrative, country) == [("phone", expected)]


@pytest.mark.parametrize(
    "narrative",
    [
        "Since 12.03.2021 she works 10:30-18:30, earlier 14.30-18.00 and from 2019-2021.",
        "Between 01.02.2021 - 15.03.2021 and on 2021-03-01 or 20210301.",
        "Paid 1 500 000 Kč, owes 90 512 345 EUR and € 12 345 678.",
        "Lives at 811 01 Bratislava, house 12, flat 345.",
        "Contact mentioned: POL-FR-2021/65395. Follow-up is planned.",
        "Contact mentioned: XU 7153817. Accommodation",
        "Contact mentioned: LD6775598.",
        "Contact mentioned: PL68 0833 **** **** **** **** 0684.",
        "Contact mentioned: LT767317********5958.",
        "Passport 905123456 was taken away.",
        "Číslo pasu: 905123456, IČO 905123456",
        "case 2021 905123456",
        "In 2019 about 20 people, 3 rooms.",
        "contact 12 34 56",
        "contact +1 12345 6",
        "contact 4711-0815",
        "EUR 90 512 3456",
        "only 12345678 was written",
        "IP 192.0.2.17 seen",
    ],
)
def test_a_date_a_sum_or_a_document_is_no_phone(narrative):
    assert found(narrative) == []


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("Write to Ivan.P+x@mail.example. Then", [("email", "Ivan.P+x@mail.example")]),
        ("see (https://jobs.example/ad/1?x=2).", [("url", "https://jobs.example/ad/1?x=2")]),
        ("see https://jobs.example/ad_(1)!", [("url", "https://jobs.example/ad_(1)")]),
        ("on www.jobs.example, daily", [("url", "www.jobs.example")]),
        ("ad jobs.example/ad/477663466, seen", [("url", "jobs.example/ad/477663466")]),
        ("ad m.portal.sk/inzerat?id=0905123456", [("url", "m.portal.sk/inzerat?id=0905123456")]),
        ("on t.me/nyosumfieu81354 daily", [("profile", "t.me/nyosumfieu81354")]),
        ("https://wa.me/421905123456", [("profile", "https://wa.me/421905123456")]),
        ("left.Then and/or i.e./e.g. v1.2/3", []),
        ("two@@mail and a @handle", []),
    ],
)
def test_mail_pages_and_profiles_are_found(narrative, expected):
    assert found(narrative) == expected


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("Contact mentioned: DE89 3704 0044 0532 0130 00. Follow", "DE89 3704 0044 0532 0130 00"),
        ("IBAN DE89370400440532013000", "DE89370400440532013000"),
        ("na účet sk31 1200 0000 1987 4263 7541 mesačne", "sk31 1200 0000 1987 4263 7541"),
        ("to GB29 NWBK 6016 1331 9268 19 WEEKLY", "GB29 NWBK 6016 1331 9268 19"),
    ],
)
def test_an_iban_with_right_check_digits_is_found(narrative, expected):
    assert found(narrative) == [("iban", expected)]


def test_two_ibans_side_by_side_are_both_found():
    narrative = "DE89 3704 0044 0532 0130 00 SK31 1200 0000 1987 4263 7541"
    assert [kind for kind, _ in found(narrative)] == ["iban", "iban"]


@pytest.mark.parametrize(
    "narrative",
    ["DE88 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 0", "ZZ89370400440532013000"],
)
def test_a_wrong_iban_is_neither_an_iban_nor_a_phone(narrative):
    assert found(narrative) == []


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("a van, plate ZA123AB, white", "ZA123AB"),
        ("plate number is za123ab", "za123ab"),
        ("ŠPZ ZA 123 AB VW Golf", "ZA 123 AB"),
        ("EČV: ZA-123AB.", "ZA-123AB"),
        ("кола с рег. номер СА 1234 АВ", "СА 1234 АВ"),
        ("номер: СА1234АВ", "СА1234АВ"),
        ("con matrícula 1234 BCD", "1234 BCD"),
        ("furgone targa AB 123 CD", "AB 123 CD"),
        ("Kennzeichen B-MA 1234", "B-MA 1234"),
        ("numer rejestracyjny WA 12345", "WA 12345"),
        ("πινακίδα ΑΒΕ-1234", "ΑΒΕ-1234"),
        ("immatriculé AB-123-CD", "AB-123-CD"),
        ("rendszám ABC-123", "ABC-123"),
        ("kenteken 12-AB-34", "12-AB-34"),
        ("the registration of the VW ZA123AB", "ZA123AB"),
    ],
)
def test_a_plate_is_found_after_a_word_for_it(narrative, expected):
    assert found(narrative) == [("plate", expected)]


@pytest.mark.parametrize(
    "narrative",
    [
        "a token ZA123AB without a word",
        "plate unknown. Room AB123",
        "номер паспорта АВ123456",
        "номер паспорта АВ12345",
        "registration number HRB 12345",
        "registration number of the company KRS 12345",
        "a plate of soup for 12 people",
        "the plate, seen 2021",
    ],
)
def test_other_codes_are_no_plate(narrative):
    assert found(narrative) == []


def test_found_values_stand_in_the_order_of_the_text():
    narrative = (
        "Tel. 0905 123 456, ŠPZ ZA123AB, a1@mail.example, jobs.example/ad/1,"
        " IBAN SK31 1200 0000 1987 4263 7541, +421 911 222 333"
    )
    kinds = [kind for kind, _ in found(narrative)]
    assert kinds == ["phone", "plate", "email", "url", "iban", "phone"]


def test_two_plates_after_one_another_are_both_found():
    assert found("plate ZA123AB, plate ZA124AB") == [("plate", "ZA123AB"), ("plate", "ZA124AB")]


@pytest.mark.parametrize("narrative", ["", "No figures here.", "Nikto nič nevie, žiadne čísla."])
def test_a_narrative_without_figures_holds_nothing(narrative):
    assert extract(narrative, country="SK") == ()


@settings(max_examples=300, deadline=None)
@given(
    narrative=st.text()
    | st.lists(
        st.sampled_from(
            [
                "tel ",
                "+421",
                "905",
                "0905 123 456",
                " ",
                ".",
                "/",
                "-",
                "ŠPZ ",
                "ZA",
                "123",
                "AB",
                "a@b.example",
                "www.",
                "jobs.example/x",
                "DE89370400440532013000",
                "*",
                "٣",
                ", ",
            ]
        ),
        max_size=14,
    ).map("".join),
    country=st.sampled_from([None, "SK", "DE", "GR", "ZZ"]),
)
def test_what_is_found_is_in_the_text_and_never_overlaps(narrative, country):
    last_end = 0
    for one in extract(narrative, country=country):
        assert narrative[one.start : one.end] == one.raw
        assert one.start >= last_end
        assert one.end > one.start
        last_end = one.end
        if one.kind is AttributeKind.PHONE:
            assert normalise_phone(one.raw, Context(country=country)).values


@pytest.mark.parametrize(
    "unit",
    ["1-", "1 ", "+1", "(1)", "1.1.1.1 ", "номер 1 ", "rz 1 ", "AB12 ", "12.12.2020 ", "a@b.cz "],
)
def test_twice_the_text_takes_no_more_than_about_twice_the_steps(unit):
    def steps(length):
        profiler = cProfile.Profile()
        profiler.runcall(extract, (unit * length)[:length], country="SK")
        return sum(entry.callcount for entry in profiler.getstats())

    short, long = steps(10_000), steps(20_000)
    assert long < 3 * short
    assert long < 20 * 20_000
