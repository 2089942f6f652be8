"""VR-2 through egov.kz: signatures instead of scans, and the previous owner's word about co-owners (VR.8.3, LAW-O1)."""

from __future__ import annotations

import html

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications import deciding, holding, intake, issuing
from applications.acting import Actor
from applications.canonical import canonical_bytes
from applications.collecting import bring_to_desk
from applications.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError
from applications.handover import hand_over
from applications.models import Application
from applications.signatures import Signed, keep_signature
from applications.standards import Channel
from applications.states import State
from plates.models import Plate, PlateState
from registration.co_owners import CO_OWNERS, keep_answer, statement
from registration.models import CoOwnerAnswer
from registration.standard import OwnershipProof
from tests.fixtures_registration import guarded, refused_by
from tests.fixtures_road import Road, scan, work
from tests.fixtures_sale import contract, filled, hand_in, opened

pytestmark = pytest.mark.django_db

EGOV = Actor.automatic("egov")


@pytest.fixture
def registered(road: Road):
    return road.registered()


def applied(road: Road, registered: Application, buyer: str = "P-02", **details) -> Application:
    """A draft of the buyer's on egov.kz that both owners are to sign."""
    application = opened(road, buyer, channel=Channel.EGOV)
    proof = {"ownership_proof": OwnershipProof.BOTH_SIGNATURES.value}
    return filled(road, application, EGOV, **contract(registered, **proof, **details))


def signed(signer: str, content: bytes = b"contract") -> Signed:
    return Signed(signer, "Подписавший", "0A1B2C", timezone.now(), b"cms", content)


def sign(application: Application, *signers: str) -> None:
    for signer in signers:
        keep_signature(
            actor=EGOV,
            number=application.number,
            requirement="ownership_proof",
            signed=signed(signer, canonical_bytes(Application.objects.get(pk=application.pk))),
            now=timezone.now(),
        )


def answer(application: Application, seller: str, *, has_co_owners: bool = False, they_agree: bool | None = None):
    said = statement(application, has_co_owners=has_co_owners, they_agree=they_agree)
    return keep_answer(actor=EGOV, number=application.number, signed=signed(seller, said), now=timezone.now())


def problems(application: Application) -> set[str]:
    return set(intake.problems(Application.objects.get(pk=application.pk), timezone.now()))


def test_two_signatures_and_an_answer_register_a_sale_without_a_visit(road: Road, registered):
    """VR.8.3a, VR.8.3e: paid and signed, it needs no scan, no inspection and no surrender."""
    application = applied(road, registered)
    seller = registered.applicant.identifier
    sign(application, seller, application.applicant.identifier)
    answer(application, seller)
    road.pay(application)
    intake.submit(actor=EGOV, number=application.number, version=None, now=timezone.now())
    work()
    holding.take(actor=road.officer, number=application.number, now=timezone.now())
    deciding.approve(actor=road.officer, number=application.number, version=None, now=timezone.now())
    issuing.issue(application.number)

    application = road.fresh(application)
    assert application.state == State.ISSUED
    assert application.registration.vehicle.ownerships.get(period__upper_inf=True).owner == application.applicant


def issued_online(road: Road, registered: Application, **details) -> Application:
    """Signed, answered, paid, accepted, approved and issued without anybody at a counter."""
    application = applied(road, registered, **details)
    seller = registered.applicant.identifier
    sign(application, seller, application.applicant.identifier)
    answer(application, seller)
    road.pay(application)
    intake.submit(actor=EGOV, number=application.number, version=None, now=timezone.now())
    work()
    holding.take(actor=road.officer, number=application.number, now=timezone.now())
    deciding.approve(actor=road.officer, number=application.number, version=None, now=timezone.now())
    work()
    return road.fresh(application)


def bring(road: Road, application: Application, who: str = "front_desk") -> Application:
    return bring_to_desk(actor=road.who(who), typed=application.number.replace("-", " "), now=timezone.now())


def give_out(road: Road, application: Application) -> Application:
    return hand_over(actor=road.desk, number=application.number, version=None, now=timezone.now())


def test_new_plates_of_an_act_filed_online_are_given_for_the_old_ones(road: Road, registered):
    """VR.8.1f: the desk takes the old set in, or records it lost, before it gives the new one out."""
    application = issued_online(road, registered, plates_kept="no")
    old = Plate.objects.get(number=registered.plate_number)
    assert (application.state, old.state) == (State.ISSUED, PlateState.ASSIGNED)
    with pytest.raises(NotFoundError):
        give_out(road, application)
    bring(road, application)
    with pytest.raises(DomainError) as refused:
        give_out(road, application)
    assert (refused.value.code, refused.value.row) == ("not_surrendered", "VR.8.1f")
    hand_in(road, application, "certificate")
    hand_in(road, application, "plates", outcome="lost", words="Упали в Или")
    old.refresh_from_db()

    assert old.state == PlateState.LOST
    assert give_out(road, application).received_by == application.applicant


def test_plates_that_stay_on_the_vehicle_are_not_asked_for_online(road: Road, registered):
    """VR.8.3: nothing has to be brought."""
    application = issued_online(road, registered)
    bring(road, application)

    assert give_out(road, application).handed_over_at is not None


