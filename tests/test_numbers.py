"""Application numbers: unique whatever happens at once, and a slip of the finger is noticed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from applications.models import NumberSequence
from applications.numbers import check_digit, is_number, next_number, normalise_number, row_key

bodies = st.text("0123456789", min_size=12, max_size=12)


@given(body=bodies, position=st.integers(0, 11), digit=st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_noticed(body, position, digit):
    number = body + check_digit(body)
    altered = number[:position] + digit + number[position + 1 :]

    assert is_number(number)
    assert is_number(altered) == (altered == number)


@given(body=bodies)
def test_a_number_is_found_however_it_is_typed(body):
    number = body + check_digit(body)
    stored = f"{number[:4]}-{number[4:6]}-{number[6:12]}-{number[12]}"

    assert normalise_number(f" {number[:4]} {number[4:]} ") == stored
    assert normalise_number(stored) == stored


@pytest.mark.parametrize("text", ["", "0201-26-004178-4", "0201-26-00417-3", "XTA219070R0123456"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  the message is the text itself
        normalise_number(text)


@pytest.mark.django_db
def test_numbers_count_up_by_office_and_year(almaty_police, astana_police):
    numbers = [next_number(almaty_police, 2026), next_number(almaty_police, 2026), next_number(almaty_police, 2027)]

    assert [number[:-2] for number in numbers] == ["0201-26-000001", "0201-26-000002", "0201-27-000001"]
    assert next_number(astana_police, 2026).startswith("0101-26-000001")


@pytest.mark.django_db(transaction=True)
def test_two_front_desks_at_once_never_get_the_same_number(almaty_police):
    def draw(_turn):
        try:
            with transaction.atomic():
                return next_number(almaty_police, 2026)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(draw, range(40)))

    assert len(set(numbers)) == 40
    assert NumberSequence.objects.get().last == 40
    assert connection.vendor == "postgresql"


@pytest.mark.parametrize("text", ["", "x", "-1", "²", "١٢", "9" * 19, "9" * 5000])
def test_what_is_no_key_of_a_row_is_none(text):
    """More than 4,300 digits are no number to Python, and broke the page that was sent them."""
    assert row_key(text) is None
    assert row_key("0042") == 42
