"""What the beat sweeps of the portals' door."""

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from api.idempotency import forget as forget_calls


@shared_task  # type: ignore[untyped-decorator]
def forget() -> None:
    """Drop answers past their published time, and tokens that ran out."""
    forget_calls(timezone.now())
    clear_expired()
