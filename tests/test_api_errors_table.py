"""The table of errors for partners is the table of the code."""

from pathlib import Path

from django.utils import translation

from api.codes import CODES

TABLE = Path(__file__).resolve().parent.parent / "docs" / "api" / "errors.md"


def made() -> str:
    with translation.override("en"):
        lines = [f"| `{code}` | {known.status} | {known.says} |" for code, known in sorted(CODES.items())]
    head = "# Errors\n\nEvery refusal is problem details (RFC 9457); its code never changes.\n"
    head += "[sandbox.md](sandbox.md) tells how to call each of them up.\n"
    return "\n".join([head, "| code | status | what it says |", "|---|---|---|", *lines, ""])


def test_every_code_of_the_api_stands_in_the_table():
    assert TABLE.read_text() == made()
