"""Shows 2: whatever stands against a registration bars approval under its row and is refused with the right letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone, translation

from applications import holding, lookup
from applications.errors import DomainError
from applications.models import Application, Paper
from applications.services import standard_of
from applications.states import State
from people.models import Scope
from refusals.grounds import is_judged_by_officer, propose
from refusals.refusing import Chosen, refuse
from registers.contract import Finding
from registers.findings import describe
from tests.fixtures_registers import demo_person
from tests.fixtures_road import Road, work

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Against:
    """Something against an application: the ground it proves, the row that bars approval, the register's finding."""

    ground: str
    finding: str
    person: str = "P-01"
    vehicle: str = "V-01"
    row: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def bars(self) -> str:
        return self.row or self.ground

    @property
    def label(self) -> str:
        about = self.vehicle if self.person == "P-01" else self.person
        return f"{self.ground} {self.finding or self.seen} {about}"

    def held(self, road: Road) -> Application:
        """The case, inspected and held by the officer."""
        if not self.seen:
            return road.held(self.person, self.vehicle)
        application = road.in_review(self.person, self.vehicle)
        road.inspect(application, **self.seen)
        road.take(application)
        return road.fresh(application)


NOTHING_SEEN = {"was_shown": "no"}
CASES = [
    Against("VR.9.1", "identity.dead", person="P-26"),
    Against("VR.9.1", "identity.document_expired", person="P-27"),
    Against("VR.9.1", "identity.document_invalid", person="P-28"),
    Against("VR.9.1", "identity.no_document", person="P-29"),
    Against("VR.9.1", "organisations.liquidated", person="O-06"),
    Against("VR.9.1", "vehicle_passport.missing", vehicle="V-28", row="VR.8.1d"),
    Against("VR.9.1", "vehicle_passport.unfinished", vehicle="V-29", row="VR.8.1d"),
    Against("VR.9.1", "vehicle_passport.cancelled", vehicle="V-30", row="VR.8.1d"),
    Against("VR.9.1", "vehicle_passport.annulled", vehicle="V-31", row="VR.8.1d"),
    Against("VR.9.1", "vehicle_passport.utilised", vehicle="V-32", row="VR.8.1d"),
    Against("VR.9.1", "recycling.missing", vehicle="V-33", row="VR.8.1c"),
    Against("VR.9.1", "recycling.annulled", vehicle="V-34", row="VR.8.1c"),
    Against("VR.9.1", "recycling.vehicle_differs", vehicle="V-35", row="VR.8.1c"),
    Against("VR.9.1", "recycling.amount_short", vehicle="V-36", row="VR.8.1c"),
    Against("VR.9.3", "consent.missing", person="P-24"),
    Against("VR.9.3", "consent.revoked", person="P-25"),
    Against("VR.9.3", "consent.missing", person="O-08"),
    Against("VR.9.4", "fines.unexecuted", person="P-13"),
    Against("VR.9.4", "fines.unexecuted", person="P-14"),
    Against("VR.9.4", "fines.unexecuted", person="O-03"),
    Against("VR.9.5", "wanted_persons.match", person="P-16"),
    Against("VR.9.5", "wanted_vehicles.match", vehicle="V-20"),
    Against("VR.9.6", "terrorism_list.match", person="P-19"),
    Against("VR.9.6", "terrorism_list.match", person="O-04"),
    Against("VR.9.6", "proliferation_list.match", person="P-21"),
    Against("VR.9.6", "proliferation_list.match", person="O-07"),
    Against("VR.9.7", "restrictions.active_with_amount", vehicle="V-23"),
    Against("VR.9.7", "restrictions.active", vehicle="V-24"),
    Against("VR.9.8", "foreign_registration.registered", vehicle="V-26"),
    Against("VR.9.9", "", seen=NOTHING_SEEN),
    *(
        Against("VR.9.9", "", seen={"marking": marking, "remarks": "Номер кузова", "remarks_kk": "Шанақ нөмірі"})
        for marking in ("forged", "hidden", "altered", "destroyed")
    ),
    Against("VR.9.1", "", seen={"engine_matches": "no", "remarks": "Двигатель", "remarks_kk": "Қозғалтқыш"}),
]
# The scope puts the tests of one case next to each other, so that its road is walked once.
every_case = pytest.mark.parametrize("against", CASES, ids=[case.label for case in CASES], scope="module")


@every_case
def test_approval_is_refused_and_the_ground_is_proposed(road: Road, against: Against):
    """The officer reads the row that bars approval and finds exactly its ground proposed, with the evidence."""
    application = against.held(road)
    with pytest.raises(DomainError) as refused:
        road.approve(application)

    assert (refused.value.code, refused.value.row) == ("not_approvable", against.bars)
    assert road.fresh(application).state == State.REVIEW
    proposed = propose(application)
    assert {item.ground.row for item in proposed} == {against.ground}
    assert all(item.check.evidence for item in proposed) if against.finding else proposed[0].check is None