def test_an_application_filed_online_comes_to_a_desk_of_its_police_body_alone(road: Road, registered):
    application = issued_online(road, registered)
    for actor, typed in (("front_desk_astana", application.number), ("front_desk", registered.number)):
        with pytest.raises(InvalidInputError) as refused:
            bring_to_desk(actor=road.who(actor), typed=typed, now=timezone.now())
        assert set(refused.value.fields) == {"number"}
    with pytest.raises(InvalidInputError):
        bring_to_desk(actor=road.desk, typed="0201-26-000001", now=timezone.now())
    with pytest.raises(NotAllowedError):
        bring(road, application, "officer")
    bring(road, application, "front_desk2")
    moved = bring(road, application)

    assert moved.front_desk == road.people["front_desk"].office
    assert [row.changes["desk"] for row in application.journal.filter(action="brought_to_desk").order_by("pk")] == [
        "0204",
        "0203",
    ]


def test_the_desk_brings_it_by_its_number_and_goes_on_to_the_hand_over(client, road: Road, registered):
    application = issued_online(road, registered)
    client.force_login(road.people["front_desk"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    wrong = client.post(reverse("desk:bring_to_desk"), {"number": "12"})
    assert wrong.status_code == 422
    assert "13 digits" in html.unescape(wrong.content.decode())
    done = client.post(reverse("desk:bring_to_desk"), {"number": application.number})

    assert done.url == reverse("desk:hand_over", args=[application.number])
    listed = client.get(reverse("desk:handover_list"))
    assert [row.number for row in listed.context["results"]] == [application.number]


def test_each_of_the_two_owners_signs(road: Road, registered):
    """LAW-O1: one signature proves nothing."""
    application = applied(road, registered)
    assert {"ownership_proof", "payment", CO_OWNERS} <= problems(application)

    sign(application, application.applicant.identifier)
    assert "ownership_proof" in problems(application)
    sign(application, registered.applicant.identifier)
    assert "ownership_proof" not in problems(application)


def test_nobody_else_signs(road: Road, registered):
    """LAW-O1: previous and new owner, and nobody at the desk."""
    application = applied(road, registered)

    with pytest.raises(InvalidInputError):
        sign(application, "780105330211")
    with pytest.raises(NotAllowedError):
        keep_signature(
            actor=road.desk,
            number=application.number,
            requirement="ownership_proof",
            signed=signed(registered.applicant.identifier),
            now=timezone.now(),
        )


def test_a_scan_does_not_stand_in_for_the_signatures_that_were_chosen(road: Road, registered):
    """LAW-O1: exactly one of the forms, met in its own way."""
    application = applied(road, registered)

    with pytest.raises(InvalidInputError) as refused:
        intake.attach(
            actor=EGOV,
            number=application.number,
            requirement="ownership_proof",
            upload=scan("contract"),
            now=timezone.now(),
        )
    assert set(refused.value.fields) == {"requirement"}


def test_the_previous_owner_answers_about_co_owners(road: Road, registered):
    """VR.8.3e: no answer bars, an agreement does not."""
    application = applied(road, registered)
    assert CO_OWNERS in problems(application)

    answer(application, registered.applicant.identifier, has_co_owners=True, they_agree=True)
    assert CO_OWNERS not in problems(application)


def test_a_co_owner_who_does_not_agree_bars_the_sale(road: Road, registered):
    """VR.8.3e"""
    application = applied(road, registered)
    answer(application, registered.applicant.identifier, has_co_owners=True, they_agree=False)

    assert CO_OWNERS in problems(application)


def test_only_the_previous_owner_answers_and_only_about_this_sale(road: Road, registered):
    application = applied(road, registered)
    with pytest.raises(InvalidInputError):
        answer(application, application.applicant.identifier)

    other = signed(registered.applicant.identifier, b'{"application":"another"}')
    with pytest.raises(InvalidInputError) as refused:
        keep_answer(actor=EGOV, number=application.number, signed=other, now=timezone.now())
    assert set(refused.value.fields) == {CO_OWNERS}


def test_an_answer_stands(road: Road, registered):
    """An answer given once is neither changed nor given twice."""
    application = applied(road, registered)
    seller = registered.applicant.identifier
    first = answer(application, seller, has_co_owners=True, they_agree=False)
    assert answer(application, seller).pk == first.pk

    with guarded("co_owner_answer_append_only"):
        CoOwnerAnswer.objects.update(they_agree=True)
    with refused_by("co_owners_agree_where_there_are_any"):
        CoOwnerAnswer(
            application=registered, signature=first.signature, has_co_owners=True, answered_at=timezone.now()
        ).save(force_insert=True)


def test_the_order_of_a_selling_legal_entity_is_asked_for_online(road: Road):
    """VR.8.3d"""
    application = applied(road, road.registered("O-01"), "P-01", plates_kept="no")

    assert "transfer_order" in problems(application)


def test_the_desk_is_not_offered_signatures(road: Road, registered):
    """LAW-O1: two signatures prove only where the act is done online."""
    with pytest.raises(InvalidInputError) as refused:
        filled(road, opened(road, "P-02"), **contract(registered, ownership_proof="both_signatures"))
    assert set(refused.value.fields) == {"ownership_proof"}


@pytest.mark.parametrize("proof", ["seized_sale", "bailiff_ruling"])
def test_a_court_or_a_bailiff_needs_no_answer_about_co_owners(road: Road, registered, proof):
    """LAW-O1: the other forms are scans, and the debtor signs nothing."""
    application = opened(road, "P-02", channel=Channel.EGOV)
    application = filled(road, application, EGOV, **contract(registered, ownership_proof=proof))

    assert problems(application) == {"ownership_proof", "payment"}


def test_a_signature_after_acceptance_comes_too_late(road: Road, registered):
    application = applied(road, registered)
    Application.objects.filter(pk=application.pk).update(state=State.WITHDRAWN)

    with pytest.raises(DomainError) as refused:
        answer(application, registered.applicant.identifier)
    assert refused.value.code == "illegal_move"
