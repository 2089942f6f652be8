"""Portals and platforms connected by program, as they act."""

from __future__ import annotations

from typing import Any

import pytest

from offices.models import ConnectedSystem, SystemChannel


def connect(code: str = "egov", channel: SystemChannel = SystemChannel.EGOV, **fields: Any) -> ConnectedSystem:
    """A connected system that may ask for every service."""
    names = {"name_en": f"Portal {code}", "name_ru": f"Портал {code}", "name_kk": f"{code} порталы"}
    return ConnectedSystem.objects.create(
        code=code, channel=channel, **{"services": ["VR", "PD", "DL"], **names, **fields}
    )


@pytest.fixture
def egov(db) -> ConnectedSystem:
    return connect()


@pytest.fixture
def bank(db) -> ConnectedSystem:
    """A platform: the stranger of every test on what a system may see."""
    return connect("bank", SystemChannel.PLATFORM)
