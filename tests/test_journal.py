"""The journal: only ever added to, in a chain that shows any tampering."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from applications.acting import Actor
from applications.journal import noted, verify
from applications.models import JournalEntry

CHAIN = "office:0201"


def write(turns: int, chain: str = CHAIN) -> None:
    for turn in range(turns):
        changes = {"turn": turn, "кім": "Б. Омаров\n«Отан»", "amount": "1081.25"}
        noted(chain=chain, actor=Actor.automatic(), action="noted", now=timezone.now(), changes=changes)


def tamper(statement: str) -> None:
    """Change rows as only a superuser who switches the triggers off could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications_journalentry SET action = 'other'",
        "DELETE FROM applications_journalentry",
        "TRUNCATE applications_journalentry",
    ],
)
def test_the_database_refuses_to_change_a_row(statement):
    write(2)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert JournalEntry.objects.filter(action="noted").count() == 2


@pytest.mark.django_db
def test_a_whole_journal_verifies():
    write(5)
    write(3, "staff:officer")
    out = StringIO()
    call_command("verify_journal", stdout=out)

    assert verify() is None
    assert out.getvalue().startswith("8 rows")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "broken_sequence"),
    [
        ("UPDATE applications_journalentry SET action = 'other' WHERE sequence = 3", 3),
        ("UPDATE applications_journalentry SET changes = '{}' WHERE sequence = 2", 2),
        ("UPDATE applications_journalentry SET at = at + interval '1 second' WHERE sequence = 4", 4),
        ("UPDATE applications_journalentry SET actor_label = 'nobody' WHERE sequence = 1", 1),
        ("DELETE FROM applications_journalentry WHERE sequence = 2", 3),
    ],
)
def test_tampering_is_named_by_its_first_row(statement, broken_sequence):
    write(5)
    tamper(statement)
    broken = verify()

    assert broken is not None
    assert broken.sequence == broken_sequence
    with pytest.raises(CommandError, match=f"office:0201 no. {broken_sequence}"):
        call_command("verify_journal")


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_unbroken_chain():
    def note(_turn):
        try:
            write(1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(40)))

    sequences = JournalEntry.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 41))
    assert verify() is None
