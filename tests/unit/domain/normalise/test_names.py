"""Names of persons."""

import pytest

from app.domain.normalise.dates import PartialDate
from app.domain.normalise.names import fold_name, name_tokens, normalise_person
from app.domain.normalise.romanise import romanise

BORN = PartialDate(1999, 5, 2)


def tokens_of(name, country=None):
    return name_tokens(name=name, given_name=None, family_name=None, country=country)


@pytest.mark.parametrize(
    ("native", "country", "passport"),
    [
        ("Щерьо", "BG", "shteryo"),
        ("Мария", "BG", "maria"),
        ("Йорданка Цветкова", "BG", "yordanka tsvetkova"),
        ("Христо Хаджиев", "BG", "hristo hadzhiev"),
        ("Юлия Жечева", "BG", "yulia zhecheva"),
        ("Димитър", None, "dimitar"),
        ("Згурський Юрій", "UA", "zghurskyi yurii"),
        ("Єнакієве Їжакевич", "UA", "yenakiieve yizhakevych"),
        ("Олександр Григорович", "UA", "oleksandr hryhorovych"),
        ("Короп'є", "UA", "koropie"),
        ("Щербань Сергій", None, "shcherban serhii"),
        ("Щербаков Юрий", "RU", "shcherbakov iurii"),
        ("Παπαδόπουλος", "GR", "papadopoulos"),
        ("Ευάγγελος Μπάμπης", "GR", "evangelos bampis"),
        ("Αυγή Ευθυμίου", "GR", "avgi efthymiou"),
        ("Μάιος Αϊβαλιώτης", "GR", "maios aivaliotis"),
        ("Đặng Thị Hương", "VN", "dang thi huong"),
        ("Ștefănescu", "RO", "stefanescu"),
        ("Łukasz Żak", "PL", "lukasz zak"),
        ("Groß", "DE", "gross"),
        ("Ђорђевић Љубица", "RS", "djordjevic ljubica"),
    ],
)
def test_names_are_written_as_in_passports(native, country, passport):
    assert romanise(native, country) == passport


def test_names_of_other_scripts_become_latin_letters():
    assert romanise("محمد").isascii()
    assert romanise("محمد").isalpha()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dr. Ing. Ivan Petrov", ("ivan", "petrov")),
        ("г-н Иван Петров", ("ivan", "petrov")),
        ("госпожа Иванова, Елена", ("elena", "ivanova")),
        ("Sra. García López", ("garcia", "lopez")),
        ("κ. Γιώργος Παπάς", ("giorgos", "papas")),
        ("pani Jana Nováková", ("jana", "novakova")),
        ("Pan Jan Novák", ("jan", "novak")),
        ("Pan Wei", ("pan", "wei")),
        ("Don", ("don",)),
        ("Mr", ("mr",)),
        ("O'Brien Seán", ("obrien", "sean")),
        ("Nour-Hussein Al-Masri", ("al", "hussein", "masri", "nour")),
        ("Наталь'я Коваль", ("koval", "natalia")),
        ("van der Berg", ("berg", "der", "van")),
        ("Ivan Petrov Georgiev", ("georgiev", "ivan", "petrov")),
    ],
)
def test_titles_go_out_and_words_are_sorted(name, expected):
    assert tokens_of(name) == expected


def test_given_and_family_name_in_either_field_give_the_same_tokens():
    one = name_tokens(name=None, given_name="Ivan", family_name="Petrov")
    other = name_tokens(name=None, given_name="PETROV", family_name="Иван")
    assert one == other == tokens_of("Petrov, Ivan")


def test_the_whole_name_counts_only_where_its_parts_are_missing():
    assert name_tokens(name="X Y", given_name="Ivan", family_name=None) == ("ivan",)
    assert name_tokens(name="Ivan", given_name=" ", family_name=None) == ("ivan",)


def test_placeholders_are_no_names():
    assert name_tokens(name=None, given_name="Ivan", family_name="unknown") == ("ivan",)
    assert tokens_of("неизвестен") == ()


@pytest.mark.parametrize(
    "spellings",
    [
        "Yordanoff Jordanow Iordanov Йорданов",
        "Kowalczuk Kovalchuk Ковальчук",
        "Krawczenko Kravchenko Кравченко",
        "Hryhorij Hryhorii Григорій",
        "Dschamal Jamal Djamal",
        "Christodoulou Hristodoulou Χριστοδούλου",
        "Iuliia Yuliya Julija Юлія",
        "Tymoszenko Tymoshenko Тимошенко",
        "Stefanescu Ștefănescu",
        "Volodymyr Wolodymyr Volodimir Володимир",
        "Müller Mueller Muller",
        "Mykhailo Michajlo Михайло",
        "Vasileva Wassilewa Василева",
        "Shteryo Shcheryo Szczerjo",
        "Qasim Kasim",
        "Tsvetan Cvetan Zwetan Цветан",
        "Alexandra Aleksandra",
        "Mohammed Mohamed",
    ],
)
def test_usual_spellings_of_one_name_meet_in_the_coarse_form(spellings):
    folded = {fold_name((romanise(spelling),)) for spelling in spellings.split()}
    assert len(folded) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [("Ivan", "Ivana"), ("Maria", "Marta"), ("Petrov", "Pavlov"), ("Olena", "Olga")],
)
def test_different_names_stay_apart_in_the_coarse_form(left, right):
    assert fold_name(tokens_of(left)) != fold_name(tokens_of(right))


def test_the_arabic_article_is_one():
    assert fold_name(tokens_of("El-Masri Nour")) == fold_name(tokens_of("Nur Al-Masri"))


def test_a_person_is_the_folded_name_with_the_birth_date():
    outcome = normalise_person(tokens_of("Jordanow, Iwan"), BORN)
    assert [n.value for n in outcome.values] == ["iordanov ivan|1999-05-02"]
    assert outcome == normalise_person(tokens_of("Иван Йорданов", "BG"), BORN)


@pytest.mark.parametrize(
    ("name", "birth_date", "words"),
    [
        ("Ivan", BORN, "two names"),
        ("", BORN, "not known"),
        ("Ivan Petrov", None, "full birth date"),
        ("Ivan Petrov", PartialDate(1999), "full birth date"),
        ("Ivan Petrov", PartialDate(1999, 5), "full birth date"),
        ("Ivan Petrov", PartialDate(1999, 1, 1), "first of January"),
        ("Ivan Petrov", PartialDate(1900, 1, 1), "first of January"),
    ],
)
def test_a_name_without_enough_beside_it_is_no_person(name, birth_date, words):
    outcome = normalise_person(tokens_of(name), birth_date)
    assert outcome.values == ()
    assert words in outcome.problem
