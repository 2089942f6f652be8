"""What must not be put into service, told before it is: `manage.py check`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from api.sandbox import real_registers


@register(Tags.security)
def sandbox_without_registers(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """A sandbox decides by program: nowhere beside a real register."""
    real = real_registers() if settings.SANDBOX else []
    if not real:
        return []
    return [
        Error(
            f"SANDBOX is on while real registers answer: {', '.join(real)}.",
            hint="Switch SANDBOX off, or leave REGISTER_<NAME>_URL empty so that the simulator answers.",
            id="api.E001",
        )
    ]
