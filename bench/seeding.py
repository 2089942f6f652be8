"""A portal full of work: open applications by the ten thousand, with everything that hangs on a case in practice.

Rows are copied in with triggers asleep, because fifty thousand walks along the road would take hours. They satisfy the
same constraints as walked ones, and the journal's chains verify. Import it after `django.setup()`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection, models, transaction
from django.utils import timezone

from applications import clock
from applications.checking import plan
from applications.journal import GENESIS, expected_hash
from applications.models import Application, Check, Document, JournalEntry, NumberSequence, Paper
from applications.numbers import check_digit
from applications.services import in_force_today, service, service_of
from applications.states import DECIDED_STATES, State
from fees.models import Charge, Payment, PaymentNotice
from offices.calendar import working_calendar
from offices.models import Office, Staff
from people.identifiers import IdentifierError, Sex, make_iin
from people.models import Person
from registration.models import VehicleDetails

# One big city office is the worst queue: the others share what is left. Each with the desks that take cases in for it.
OFFICES = (
    ("0201", 60, ("0203", "0204", "")),
    ("0101", 20, ("0103", "")),
    ("0901", 10, ("0902",)),
    ("1701", 10, ("1702",)),
)
OPEN = ((State.REVIEW, 80), (State.CHECKING, 10), (State.SUBMITTED, 2), (State.APPROVED, 8))
# What lies beside the open ones: three for every ten of them.
REST = ((State.ISSUED, 70), (State.REFUSED, 16), (State.DRAFT, 14))
HELD_SHARE, TO_HAND_OVER_SHARE, LONG_HISTORY_SHARE = 0.02, 0.2, 0.005
LONG_HISTORY = 400
LETTERS = "ABCDEFHJKLMNOPRSTUVXYZ"
SURNAMES = (
    "Ахметов",
    "Нургалиев",
    "Ким",
    "Иванов",
    "Сейткали",
    "Оспанов",
    "Тулегенов",
    "Петренко",
    "Жумабаев",
    "Абаев",
)
GIVEN_NAMES = ("Ерлан", "Бауыржан", "Тимур", "Данияр", "Сергей", "Арман", "Нурлан", "Алихан", "Марат", "Олжас")
FACTS = {
    "category": "M1", "make": "LADA", "model": "Granta", "year": 2026, "colour": "белый", "body_type": "седан",
    "engine_volume_cm3": 1596, "engine_power_kw": "66.2", "fuel": "petrol", "is_electric": False, "is_hybrid": False,
    "is_tractor_unit": False, "unladen_mass_kg": 1160, "maximum_mass_kg": 1560, "ecological_class": 5,
    "body_number": "", "chassis_number": "", "special_marks": "", "passport_number": "164302020000001",
    "maker": "АО «АВТОВАЗ»", "maker_country": "RUS",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One application to be written; `serial` makes its numbers, and is its primary key."""

    serial: int
    state: State
    office: Office
    front_desk: Office | None
    left: timedelta
    random: Random

    @property
    def vin(self) -> str:
        return f"XTA219{self.serial:011d}"

    @property
    def number(self) -> str:
        body = f"{self.office.code}{timezone.localdate().year % 100:02d}{self.serial:06d}"
        return f"{body[:4]}-{body[4:6]}-{body[6:]}-{check_digit(body)}"

    @property
    def plate(self) -> str:
        if self.state not in DECIDED_STATES or self.state == State.REFUSED:
            return ""
        letters = "".join(LETTERS[self.serial // 22**place % 22] for place in range(3))
        return f"{self.serial % 999 + 1:03d}{letters}{self.office.region_id}"


@dataclass(frozen=True)
class World:
    """What every case refers to."""

    now: datetime
    version: str
    snapshot: str
    desk: Staff
    deciders: Sequence[Staff]


@transaction.atomic
def fill(total: int, now: datetime) -> int:
    """Add cases until `total` are open. Returns how many applications there are then, decided ones and drafts too."""
    # Beyond the people of the demo register, too: a case and its applicant have one primary key.
    first = (
        max(model.objects.aggregate(last=models.Max("pk", default=0))["last"] for model in (Application, Person)) + 1
    )
    cases = list(_cases(first, total - Application.objects.open().count()))
    world = _world(now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    _copy(Person, _PERSON, (_person(case) for case in cases))
    _copy(Application, _APPLICATION, (_application(case, world) for case in cases))
    _copy(VehicleDetails, _DETAILS, (_details(case) for case in cases))
    template = _template(first, world)
    for statement in CLONES:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**TABLES), {"template": template.pk, "now": now})
    _copy(JournalEntry, _JOURNAL, (row for case in cases for row in _journal(case, world)))
    _set_sequences()
    return Application.objects.count()


def _cases(first: int, missing: int) -> Iterator[Case]:
    offices = {office.code: office for office in Office.objects.all()}
    random, serial = Random(first), first
    for place in range(missing):
        for kinds in (OPEN, REST) if place % 10 in {3, 6, 9} else (OPEN,):
            (state,) = random.choices(*zip(*kinds, strict=True))
            ((code, desks),) = random.choices([office[::2] for office in OFFICES], [office[1] for office in OFFICES])
            desk = random.choice([desk for desk in desks if desk or state != State.DRAFT])
            # From a day late to three days ahead: an eighth late, and at any moment some hundreds at risk.
            left = timedelta(minutes=random.uniform(-9 * 60, 63 * 60))
            yield Case(serial, state, offices[code], offices.get(desk), left, Random(serial))
            serial += 1


def _world(now: datetime) -> World:
    staff = {account.username: account for account in Staff.objects.all()}
    calendar, schedule, standard = working_calendar(), clock.schedule_of("standard"), in_force_today(service("VR"))
    promised = clock.deadlines(now, standard.terms[0], calendar, schedule)
    snapshot = json.dumps(clock.snapshot(promised, calendar, schedule))
    deciders = [staff["officer"], staff["officer2"], staff["supervisor"]]
    return World(now, standard.version, snapshot, staff["front_desk"], deciders)


_PERSON = "id, iin, surname, given_name, patronymic, birth_date, sex, citizenship, document_number, address, phone"


def _person(case: Case) -> Sequence[object]:
    iin, born = iin_of(case.serial)
    surname, given_name = case.random.choice(SURNAMES), case.random.choice(GIVEN_NAMES)
    return case.serial, iin, surname, given_name, "Маратович", born, "male", "KAZ", "", "г. Алматы, ул. Абая, 10", ""


def iin_of(serial: int) -> tuple[str, date]:
    """The IIN of the applicant of case `serial` and the date of birth in it; none is given twice."""
    born = date(1960, 1, 1) + timedelta(days=serial % 14_000)
    for attempt in range(10):
        try:
            return make_iin(born, Sex.MALE, serial // 14_000 * 10 + attempt), born
        except IdentifierError:
            continue
    raise ValueError(serial)


_APPLICATION = (
    "id, number, service, subservice, standard_version, channel, office_id, front_desk_id, applicant_person_id, "
    "subject, headline, plate_number, state, version, held_up_by, created_at, accepted_by_id, submitted_at, "
    "at_risk_at, due_at, clock, at_risk_fired_at, overdue_fired_at, holder_id, held_since, decided_by_id, decided_at, "
    "issued_at, handed_over_by_id, handed_over_at, received_by_id"
)


def _application(case: Case, world: World) -> Sequence[object]:
    now, random, state = world.now, case.random, case.state
    due_at = now + case.left
    submitted_at = min(due_at - timedelta(minutes=120), now - timedelta(minutes=2))
    at_risk_at = due_at - timedelta(minutes=30)
    decided_at = now - timedelta(days=random.uniform(0, 30)) if state in DECIDED_STATES else None
    holder = random.choice(world.deciders) if state == State.REVIEW and random.random() < HELD_SHARE else None
    is_finished = state in {State.ISSUED, State.REFUSED} and random.random() > TO_HAND_OVER_SHARE
    promise: Sequence[object] = (
        (None, None, None, None, "{}", None, None)
        if state == State.DRAFT
        else (
            *(world.desk.pk if case.front_desk else None, submitted_at, at_risk_at, due_at, world.snapshot),
            *(now if at_risk_at <= now else None, now if due_at <= now else None),
        )
    )
    return (
        *(case.serial, case.number, "VR", "VR-1", "" if state == State.DRAFT else world.version),
        *("front_desk" if case.front_desk else "egov", case.office.pk, case.front_desk.pk if case.front_desk else None),
        *(case.serial, f"VIN:{case.vin}", "LADA Granta, 2026", case.plate, str(state), 3, ""),
        *(submitted_at - timedelta(minutes=15), *promise),
        *(holder.pk if holder else None, now if holder else None),
        *(random.choice(world.deciders).pk if decided_at else None, decided_at),
        decided_at if state == State.ISSUED else None,
        *((world.desk.pk, now, case.serial) if is_finished else (None, None, None)),
    )


_DETAILS = (
    "application_id, vin, has_no_vin, body_number, chassis_number, passport_number, recycling_certificate_number, "
    "previous_owner_is_organisation, altered_construction, ownership_proof, exemption, plate_choice, vehicle_facts, "
    "facts_source"
)


def _details(case: Case) -> Sequence[object]:
    facts = json.dumps(_facts(case))
    return case.serial, case.vin, False, "", "", "", "", False, False, "notarised", "", "next", facts, "register"


def _facts(case: Case) -> dict[str, object]:
    return {**FACTS, "vin": case.vin, "engine_number": f"21127{case.serial:07d}"}


_JOURNAL = "chain, sequence, application_id, at, actor_id, actor_label, address, action, changes, previous_hash, hash"


def _journal(case: Case, world: World) -> Iterator[Sequence[object]]:
    """The steps that led to where the case stands, chained as the database chains them; some histories are long."""
    steps = ["opened", "details_changed", "document_attached"]
    if case.state != State.DRAFT:
        steps += ["accepted", "checks_started", "registers_answered"]
    if case.state in DECIDED_STATES:
        steps += ["taken", "refused" if case.state == State.REFUSED else "approved"]
    if is_long(case.serial):
        steps += ["taken", "released", "viewed", "asked_again"] * (LONG_HISTORY // 4)
    previous = GENESIS
    at = world.now - timedelta(hours=5)
    for sequence, action in enumerate(steps, start=1):
        at += timedelta(seconds=7)
        entry = JournalEntry(
            chain=f"application:{case.number}",
            sequence=sequence,
            at=at,
            actor_id=world.desk.pk,
            actor_label=world.desk.short_name,
            address="10.0.0.5",
            action=action,
            previous_hash=previous,
        )
        previous = expected_hash(entry, "{}")
        yield (
            *(entry.chain, sequence, case.serial, at, entry.actor_id, entry.actor_label, entry.address, action, "{}"),
            *(entry.previous_hash, previous),
        )


def is_long(serial: int) -> bool:
    """Whether the case of this serial has a long history: one in two hundred."""
    return serial % round(1 / LONG_HISTORY_SHARE) == 1


def _template(first: int, world: World) -> Application:
    """The first new case with its checks, charges, documents and receipt: the others get copies of these rows."""
    template = Application.objects.select_related("vehicle_details").get(pk=first)
    service_of(template).assess(template, world.now)
    for check in plan(template, world.now):
        check.outcome, check.attempts = "clear", 1
        check.asked_at = check.answered_at = world.now
        check.valid_until = world.now + timedelta(days=1)
        if check.code == "vehicle_passport":
            check.facts = {"number": FACTS["passport_number"], "vehicle": template.vehicle_details.vehicle_facts}
        check.save()
    for requirement in ("ownership_proof", "identity"):
        Document.objects.create(
            application=template,
            requirement=requirement,
            sha256=f"{template.pk:064x}",
            name=f"{requirement}.jpg",
            content_type="image/jpeg",
            size=240_000,
            pages=1,
            uploaded_at=world.now,
            uploaded_by=world.desk,
        )
    Paper.objects.create(
        application=template,
        kind="receipt",
        number=f"B-{template.pk}",
        content={"lines": ["what the applicant was told"] * 12},
        state="ready",
        verification_code=f"B{template.pk}",
        sha256="0" * 64,
        size=60_000,
        created_at=world.now,
        made_at=world.now,
    )
    return template


TABLES = {
    "application": Application._meta.db_table,
    "check": Check._meta.db_table,
    "charge": Charge._meta.db_table,
    "document": Document._meta.db_table,
    "paper": Paper._meta.db_table,
    "notice": PaymentNotice._meta.db_table,
    "payment": Payment._meta.db_table,
}
# One answer in ninety is missing, one in a hundred and fifty a hit: one case in ten waits, one in fourteen is barred.
OUTCOME = """
CASE WHEN a.state = 'submitted' OR (a.state = 'checking' AND mod(t.luck, 3) = 0) THEN ''
     WHEN t.code = 'vehicle_passport' THEN 'clear'
     WHEN mod(t.luck, 90) = 0 AND a.state NOT IN ('approved', 'issued') THEN 'unavailable'
     WHEN mod(t.luck, 150) = 1 AND a.state NOT IN ('approved', 'issued') THEN 'hit'
     WHEN mod(t.luck, 400) = 2 AND a.state NOT IN ('approved', 'issued') THEN 'needs_human' ELSE 'clear' END
"""


def _clone(table: str, own: dict[str, str]) -> str:
    """SQL that gives every newer case its copy of the template's rows in `table`; `own` says what differs, and how."""
    model = next(model for model in (Check, Charge, Document, Paper) if model._meta.db_table == TABLES[table])
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [own.get(name, f"t.{name}") for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {{{table}}} ({columns}) SELECT {', '.join(values)} FROM {{application}} a CROSS JOIN LATERAL "
        f"(SELECT *, hashint8(a.id * 64 + id) & 65535 AS luck FROM {{{table}}} WHERE application_id = %(template)s) t"
        " WHERE a.id > %(template)s ORDER BY a.id, t.id"
    )


CLONES = (
    _clone(
        "check",
        {
            "application_id": "a.id",
            "outcome": OUTCOME,
            "facts": "CASE WHEN t.code = 'vehicle_passport' THEN jsonb_set(t.facts, '{{vehicle,vin}}', "
            "to_jsonb(split_part(a.subject, ':', 2))) ELSE t.facts END",
            "findings": f"CASE WHEN ({OUTCOME}) = 'hit' THEN "
            """'[{{"code": "fines.overdue", "params": {{}}}}]'::jsonb ELSE t.findings END""",
        },
    ),
    _clone("charge", {"application_id": "a.id", "reference": "'B' || a.id || '-' || t.id"}),
    _clone("document", {"application_id": "a.id"}),
    _clone("paper", {"application_id": "a.id", "number": "'B-' || a.id", "verification_code": "'B' || a.id"}),
    # Whatever is accepted was paid for; of the drafts every third.
    """
    INSERT INTO {notice} (application_id, charge_id, via, reference, receipt, amount, payer_identifier, paid_at,
                          received_at, raw, verdict)
    SELECT a.id, c.id, 'callback', c.reference, 'R' || c.id, c.amount, '', %(now)s, %(now)s, '{{}}', 'applied'
    FROM {charge} c JOIN {application} a ON a.id = c.application_id
    WHERE a.id >= %(template)s AND c.amount > 0 AND (a.state <> 'draft' OR mod(a.id, 3) = 0)
    """,
    """
    INSERT INTO {payment} (charge_id, notice_id, receipt, amount, payer_identifier, paid_at, received_at, via)
    SELECT charge_id, id, receipt, amount, payer_identifier, paid_at, received_at, via
    FROM {notice} WHERE application_id >= %(template)s
    """,
)


def _copy(model: type[models.Model], columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Copy rows in; columns that `columns` does not name take the defaults of their fields."""
    named = columns.split(", ")
    missing = [field for field in model._meta.concrete_fields if not field.primary_key and field.column not in named]
    given = [field for field in missing if not field.null and not field.has_db_default()]
    rest = {str(field.column): _plain(field.get_default()) for field in given}
    all_columns = ", ".join([*named, *rest])
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({all_columns}) FROM STDIN") as into:
        for row in rows:
            into.write_row([*row, *rest.values()])


def _plain(value: object) -> object:
    """A default as COPY takes it."""
    return json.dumps(value) if isinstance(value, dict) else value


def _set_sequences() -> None:
    """Let the portal itself go on after the rows that brought their own numbers."""
    with connection.cursor() as cursor:
        for table in (Application._meta.db_table, Person._meta.db_table):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    last = Application.objects.aggregate(last=models.Max("pk"))["last"]
    for office in Office.objects.all():
        NumberSequence.objects.update_or_create(office=office, year=timezone.localdate().year, defaults={"last": last})
