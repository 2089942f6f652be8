"""What the pages with a form share: refusals of a verb beside their fields, and the plain page that shows a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from applications.errors import InvalidInputError
from desk.guards import StaffRequest


@contextmanager
def beside_fields(form: forms.BaseForm) -> Iterator[None]:
    """Turn an InvalidInputError of the block into errors of `form`; what names none of its fields stands above them."""
    try:
        yield
    except InvalidInputError as error:
        for field, message in error.fields.items():
            form.add_error(field if field in form.fields else None, str(message))


def form_page(
    request: StaffRequest, form: forms.BaseForm, title: str | Promise, back: str, *of: object
) -> HttpResponse:
    """The form under its title, with the way back to the page named `back`, `of` what; 422 when it is wrong."""
    context = {"form": form, "title": title, "back": reverse(back, args=of)}
    return render(request, "desk/form.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Question:
    """What is said back before a deed that cannot be undone: `about` are (name, value), `back` an address."""

    title: str | Promise
    about: Sequence[tuple[str | Promise, str]]
    effect: str | Promise
    button: str | Promise
    back: str


def question_page(request: StaffRequest, question: Question, form: forms.BaseForm | None = None) -> HttpResponse:
    """Ask before the deed; the answer is posted to the same address with `confirm`, and with what `form` held."""
    return render(request, "desk/question.html", {"question": question, "form": form})
