"""Electronic signatures: the text as it is signed, the previous owner's word about co-owners, and the key."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from examples.portal import asked, people
from examples.portal.filing import digest
from examples.portal.shell import api, entered, language_of, wrong_fields
from examples.portal.words import words
from examples.portal_client import Key, Portal, Refused

CO_OWNERS = "co_owners"
ANSWERS: dict[str, tuple[bool, bool | None]] = {"none": (False, None), "agree": (True, True), "refuse": (True, False)}


@entered
def sign(request: HttpRequest, person: people.DemoPerson, number: str) -> HttpResponse:
    """Show the text and sign it with the key of the person who entered, for every requirement that asks for them."""
    portal = api(request)
    wanted = portal.requirements(number)["signatures"]
    mine = [item["requirement"] for item in wanted if item["signer"] == person.iin and not item["signed_at"]]
    text = portal.canonical(number)
    wrong: dict[str, str] = {}
    if request.method == "POST" and mine:
        wrong = _signed(request, portal, number, person, mine, text)
        if not wrong:
            return redirect("case", number=number)
    shown = {
        "application": portal.read(number),
        "wanted": [{**item, "name": _name(item["signer"])} for item in wanted],
        "mine": mine,
        "asks_about_co_owners": CO_OWNERS in mine,
        "answer": request.POST.get(CO_OWNERS, ""),
        "content": _readable(portal.details(number), json.loads(text)),
        "text": text.decode(),
        "digest": digest(text),
        "wrong": wrong,
    }
    return render(request, "signing.html", shown, status=422 if wrong else 200)


def _signed(
    request: HttpRequest, portal: Portal, number: str, person: people.DemoPerson, mine: list[str], text: bytes
) -> dict[str, str]:
    """Sign and send; what is wrong, by field. Nothing is signed but the very text that was shown."""
    w = words(language_of(request))
    if request.POST.get("digest") != digest(text):
        return {"text": w["text_changed"]}
    if CO_OWNERS in mine and request.POST.get(CO_OWNERS) not in ANSWERS:
        return {CO_OWNERS: w["answer_co_owners"]}
    try:
        key = Key(people.key_of(person.iin), request.POST.get("password", ""))
    except ValueError:
        return {"password": w["wrong_password"]}
    try:
        if CO_OWNERS in mine:
            has_co_owners, they_agree = ANSWERS[request.POST[CO_OWNERS]]
            said = key.sign(portal.co_owners_text(number, has_co_owners=has_co_owners, they_agree=they_agree))
            portal.add_co_owners(number, said, has_co_owners=has_co_owners, they_agree=they_agree)
        for requirement in mine:
            if requirement != CO_OWNERS:
                portal.add_signature(number, requirement, key.sign(text))
    except Refused as refused:
        return wrong_fields(refused) or {"text": refused.detail}
    return {}


def _name(iin: str) -> str:
    known = people.person(iin)
    return known.name if known else iin


def _readable(told: dict[str, Any], content: dict[str, Any]) -> list[tuple[str, Any]]:
    """The details of the text under the labels of the form, chosen values in words; the hashes of documents below."""
    lines = []
    for field in told["fields_known"]:
        if field["name"] == asked.ACT or content["details"].get(field["name"]) in (None, "", False, []):
            continue
        value = content["details"][field["name"]]
        names = {choice["value"]: choice["name"] for choice in field["choices"]}
        chosen = [names.get(str(item), item) for item in (value if isinstance(value, list) else [value])]
        lines.append((field["label"], chosen if isinstance(value, list) else chosen[0]))
    return lines