@every_case
def test_the_letter_names_ground_citation_and_finding_in_both_languages(road: Road, against: Against):
    """VR.5c: the refusal is motivated, in Kazakh and in Russian, each with what was found."""
    application = against.held(road)
    refuse_with(road, application, against.ground)
    letter = Paper.objects.get(application=application, kind="refusal_letter").content
    ground = standard_of(application).ground(against.ground, "VR-1")
    said = {language: letter[language]["grounds"] for language in ("ru", "kk")}

    assert [item["row"] for item in said["ru"]] == [against.ground]
    for language in ("ru", "kk"):
        (item,) = said[language]
        assert (item["text"], item["citation"]) == (
            ground.text.in_language(language),
            ground.citation.in_language(language),
        )
        assert item["findings"] == findings(application, against, language)


def test_the_findings_of_a_letter_are_translated(road: Road):
    """VR.9.4: what the register found is told in Russian and in Kazakh, not in one language twice."""
    application = road.held("P-13")
    refuse_with(road, application, "VR.9.4")
    letter = Paper.objects.get(application=application, kind="refusal_letter").content

    assert letter["ru"]["grounds"][0]["findings"] != letter["kk"]["grounds"][0]["findings"]
    assert "штраф" in letter["ru"]["grounds"][0]["findings"][0].casefold()


@every_case
def test_a_ground_that_nothing_proves_cannot_be_named(road: Road, against: Against):
    """Every register-proved row but the right one is refused by the portal, and nothing changes."""
    application = against.held(road)
    unproven = [
        ground.row
        for ground in standard_of(application).grounds_for("VR-1")
        if ground.row != against.ground and not is_judged_by_officer(ground)
    ]
    refusals = {row: code_of(road, application, row) for row in unproven}

    assert len(unproven) >= 6
    assert set(refusals.values()) == {"ground_not_proven"}
    assert road.fresh(application).version == application.version


def refuse_with(road: Road, application: Application, row: str) -> None:
    refuse(actor=road.officer, number=application.number, version=None, chosen=[Chosen(row)], now=timezone.now())


def code_of(road: Road, application: Application, row: str) -> str:
    with pytest.raises(DomainError) as refused:
        refuse_with(road, application, row)
    assert refused.value.row == row
    return refused.value.code


def findings(application: Application, against: Against, language: str) -> list[str]:
    """What the letter has to say was found: the register's own words, or those of the inspection act."""
    if not against.finding:
        return [getattr(propose(application)[0], f"finding_{language}")]
    check = next(check for check in application.checks.all() if check.conclusion == "hit")
    assert [finding["code"] for finding in check.findings] == [against.finding] * len(check.findings)
    with translation.override(language):
        return [" ".join(describe(Finding(finding["code"], finding["params"])) for finding in check.findings)]


@pytest.mark.parametrize(
    ("person", "vehicle"),
    [
        pytest.param("P-15", "V-01", id="VR.9.4 fines, all paid"),
        pytest.param("P-18", "V-01", id="VR.9.5 the wanted namesake has another IIN"),
        pytest.param("P-23", "V-01", id="VR.9.6 the listed namesakes have another IIN"),
        pytest.param("P-01", "V-25", id="VR.9.7 the restriction was lifted"),
        pytest.param("P-01", "V-27", id="VR.9.8 deregistered abroad"),
        pytest.param("P-01", "V-37", id="VR.8.1c the recycling certificate was corrected"),
        pytest.param("P-01", "V-38", id="VR.8.1c a second recycling certificate is valid"),
        pytest.param("O-01", "V-13", id="VR.8.1 an organisation through its head"),
    ],
)
def test_what_only_looks_like_a_ground_bars_nothing(road: Road, person, vehicle):
    application = road.approved(person, vehicle)

    assert application.state == State.APPROVED
    assert propose(application) == []


@pytest.mark.parametrize(
    ("representative", "row", "code"),
    [
        ("P-16", "VR.9.5", "wanted_persons"),
        ("P-19", "VR.9.6", "terrorism_list"),
        ("P-21", "VR.9.6", "proliferation_list"),
    ],
)
def test_what_stands_against_the_representative_counts(road: Road, representative, row, code):
    """VR.9.5 and VR.9.6 name the representative beside the applicant; VR.9.4 does not."""
    application = road.represented(representative, [Scope.REGISTER])
    road.pay(application)
    road.submit(application)
    work()
    (proposed,) = propose(road.fresh(application))

    assert proposed.ground.row == row
    assert (proposed.check.code, proposed.check.subject) == (code, "representative")


@pytest.mark.parametrize(
    ("person", "code"),
    [("P-26", "identity.dead"), ("P-27", "identity.document_expired"), ("P-29", "identity.no_document")],
)
def test_the_register_turns_the_applicant_away_at_the_counter(road: Road, person, code):
    """VR.8.1a: no draft is begun for a dead person or on a document that has run out."""
    token = lookup.start(actor=road.desk, identifier=demo_person(person)["iin"], now=timezone.now())
    work()
    found = lookup.follow(token)

    assert found.state == "refused"
    assert [finding["code"] for finding in found.says] == [code]


def test_a_case_without_an_inspection_waits_for_it(road: Road):
    """VR.8.1j: nothing against the vehicle, but nobody has looked at it yet; that is no ground of refusal."""
    application = road.in_review()
    holding.take(actor=road.officer, number=application.number, now=timezone.now())
    with pytest.raises(DomainError) as refused:
        road.approve(application)

    assert refused.value.row == "VR.8.1j"
    assert propose(application) == []
    assert code_of(road, application, "VR.9.9") == "ground_not_proven"
