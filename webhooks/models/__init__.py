from webhooks.models.delivery import Delivery, DeliveryState, Outcome
from webhooks.models.endpoint import Endpoint
from webhooks.models.event import Event, EventKind

__all__ = ["Delivery", "DeliveryState", "Endpoint", "Event", "EventKind", "Outcome"]
