"""No order of steps leads a licence, its blank or its driver into an impossible state: 10,000 steps tried on them.

Steps are taken on the tables themselves, as a program with a mistake would take them; what the database refuses is
rolled back, and whatever it lets pass must leave every invariant whole.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from licensing import reference
from licensing.models import (
    Driver,
    DriverLicence,
    LicenceBlank,
    LicenceGrant,
    LicenceState,
    Photo,
    SignatureImage,
)
from licensing.models.licence import MOVES
from people.identifiers import Sex, make_iin
from people.models import Person
from tests.fixtures_registration import make_case
from tests.machines import run_steadily

STATES = list(LicenceState.values)
AGES = {"A1": 16, "B": 18, "C": 21, "D": 25}
FIRST_RULE = date(2024, 3, 5)
SEEN = ("pk", "state", "driver", "number", "valid_until", "issued_at", "state_reason", "blank__number")
EXAMPLES, STEPS = 200, 50
TODAY = timezone.localdate()
MANY_TIMES = 50
done: Counter[str] = Counter()


class Licences(RuleBasedStateMachine):
    """Three drivers (one of them a minor), a few blanks, and every step a careless program could try."""

    world: dict

    @initialize()
    def begin(self):
        self.point = transaction.atomic()
        self.point.__enter__()
        self.now = timezone.now()
        self.before: dict[int, str] = {}
        self.fixed: dict[int, list] = {}
        self.keys: list[int] = []

    def teardown(self):
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def tried(self, name, step):
        """Whether the database let it pass; counts what then changed something."""
        try:
            with transaction.atomic():
                result = step()
        except DatabaseError:
            return False
        done[name] += result != 0
        return True

    @rule(driver=st.integers(0, 2), state=st.sampled_from(STATES), blank=st.integers(0, 3), imported=st.booleans())
    def issue(self, driver, state, blank, imported):
        world = self.world
        paper = world["blanks"][blank]
        values = {
            "driver": world["drivers"][driver],
            "number": f"XX{len(self.keys):06d}" if imported else paper.number,
            "issued_at": self.now,
            "valid_until": TODAY + timedelta(days=3650),
            "office": world["office"],
            "state": state,
            "state_reason": "ruling" if state == "withdrawn" else "",
            "state_changed_at": self.now,
            "origin": "imported" if imported else "issued",
            "import_reference": "a.csv:1" if imported else "",
        }
        if not imported:
            pictures = {"photo": world["photo"], "signature": world["signature"]}
            values |= {"blank": paper, "application": world["cases"][blank], **pictures}
        self.tried("issue", lambda: DriverLicence.objects.create(**values))

    @rule(pick=st.integers(0, 20), state=st.sampled_from(STATES), reason=st.sampled_from(["", "ruling"]))
    def move(self, pick, state, reason):
        changes = {"state": state, "state_reason": reason, "state_changed_at": self.now}
        self.tried("move", lambda: self.of(pick).update(**changes))

    @rule(pick=st.integers(0, 20), category=st.sampled_from(sorted(AGES)), ago=st.integers(-5, 1000))
    def grant(self, pick, category, ago):
        licence = self.of(pick).first()
        if licence is not None:
            since = TODAY - timedelta(days=ago)
            values = {"licence": licence, "category_id": category, "since": since}
            if self.tried("grant", lambda: LicenceGrant.objects.create(**values)):
                self.judge(self.world["born"][licence.driver_id], category, since)

    @rule(pick=st.integers(0, 20), other=st.integers(0, 2))
    def give_to_another(self, pick, other):
        self.tried("give_to_another", lambda: self.of(pick).update(driver=self.world["drivers"][other]))

    @rule(pick=st.integers(0, 20), days=st.integers(1, 5000))
    def prolong(self, pick, days):
        self.tried("prolong", lambda: self.of(pick).update(valid_until=TODAY + timedelta(days=days)))

    @rule(pick=st.integers(0, 20))
    def forget(self, pick):
        self.tried("forget", lambda: self.of(pick).delete()[0])

    @rule(blank=st.integers(0, 3), state=st.sampled_from(["received", "issued", "spoiled"]))
    def move_blank(self, blank, state):
        paper = LicenceBlank.objects.filter(pk=self.world["blanks"][blank].pk)
        self.tried("move_blank", lambda: paper.update(state=state))

    def of(self, pick):
        keys = self.keys
        return DriverLicence.objects.filter(pk=keys[pick % len(keys)]) if keys else DriverLicence.objects.none()

    @invariant()
    def everything_is_possible(self):
        if not hasattr(self, "before"):
            return
        licences = list(DriverLicence.objects.order_by("pk").values_list(*SEEN))
        self.keys = [row[0] for row in licences]
        valid = [row[2] for row in licences if row[1] == "valid"]
        assert len(valid) == len(set(valid)), "two valid licences of one driver"
        assert set(self.before) <= set(self.keys), "a licence is gone"
        for pk, state, *kept, reason, blank in licences:
            earlier = self.before.get(pk, state)
            assert state == earlier or state in MOVES[LicenceState(earlier)], "an impossible move"
            assert self.fixed.setdefault(pk, kept) == kept, "what is fixed changed"
            assert state != "withdrawn" or reason, "withdrawn by nothing"
            assert blank in {None, kept[1]}, "another number than the blank's"
        self.before = {row[0]: row[1] for row in licences}

    def judge(self, born, category, since):
        age = AGES[category] if since >= FIRST_RULE else 16
        assert born.replace(year=born.year + age) <= since <= TODAY, "granted to a child, or in the future"


@pytest.mark.django_db
def test_no_way_to_break_an_invariant(front_desk):
    """DL.5, DL.9.2: ten thousand steps, and each kind of them was let through many times."""
    reference.load()
    office, now = front_desk.office.serves, timezone.now()
    born = [date(1980, 5, 4), date(1999, 3, 2), date(TODAY.year - 17, 6, 1)]
    drivers = []
    for place, day in enumerate(born):
        names = {"surname": "Асанов", "given_name": "Мұрат", "birth_date": day, "sex": "male"}
        person = Person.objects.create(iin=make_iin(day, Sex.MALE, 101 + place), **names)
        drivers.append(Driver.objects.create(person=person))
    picture = {
        "person": drivers[0].person,
        "sha256": "0" * 64,
        "content_type": "image/jpeg",
        "size": 1,
        "taken_at": now,
    }
    Licences.world = {
        "office": office,
        "drivers": drivers,
        "born": {driver.pk: day for driver, day in zip(drivers, born, strict=True)},
        "blanks": [
            LicenceBlank.objects.create(number=f"AK00000{place}", office=office, received_at=now) for place in range(4)
        ],
        "cases": [make_case(front_desk, number=501 + place, applicant=drivers[0].person) for place in range(4)],
        "photo": Photo.objects.create(**picture),
        "signature": SignatureImage.objects.create(**picture),
    }
    done.clear()
    run_steadily(Licences, examples=EXAMPLES, steps=STEPS)

    assert done["forget"] == done["prolong"] == 0
    assert min(done[name] for name in ("issue", "move", "grant", "give_to_another", "move_blank")) >= MANY_TIMES
