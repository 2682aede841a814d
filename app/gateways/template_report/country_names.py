"""The names of countries in a language, from the Unicode CLDR as ICU has it."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from icu import Locale  # type: ignore[import-untyped]

from app.domain.codes import COUNTRIES


@cache
def country_names(language: str) -> Mapping[str, str]:
    """The names in one of the languages of the network, by code."""
    speaker = Locale(language)
    names = {code: str(Locale("", code).getDisplayCountry(speaker)) for code in COUNTRIES}
    return MappingProxyType(names)
