"""The template report set as page, paper and workbook: whole, safe, readable in every script."""

import io
import re
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app.domain.protocol.texts import LANGUAGES
from app.domain.template.document import build_document
from app.gateways.template_report import paper
from app.gateways.template_report.page import page_policy, render_page
from app.gateways.template_report.paper import PaperError, render_paper
from app.gateways.template_report.workbook import render_workbook
from tests.support.pictures import pictures_of
from tests.support.report_form import wording

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"'&lt;{{ 7*7 }}{% raw %}",
    '#panic("typst")',
    '#read("/etc/passwd") #eval("1+1") #include "x.typ"',
    "*strong* _emph_ $x^2$ `raw` @ref <label> = heading \\u{41} https://example.org",
    "/* comment // ] ) } #",
    "sys.inputs.document",
]


def report(text):
    """A report that says a text wherever it has room for one."""
    return {
        "external_ref": text, "observed_from": "2026-03-01", "narrative": text,
        "indicators": [{"code": "EX-01", "note": text}],
        "persons": [{"name": text, "aliases": [text],
                     "documents": [{"kind": text, "number": text}]}],
        "organisations": [{"name": text}], "vehicles": [{"plate": text, "description": text}],
        "attributes": [{"kind": "url", "value": text, "note": text}],
    }  # fmt: skip


def filled(text, language="en"):
    return build_document(wording(language), report(text))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_report_becomes_markup_of_the_page(hostile):
    shown, plain = Elements(render_page(filled(hostile))), Elements(render_page(filled("x")))
    assert [tag for tag, _ in shown.elements] == [tag for tag, _ in plain.elements]
    assert shown.text.count(hostile) == 12
    names = {name for _, attributes in shown.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "href", "style")]


def test_the_page_runs_nothing_and_fetches_nothing_and_its_policy_says_so():
    page = render_page(filled("x"))
    assert {tag for tag, _ in Elements(page).elements}.isdisjoint({"script", "link", "img", "form"})
    assert "url(" not in page
    assert "@import" not in page
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; frame-ancestors 'none'",
        page_policy(),
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_report_becomes_markup_of_the_paper(hostile):
    squeezed = re.sub(r"\s", "", text_of(render_paper(filled(hostile))))
    assert squeezed.count(re.sub(r"\s", "", hostile)) >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_carries_its_fonts_and_the_text_can_be_read_out(language):
    document = build_document(wording(language))
    pdf = render_paper(document)
    reader = PdfReader(io.BytesIO(pdf))
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & font.keys() for font in fonts)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    text = re.sub(r"\s", "", text_of(pdf))
    for part in document.parts:
        assert re.sub(r"\s", "", part.title) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_of_any_language_is_missing_in_the_fonts(language):
    """A letter that no font has is set as glyph 0, which stands for no character."""
    pdf = render_paper(build_document(wording(language)))
    assert "\x00" not in text_of(pdf)
    assert "\x00" in text_of(render_paper(filled("王")))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ελληνικά Българ Žižkov ŁÓDŹ Nguyễn €", False),
        ("王小明", True),
        ("हिन्दी", True),
        ("محمد", True),
    ],
)
def test_the_paper_says_where_it_lacks_letters(text, told):
    assert ("has no letters" in text_of(render_paper(filled(text))).replace("\n", " ")) is told


@pytest.mark.parametrize("text", ["x" * 1000, "word " * 4000, "a\n" * 1000, "́" * 1000])
def test_long_texts_stay_on_the_paper_and_are_whole(text):
    document = build_document(wording(), report("x") | {"narrative": text})
    pdf = render_paper(document)
    found = re.sub(r"\s", "", text_of(pdf))
    if text[0] == "x":
        assert found.count("x") >= 1000
    assert len(pictures_of(document)) == len(PdfReader(io.BytesIO(pdf)).pages)
    assert paper._pieces(text) == [] or "".join(paper._pieces(text)) == text


def test_a_failure_of_the_setter_tells_nothing_of_the_report(monkeypatch):
    monkeypatch.setattr(paper, "_source", lambda: b"#panic(sys.inputs.document)")
    with pytest.raises(PaperError) as caught:
        render_paper(filled("Jana Tajna"))
    assert "Jana" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_no_formula_and_opens_on_its_guide(language):
    book = load_workbook(io.BytesIO(render_workbook(wording(language))))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert book.active.title == wording(language).say("sheet", "guide")
    assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == ["lists"]
    assert all(sheet.row_dimensions[1].hidden for sheet in book.worksheets[:5])
