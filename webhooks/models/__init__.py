from webhooks.models.delivery import Delivery, DeliveryQuerySet, DeliveryState, Outcome
from webhooks.models.endpoint import Endpoint
from webhooks.models.event import Event, EventKind

__all__ = ["Delivery", "DeliveryQuerySet", "DeliveryState", "Endpoint", "Event", "EventKind", "Outcome"]
