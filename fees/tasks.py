"""What beat runs for the money: rates that changed, and payments that no callback brought."""

from celery import shared_task
from django.utils import timezone

from fees import payments, reassessing


@shared_task  # type: ignore[untyped-decorator]
def poll() -> None:
    """Every 30 seconds: assess anew what an older day assessed, then ask the gateway about what is unpaid."""
    now = timezone.now()
    reassessing.reassess_outdated(now)
    payments.poll_unpaid(now)
