"""Fixtures shared by area; each area keeps its own module."""

from importlib.util import find_spec

AREAS = (
    "tests.fixtures_offices",
    "tests.fixtures_registers",
    "tests.fixtures_fees",
    "tests.fixtures_registration",
    "tests.fixtures_papers",
    "tests.fixtures_road",
    "tests.fixtures_browser",
)

pytest_plugins = [area for area in AREAS if find_spec(area)]
