"""Every code that a client may meet is in the table, with the status it comes with; none stands there for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from api.codes import OF_THE_DOOR, OF_THE_VERBS

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "applications",
    "registration",
    "plates",
    "licensing",
    "fees",
    "refusals",
    "registers",
    "people",
    "offices",
    "blanks",
    "write_offs",
)
STATUS = {"DomainError": 409, "NotAllowedError": 403, "InvalidInputError": 422, "refused": 422, "__init__": 409}
# What only people at a desk, or the portal's own later steps, can be told.
NOT_OVER_THE_DOOR = frozenset(
    {
        "blanks.already_known",
        "cannot_be_undone", "category_not_open", "cool_down", "correction_open", "customs_unknown", "decided",
        "evidence_stale", "four_eyes", "ground_not_proven", "handed_over", "held", "inspection_failed",
        "inspection_missing", "licence_changed", "licence_withdrawn", "no_correction", "no_doubt", "no_driver",
        "no_power", "no_revocation", "no_ruling", "not_approvable", "not_asker", "not_captured", "not_extendable",
        "not_holder", "not_surrendered", "not_the_owner", "not_typed", "nothing_changes", "nothing_to_withdraw",
        "office", "own_account", "paper_not_valid", "particulars_printed",
        "plates.already_known", "plates.arrived_already",
        "plates.illegal_move", "plates.never_reissued", "plates.not_duplicable",
        "plates.not_in_order", "plates.not_needed", "plates.not_put_aside", "plates.not_sent", "plates.order_changed",
        "plates.order_empty", "plates.order_sent", "plates.still_needed", "plates.still_stored", "plates.stolen",
        "plates_missing", "power_revoked", "power_stands", "register_away", "registration_ended", "revocation_open",
        "surrender_stands", "taken", "term_not_set", "term_over", "term_too_long", "vehicle_registered",
        "vehicle_unknown", "write_offs.act_closed", "write_offs.act_not_confirmed", "write_offs.act_outdated",
    }
)  # fmt: skip


def calls(*apps: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call in these apps, with the name of what is called."""
    for app in apps:
        for file in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                    yield name, node


def raised() -> set[tuple[str, object]]:
    """Each code that a verb writes out, with its status."""
    found: set[tuple[str, object]] = set()
    for name, call in calls(*APPS):
        if name not in STATUS:
            continue
        words = {item.arg: item.value for item in call.keywords}
        code = words.get("code") or (call.args[0] if call.args else None)
        status = words.get("status")
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            found.add((code.value, status.value if isinstance(status, ast.Constant) else STATUS[name]))
    return found


def test_the_table_has_the_codes_of_the_verbs_with_their_statuses():
    """A stale version alone differs: over HTTP it is the failed precondition of If-Match."""
    stated = {(code, known.status) for code, known in OF_THE_VERBS.items() if code not in {"invalid", "stale"}}
    assert stated <= raised()


def test_a_new_code_of_a_verb_is_put_into_the_table_or_named_as_one_of_the_desk():
    codes = {code for code, _status in raised()}
    assert codes - set(OF_THE_VERBS) - set(OF_THE_DOOR) == NOT_OVER_THE_DOOR


def test_the_door_raises_what_the_table_says_of_it():
    words = {
        node.value
        for file in (ROOT / "api").rglob("*.py")
        if file.name != "codes.py"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(OF_THE_DOOR) <= words
    # A sandbox raises whichever code of the table it was asked for.
    given = [call.args[0] for name, call in calls("api") if name == "Problem" and call.args]
    assert [ast.unparse(code) for code in given if not isinstance(code, ast.Constant)] == ["code"]
    named = {code.value for code in given if isinstance(code, ast.Constant)}
    assert named <= set(OF_THE_DOOR) | set(OF_THE_VERBS)
