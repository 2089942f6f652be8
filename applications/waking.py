"""Waking a worker for what lies in rows: a lost message costs time, because a sweep finds the row."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: str, key: int, countdown: float = 0) -> None:
    """Ask a worker to run `task` for the row `key`; a broker that is away is logged, and the sweep finds the row."""
    try:
        current_app.send_task(task, args=[key], countdown=countdown, retry=False)
    except OperationalError:
        logger.warning("The broker did not take the wake-up of %s %s; the sweep will find it.", task, key)
