"""The elements and figures by which leads are put in order and listed are those that the full
assessment gives.
"""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Result, assess
from app.domain.elements import ELEMENTS, outline
from app.domain.figures import Alarms
from app.domain.indicators import AgeGroup, Element, Form, Sign
from app.storage.catalogues import load_catalogue

CATALOGUE = load_catalogue()
CODES = st.sampled_from(CATALOGUE.codes)
GRADES = st.sampled_from([None, 1, 3, 4])
AGES = st.sampled_from(AgeGroup)
FORMS = st.sets(st.sampled_from(Form), max_size=2)

ALARMS = st.builds(Alarms, st.booleans(), st.booleans())

signs = st.lists(
    st.builds(Sign, code=CODES, report_id=st.sampled_from(["a", "b", "c"]), grade=GRADES),
    max_size=12,
)


@given(signs, AGES, FORMS, ALARMS)
def test_what_is_outlined_is_what_the_assessment_says(some, age, forms, alarms):
    full = assess(some, age=age, catalogue=CATALOGUE, forms=forms, alarms=alarms)
    elements = zip(ELEMENTS, full.reading, strict=True)
    expected = {element for element, result in elements if result.result is Result.INDICATED}
    found = outline(some, age=age, catalogue=CATALOGUE, forms=forms, alarms=alarms)
    assert found.elements - {Element.CONTEXT} == expected
    assert (found.completeness, found.urgency) == (full.completeness, full.urgency)
