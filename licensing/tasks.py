"""What beat runs for licences: whatever passed its last day is no longer valid."""

from celery import shared_task
from django.utils import timezone

from licensing.expiring import expire_licences


@shared_task  # type: ignore[untyped-decorator]
def expire() -> None:
    """Every quarter of an hour, so that a licence expires soon after midnight in Almaty whenever beat was down."""
    expire_licences(timezone.now())
