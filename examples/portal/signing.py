"""Electronic signatures: the text as it is signed, the previous owner's word about co-owners, and the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from examples.portal import asked, people
from examples.portal.filing import digest
from examples.portal.shell import api, entered, language_of, wrong_fields
from examples.portal.shown import plain_words
from examples.portal.steps import CO_OWNERS
from examples.portal.words import words
from examples.portal_api import Json, Key, Portal, Refused

ANSWERS: dict[str, tuple[bool, bool | None]] = {"none": (False, None), "agree": (True, True), "refuse": (True, False)}


@entered
def sign(request: HttpRequest, party: people.Party, number: str) -> HttpResponse:
    """Show the text and sign it with the key of whoever entered, for every requirement that asks for them."""
    portal = api(request)
    wanted = portal.requirements(number)["signatures"]
    mine = [item["requirement"] for item in wanted if item["signer"] == party.identifier and not item["signed_at"]]
    text = portal.canonical(number)
    wrong: dict[str, str] = {}
    if request.method == "POST" and mine:
        wrong = _signed(request, portal, number, party, mine, text)
        if not wrong:
            return redirect("case", number=number)
    fields = _fields(request, party, mine, wrong)
    shown = {
        "application": portal.read(number),
        "wanted": [{**item, "says": who_signs(item, words(language_of(request)))} for item in wanted],
        "mine": mine,
        "content": _readable(portal.details(number), json.loads(text)),
        "text": text.decode(),
        "digest": digest(text),
        "fields": fields,
        "refused": wrong,
        "elsewhere": [said for name, said in wrong.items() if name not in {field.name for field in fields}],
    }
    return render(request, "signing.html", shown, status=422 if wrong else 200)


def _fields(request: HttpRequest, party: people.Party, mine: list[str], wrong: dict[str, str]) -> list[asked.Field]:
    """What the one who signs is asked: about co-owners, where the law wants to know, and the password of the key."""
    w = words(language_of(request))
    about = asked.Field(
        name=CO_OWNERS,
        label=w[CO_OWNERS],
        look="radio",
        hint=w["co_owners_hint"],
        choices=[{"value": answer, "name": w[f"co_{answer}"]} for answer in ANSWERS],
        value=request.POST.get(CO_OWNERS, ""),
        error=wrong.get(CO_OWNERS, ""),
    )
    password = asked.Field(
        name="password",
        label=f"{w['password']}: {party.head_name or party.name}",
        look="password",
        hint=w["password_hint"],
        is_required=True,
        error=wrong.get("password", ""),
    )
    return [about, password] if CO_OWNERS in mine else [password]


def _signed(
    request: HttpRequest, portal: Portal, number: str, party: people.Party, mine: list[str], text: bytes
) -> dict[str, str]:
    """Sign and send; what is wrong, by field. Nothing is signed but the very text that was shown."""
    w = words(language_of(request))
    if request.POST.get("digest") != digest(text):
        return {"text": w["text_changed"]}
    answer = request.POST.get(CO_OWNERS, "")
    if CO_OWNERS in mine and answer not in ANSWERS:
        return {CO_OWNERS: w["answer_co_owners"]}
    try:
        key = Key(people.key_of(party.identifier), request.POST.get("password", ""))
    except ValueError:
        return {"password": w["wrong_password"]}
    try:
        if CO_OWNERS in mine:
            has_co_owners, they_agree = ANSWERS[answer]
            said = key.sign(portal.co_owners_text(number, has_co_owners=has_co_owners, they_agree=they_agree))
            portal.add_co_owners(number, said, has_co_owners=has_co_owners, they_agree=they_agree)
        for requirement in mine:
            if requirement != CO_OWNERS:
                portal.add_signature(number, requirement, key.sign(text))
    except Refused as refused:
        return wrong_fields(refused) or {"text": plain_words(refused.detail)}
    return {}


def who_signs(asked_for: Json, w: Mapping[str, str]) -> str:
    """Who is asked for a signature, and of what."""
    known = people.party(asked_for["signer"])
    of_what = w["for_co_owners"] if asked_for["requirement"] == CO_OWNERS else w["for_application"]
    return f"{known.name if known else asked_for['signer']} – {of_what}"


def _readable(told: dict[str, Any], content: dict[str, Any]) -> list[tuple[str, Any]]:
    """The details of the text under the labels of the form, chosen values in words; the hashes of documents below."""
    lines = []
    for field in told["fields_known"]:
        if field["name"] == asked.ACT or content["details"].get(field["name"]) in (None, "", False, []):
            continue
        value = content["details"][field["name"]]
        names = {choice["value"]: plain_words(choice["name"]) for choice in field["choices"]}
        chosen = [names.get(str(item), item) for item in (value if isinstance(value, list) else [value])]
        lines.append((plain_words(field["label"]), chosen if isinstance(value, list) else chosen[0]))
    return lines
