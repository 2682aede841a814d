"""The elements and figures by which leads are put in order and listed are those that the full
assessment gives.
"""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Result, assess
from app.domain.elements import ELEMENTS, outline
from app.domain.indicators import AgeGroup, Element, Form, Sign
from app.domain.screening import elements_of, figures_of, figures_of_one, screen, signs_of
from app.storage.catalogues import load_catalogue

CATALOGUE = load_catalogue()
CODES = st.sampled_from(CATALOGUE.codes)
GRADES = st.sampled_from([None, 1, 3, 4])
AGES = st.sampled_from(AgeGroup)
FORMS = st.sets(st.sampled_from(Form), max_size=2)

signs = st.lists(
    st.builds(Sign, code=CODES, report_id=st.sampled_from(["a", "b", "c"]), grade=GRADES),
    max_size=12,
)


@given(signs, AGES, FORMS)
def test_what_is_outlined_is_what_the_assessment_says(some, age, forms):
    full = assess(some, age=age, catalogue=CATALOGUE, forms=forms)
    elements = zip(ELEMENTS, full.reading, strict=True)
    expected = {element for element, result in elements if result.result is Result.INDICATED}
    found = outline(some, age=age, catalogue=CATALOGUE, forms=forms)
    assert found.elements - {Element.CONTEXT} == expected
    assert (found.completeness, found.urgency) == (full.completeness, full.urgency)


@given(st.lists(CODES, max_size=12), GRADES, AGES, FORMS)
def test_a_lead_of_one_report_is_known_by_what_that_shows_alone(codes, grade, age, forms):
    given_ = {"credibility": grade, "catalogue": CATALOGUE}
    case = {"age": age, "catalogue": CATALOGUE, "forms": [form.value for form in forms]}
    alone = screen(signs_of(codes, **given_), **case)
    found = figures_of_one(elements_of(alone), [*codes, "ZZ-99"], age=age, **given_)
    assert found == figures_of(signs_of(codes, report="a", **given_), **case)
