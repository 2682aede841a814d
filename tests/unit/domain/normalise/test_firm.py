"""Names of firms: legal forms go out, what tells one firm from another stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.normalise.firm import firm_words
from app.domain.normalise.firm_forms import AT_BEGINNING, AT_END, EVERYWHERE


@pytest.mark.parametrize(
    "spelling",
    [
        "Agro Plus s.r.o.",
        "Agro Plus, s. r. o.",
        "Agro Plus spol. s r.o.",
        "Agro Plus, spol. s r. o.",
        "Agro Plus, a.s.",
        "AGRO PLUS",
        "agro-plus",
        "АГРО ПЛЮС ООД",
        "„Агро Плюс“ ЕООД",
        "Агро Плюс АД",
        "ЕТ Агро Плюс",
        "ТОВ «Агро Плюс»",
        'ТзОВ "Агро Плюс"',
        "ПП 'Агро Плюс'",
        "ООО Агро Плюс",
        "ΑΓΡΟ ΠΛΟΥΣ Α.Ε.",
        "Αγρο Πλους ΕΠΕ",
        "ΑΓΡΟ ΠΛΟΥΣ ΜΟΝΟΠΡΟΣΩΠΗ Ι.Κ.Ε.",
        "Agro Plus Sp. z o.o.",
        "Agro Plus sp. z o. o.",
        "Agro Plus Spółka z ograniczoną odpowiedzialnością",
        "Agro Plus spolka z ograniczona odpowiedzialnoscia",
        "Agro Plus Sp. k.",
        "Agro Plus GmbH & Co. KG",
        "Agro Plus AG",
        "Agro Plus e.U.",
        "Agro Plus Kft.",
        "Agro Plus Zrt",
        "S.C. Agro Plus S.R.L.",
        "SC AGRO PLUS SRL",
        "Agro Plus S.L.U.",
        "Agro Plus, S.A.",
        "Agro Plus Sociedad Limitada",
        "Agro Plus S.p.A.",
        "Agro Plus SpA",
        "Agro Plus Lda.",
        "Agro Plus SARL",
        "Agro Plus B.V.",
        "Agro Plus Ltd",
        "Agro Plus Limited",
        "The Agro Plus Company Ltd.",
        "Agro Plus & Co.",
        "Agro Plus A/S",
        "Agro Plus d.o.o.",
        "Agro Plus San. ve Tic. Ltd. Şti.",
        "Công ty TNHH Agro Plus",
        "Firma Agro Plus",
    ],
)
def test_one_firm_has_the_same_words_whatever_its_form_and_script(spelling):
    assert firm_words(spelling) == ("agro", "plus")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("AS", ("as",)),
        ("Si", ("si",)),
        ("AS s.r.o.", ("as",)),
        ("AB Ltd", ("ab",)),
        ("AS Trans", ("as", "trans")),
        ("SI Hotel", ("si", "hotel")),
        ("Hotel Si", ("hotel", "si")),
        ("Thai Spa", ("tai", "spa")),
        ("Big Mike", ("big", "mike")),
        ("Zoo Praha", ("zo", "praha")),
        ("De Beers", ("de", "bers")),
        ("La Perla SRL", ("la", "perla")),
        ("SC Freiburg", ("sk", "freiburg")),
        ("Limited Edition Shop", ("limited", "edition", "sop")),
        ("The Company Store", ("kompani", "store")),
        ("A.B.C. Ltd", ("abk",)),
        ("A. E. Smith Ltd", ("a", "smit")),  # initials, not the Greek form; "ae" is folded to "a"
        ("3M", ("3m",)),
    ],
)
def test_a_word_that_may_also_be_a_form_stays_where_it_is_the_name(name, words):
    assert firm_words(name) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Salt and Pepper", "Salt & Pepper Ltd"),
        ("Sol y Mar S.L.", "Sol Mar"),
        ("H&M", "H & M"),
        ("Zorba's Tavern", "Zorba’s Tavern"),
        ("Η Καλή Ζωή ΟΕ", "Kali Zoi"),
        ("Παπαδόπουλος & Σία Ο.Ε.", "Papadopoulos"),
        ("СД Петров и с-ие", "Petrov"),
        ("Ilinden-Stroy EOOD", "Илинден Строй ЕООД"),
    ],
)
def test_joining_words_articles_and_partners_tell_nothing(one, other):
    assert firm_words(one) == firm_words(other) != ()


@pytest.mark.parametrize(
    "name",
    [
        "John Smith t/a Blue Nails",
        "John Smith trading as Blue Nails",
        "John Smith, d/b/a Blue Nails",
        "John Smith h.o.d.n. Blue Nails",
    ],
)
def test_the_words_of_owner_and_trading_name_both_stay(name):
    assert firm_words(name) == (*firm_words("John Smith"), *firm_words("Blue Nails"))


@pytest.mark.parametrize(
    "name", ["", "-", "unknown", "неизвестно", "s.r.o.", "Ltd", "GmbH", "A", "&", "x" * 301]
)
def test_what_tells_no_firm_from_another_has_no_words(name):
    assert firm_words(name) == ()


@given(st.text(max_size=60))
def test_any_text_becomes_latin_words_or_nothing(name):
    words = firm_words(name)
    assert all(
        (word.isascii() and word.isalnum() and word.islower()) or word.isdigit() for word in words
    )


@given(
    st.lists(st.sampled_from(["blue", "nails", "trans", "hotel", "sofia"]), min_size=1, max_size=3),
    st.sampled_from(sorted(EVERYWHERE | AT_END)),
)
def test_a_form_at_the_end_never_counts(words, form):
    name = " ".join(words)
    assert firm_words(f"{name} {form}") == firm_words(name)


@given(
    st.lists(st.sampled_from(["blue", "nails", "trans", "hotel", "sofia"]), min_size=1, max_size=3),
    st.sampled_from(sorted(EVERYWHERE | AT_BEGINNING)),
)
def test_a_form_that_stands_at_the_beginning_never_counts_there(words, form):
    name = " ".join(words)
    assert firm_words(f"{form} {name}") == firm_words(name)
