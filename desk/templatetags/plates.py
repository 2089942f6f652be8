"""What templates ask about the number chosen for an application."""

from __future__ import annotations

from typing import Any

from django import template

from applications.models import Application
from plates.choosing import held
from registration.choosing import may_choose, takes_plates
from registration.plating import is_chosen

register = template.Library()


@register.simple_tag
def choice_of_number(application: Application) -> dict[str, Any]:
    """Whether a number can be chosen, and by now; whether one was, and the hold, if it was not lost."""
    return {
        "is_open": may_choose(application),
        "is_known": takes_plates(application),
        "is_chosen": is_chosen(application),
        "hold": held(application) if is_chosen(application) else None,
    }
