"""Blanks under strict accounting leave a stock only by an act of two people, as plates do (VR.5a, DL.5)."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

import licensing.blanks
import registration.blanks
from applications import storage
from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import JournalEntry
from licensing.models import LicenceBlank
from registration.models import BlankState, CertificateBlank
from tests.fixtures_papers import text_of
from tests.fixtures_registration import guarded, refused_by
from tests.fixtures_road import work
from write_offs import acts
from write_offs.models import WriteOffAct
from write_offs.paper import paper_of

KINDS = {
    "srts_blanks": (registration.blanks.STOCK, CertificateBlank, "AB0000000"),
    "licence_blanks": (licensing.blanks.STOCK, LicenceBlank, "AK00000"),
}
# What refuses to set a blank aside, to take it back, and to write it off.
REFUSED_BY = {
    "srts_blanks": (
        "blank_set_aside_by_an_act",
        "blank_set_aside_until_the_act_is_closed",
        "blank_written_off_by_an_act",
    ),
    "licence_blanks": (
        "licence_blank_set_aside_by_an_act",
        "licence_blank_set_aside_until_the_act_is_closed",
        "licence_blank_written_off_by_an_act",
    ),
}


@pytest.fixture(params=KINDS)
def code(request, almaty_stock):
    """Each kind of blanks in turn, with five of them at the Almaty police."""
    if request.param == "licence_blanks":
        numbers = [f"AK00000{place}" for place in range(1, 6)]
        licensing.blanks.STOCK.enter(almaty_stock, numbers, received_by=None, now=timezone.now())
    return request.param


@pytest.fixture
def first(officer):
    return Actor.of(officer)


@pytest.fixture
def second(supervisor):
    return Actor.of(supervisor)


def numbers_of(code, *places):
    return [f"{KINDS[code][2]}{place}" for place in places]


def drawn_up(actor, office, code, *places, kind="spoiled", explanation="Смазана печать"):
    written = {"stock": code, "kind": kind, "numbers": numbers_of(code, *places), "explanation": explanation}
    return acts.draw_up(actor=actor, office=office, now=timezone.now(), **written)


def counted(office, code, **expected):
    """The counts are these, every other state has none, and they add up to the five that came."""
    counts = KINDS[code][0].counts(office)
    assert counts == {**dict.fromkeys(BlankState.values, 0), **expected}
    assert sum(counts.values()) == 5
    [series] = [series for series in KINDS[code][0].by_series(office) if series.by_state == counts]
    assert series.received == 5


def test_a_blank_is_written_off_by_two_people(almaty_stock, code, first, second):
    act = drawn_up(first, almaty_stock, code, 1, 2)
    counted(almaty_stock, code, received=3, set_aside=2)
    with pytest.raises(NotAllowedError) as refused:
        acts.confirm(actor=first, act_id=act.pk, now=timezone.now())
    assert refused.value.code == "four_eyes"
    counted(almaty_stock, code, received=3, set_aside=2)

    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    counted(almaty_stock, code, received=3, spoiled=2)


def test_nobody_is_given_a_blank_that_stands_on_an_act(almaty_stock, code, first):
    drawn_up(first, almaty_stock, code, 1, 2)
    with transaction.atomic():
        given = KINDS[code][0].allocate(office=almaty_stock)
    assert given.number == numbers_of(code, 3)[0]


def test_a_dropped_act_brings_its_blanks_back(almaty_stock, code, first, second):
    act = drawn_up(first, almaty_stock, code, 1, 2, kind="lost")
    acts.drop(actor=second, act_id=act.pk, now=timezone.now())
    counted(almaty_stock, code, received=5)
    assert drawn_up(first, almaty_stock, code, 1).is_open


@pytest.mark.parametrize("kind", ["lost", "stolen"])
def test_a_lost_blank_that_turns_up_is_written_off_as_spoiled(almaty_stock, code, first, second, kind):
    gone = drawn_up(first, almaty_stock, code, 1, kind=kind)
    acts.confirm(actor=second, act_id=gone.pk, now=timezone.now())
    counted(almaty_stock, code, received=4, **{kind: 1})
    with pytest.raises(InvalidInputError):
        drawn_up(first, almaty_stock, code, 1, kind="lost")
    found = drawn_up(second, almaty_stock, code, 1)
    acts.drop(actor=second, act_id=found.pk, now=timezone.now())
    counted(almaty_stock, code, received=4, **{kind: 1})
    found = drawn_up(second, almaty_stock, code, 1)
    acts.confirm(actor=first, act_id=found.pk, now=timezone.now())
    counted(almaty_stock, code, received=4, spoiled=1)


def test_a_blank_stands_on_one_open_act(almaty_stock, code, first, second):
    drawn_up(first, almaty_stock, code, 1)
    with pytest.raises(InvalidInputError) as refused:
        drawn_up(second, almaty_stock, code, 1, 2)
    assert numbers_of(code, 1)[0] in str(refused.value.fields["numbers"])
    assert numbers_of(code, 2)[0] not in str(refused.value.fields["numbers"])
    counted(almaty_stock, code, received=4, set_aside=1)


def test_an_issued_blank_is_on_no_act(almaty_stock, code, first):
    with transaction.atomic():
        KINDS[code][0].allocate(office=almaty_stock)
    with pytest.raises(InvalidInputError) as refused:
        drawn_up(first, almaty_stock, code, 1)
    assert numbers_of(code, 1)[0] in str(refused.value.fields["numbers"])


@pytest.mark.parametrize("stranger", ["officer_astana", "front_desk", "administrator"])
def test_only_the_office_writes_its_blanks_off(almaty_stock, code, stranger, request):
    with pytest.raises(NotAllowedError):
        drawn_up(Actor.of(request.getfixturevalue(stranger)), almaty_stock, code, 1)


def test_blanks_of_one_kind_do_not_stand_on_an_act_on_another(almaty_stock, first):
    act = drawn_up(first, almaty_stock, "srts_blanks", 1)
    blank = CertificateBlank.objects.get(number="AB00000002")
    lines = LicenceBlank._meta.get_field("write_offs").related_model
    licence_blank = LicenceBlank.objects.create(number="AK000001", office=almaty_stock, received_at=timezone.now())
    with refused_by("licence_blank_write_off_line_fits"):
        lines.objects.create(act=act, blank=licence_blank)
    acts.drop(actor=first, act_id=act.pk, now=timezone.now())
    with refused_by("blank_write_off_line_fits"):
        CertificateBlank._meta.get_field("write_offs").related_model.objects.create(act=act, blank=blank)


def test_the_database_lets_nobody_write_a_blank_off_alone(almaty_stock, code, first, second):
    set_aside, taken_back, written_off = REFUSED_BY[code]
    blank = KINDS[code][1].objects.filter(number=numbers_of(code, 1)[0])
    with refused_by(set_aside):
        blank.update(state="set_aside")
    with refused_by(written_off):
        blank.update(state="spoiled")
    act = drawn_up(first, almaty_stock, code, 1, kind="lost")
    with refused_by(taken_back):
        blank.update(state="received")
    with refused_by(written_off):
        blank.update(state="lost")
    with refused_by("write_off_four_eyes"):
        WriteOffAct.objects.update(confirmed_by=first.staff, confirmed_at=timezone.now())
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    with refused_by(written_off):
        blank.update(state="spoiled")


def test_every_step_is_journaled_by_who_did_it(almaty_stock, code, first, second):
    act = drawn_up(first, almaty_stock, code, 1)
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    written = JournalEntry.objects.filter(chain="office:0201", changes__act=act.number).order_by("sequence")
    assert [(entry.action, entry.actor) for entry in written] == [
        ("write_off_drawn_up", first.staff),
        ("written_off", second.staff),
    ]
    told = {"stock": code, "kind": "spoiled", "numbers": numbers_of(code, 1), "explanation": "Смазана печать"}
    assert all(entry.changes.items() >= told.items() for entry in written)


def test_the_act_is_a_signed_paper_in_both_languages(almaty_stock, code, first, second, keys, client):
    act = drawn_up(first, almaty_stock, code, 1, 2)
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    work(papers=True)
    paper = paper_of(act)
    text = text_of(storage.fetch("papers", paper.sha256))

    assert (paper.state, paper.number) == ("ready", act.number)
    for said in (*numbers_of(code, 1, 2), "испорчены", "бүлінді", "бланки строгого учёта", "Смазана печать"):
        assert said in text
    for actor in (first, second):
        assert actor.staff.full_name in text
    assert act.number in client.get(f"/verify/{paper.verification_code}/").content.decode()


def test_what_stands_on_an_act_is_given_to_nobody_and_an_act_is_closed_once(almaty_stock, code, first, second):
    act = drawn_up(first, almaty_stock, code, 1, 2)
    with guarded("Invalid transition"):
        KINDS[code][1].objects.filter(number=numbers_of(code, 1)[0]).update(state="issued")
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    for verb in (acts.confirm, acts.drop):
        with pytest.raises(DomainError) as refused:
            verb(actor=second, act_id=act.pk, now=timezone.now())
        assert refused.value.code == "write_offs.act_closed"
    counted(almaty_stock, code, received=3, spoiled=2)
