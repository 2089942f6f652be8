"""No `if service` on the road: what differs by service stands behind the contract, never in a comparison."""

import ast
import re
from pathlib import Path

import pytest

from applications.services import all_services

ROOT = Path(__file__).resolve().parent.parent
ROAD = [*sorted((ROOT / "applications").rglob("*.py")), *sorted((ROOT / "desk").rglob("*.py"))]
# Pages about one thing of a service's own register, which no case passes through: file → the literals it may name.
OF_ONE_SERVICE = {
    "desk/driver.py": {"DL"},
}
# A comparison in a template: service or sub-service against a literal.
IN_TEMPLATES = re.compile(r"(?:sub)?service(?:\.code)?\s*(?:==|!=|in)\s*[\"']")


def codes() -> set[str]:
    """Every code of a service or sub-service that the portal knows."""
    services = all_services()
    return {service.code for service in services} | {
        subservice.code for service in services for version in service.versions for subservice in version.subservices
    }


def named(source: str, known: set[str]) -> set[str]:
    """The codes that stand as a literal in the source, whether compared, looked up or matched; docstrings aside."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return {node.value for node in constants if isinstance(node.value, str) and node.value in known}


def compared(source: str) -> set[str]:
    """Comparisons of an application's service or sub-service with anything written down."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        sides += [node.subject] if isinstance(node, ast.Match) else []
        is_service = any(isinstance(side, ast.Attribute) and side.attr in {"service", "subservice"} for side in sides)
        others = [side for side in sides if not isinstance(side, ast.Attribute)]
        is_literal = any(isinstance(part, ast.Constant) for side in others for part in ast.walk(side))
        if is_service and (is_literal or isinstance(node, ast.Match)):
            found.add(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", ROAD, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_of_the_road_names_a_service(path):
    source = path.read_text(encoding="utf-8")
    excepted = OF_ONE_SERVICE.get(str(path.relative_to(ROOT)), set())

    assert named(source, codes()) - excepted == set()
    assert compared(source) == set()


def test_no_page_of_the_road_compares_a_service():
    pages = (ROOT / "templates" / "desk").rglob("*.html")
    found = {str(page.relative_to(ROOT)) for page in pages if IN_TEMPLATES.search(page.read_text(encoding="utf-8"))}

    assert found == set()


@pytest.mark.parametrize(
    "source",
    [
        "if application.service == 'VR': pass",
        "x = application.subservice in {'VR-1', 'PD'}",
        "match application.service:\n    case 'XX': pass",
        "WORDS = {'DL-1': 1}[application.subservice]",
    ],
)
def test_the_search_finds_what_it_looks_for(source):
    assert named(source, {"VR", "VR-1", "PD", "DL-1"}) | compared(source)


def test_an_exception_that_is_not_needed_is_taken_off():
    for path, literals in OF_ONE_SERVICE.items():
        assert named((ROOT / path).read_text(encoding="utf-8"), codes()) == literals
