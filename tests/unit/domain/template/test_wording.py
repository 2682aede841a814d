"""The words of the template: there for every code, in every language, and read back."""

import pytest

from app.domain.protocol.texts import LANGUAGES, MASTER
from app.domain.template import form, wording
from app.domain.template.asked import SECTIONS
from app.domain.template.wording import (
    BETWEEN,
    COUNTRY,
    INDICATORS,
    code_of,
    codes_of,
    readings_of,
)
from tests.support.report_form import wording as wording_in

LISTS = (*wording._CODES, INDICATORS, COUNTRY)


def own_texts(language):
    book = wording_in().texts.books["template"][language]
    return {
        (table, key): text for table, texts in book.entries.items() for key, text in texts.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_whole_in_every_language(language):
    assert own_texts(language).keys() == own_texts(MASTER).keys()


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != MASTER])
def test_sentences_are_translated(language):
    told, english = own_texts(language), own_texts(MASTER)
    assert [key for key, text in told.items() if text == english[key] and len(text) > 30] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("list_", LISTS)
def test_every_code_has_a_word_and_what_is_offered_for_it_is_read_back(language, list_):
    told = wording_in(language)
    codes = codes_of(list_, told.catalogue)
    assert codes
    folded = readings_of(list_, map(wording_in, LANGUAGES))
    for code in codes:
        assert told.word(list_, code) != code
        assert BETWEEN not in told.word(list_, code)
        assert code_of(told.choice(list_, code), folded) == code
    assert len({told.choice(list_, code) for code in codes}) == len(codes)


class Speaker:
    """Says its own words for answers."""

    catalogue = None

    def __init__(self, **words):
        self.words = words

    def word(self, _list, code):
        return self.words[code]


def test_a_word_for_two_codes_is_read_as_neither_and_a_code_always_as_itself():
    speakers = [Speaker(yes="Ja", no="Doubtful"), Speaker(yes="Doubtful", no="Yes")]
    assert readings_of("answers", speakers) == {"ja": "yes", "yes": "yes", "no": "no"}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("AB", "ab"),
        ("ab · word", "ab"),
        ("word·AB", "ab"),
        ("word", None),
        ("ab · cd", None),
        ("", None),
    ],
)
def test_a_cell_names_a_code_alone_or_beside_its_word(cell, code):
    assert code_of(cell, {"ab": "ab", "cd": "cd"}) == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_asked_has_its_texts_and_nothing_else_is_there(language):
    told = wording_in(language)
    used = {("sections", each.name) for each in SECTIONS} | {("sections", "signs")}
    used |= {("entries", each.name) for each in SECTIONS if each.empty}
    used |= {("hints", each.hint) for each in SECTIONS if each.hint}
    asks = [ask for section in SECTIONS for ask in section.asks]
    columns = [column for _, column in form.KEYS.values()]
    used |= {("fields", ask.label or ask.name) for ask in asks}
    used |= {("fields", column.label) for column in columns}
    used |= {("hints", each.hint) for each in (*asks, *columns) if each.hint}
    used |= {("hints", "choose"), ("hints", "signs"), ("sheet", "guide"), ("sheet", "not_in_list")}
    used |= {("sheet", sheet.name) for sheet in form.SHEETS}
    used |= {("sheet", f"step_{n}") for n in range(1, 6)}
    used |= {("page", key) for key in ("title", "subtitle", "screening", "danger", "known", "draft",
                                       "unshown", "protocol", "number")}  # fmt: skip
    for kind, table, codes in wording._CODES.values():
        used |= {(table, code) for code in codes if kind == "template"}
    assert used == own_texts(language).keys()
    assert all(told.say(*key) for key in used)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_where_a_spreadsheet_has_room_for_so_many(language):
    told = wording_in(language)
    titles = [told.say("sheet", each.name) for each in form.SHEETS] + [told.say("sheet", "guide")]
    assert len({title.casefold() for title in titles} | {"lists"}) == len(titles) + 1
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\'") for title in titles)
    assert len(told.say("hints", "choose")) <= 32
    assert len(told.say("sheet", "not_in_list")) <= 255


def test_nobody_is_called_a_victim_or_a_perpetrator():
    roles = [text for (table, _), text in own_texts("en").items() if table == "roles"]
    assert not [text for text in roles if "victim" in text or "perpetrator" in text]
