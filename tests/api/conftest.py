"""Callers that the tests of the API share."""

import pytest


@pytest.fixture(scope="module")
def reporter(network):
    """An organisation that reports."""
    return network.caller("ngo")


@pytest.fixture(scope="module")
def other_reporter(network):
    """Another one, of another sector and country."""
    return network.caller("trade_union", country="AT")


@pytest.fixture(scope="module")
def agency(network):
    """An agency that reads leads."""
    return network.caller("law_enforcement")
