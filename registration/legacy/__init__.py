"""What the earlier register of vehicles brings: the files of docs/import.md that belong to registration."""

from registration.legacy.certificates import CERTIFICATES
from registration.legacy.registrations import REGISTRATIONS
from registration.legacy.vehicles import OWNERSHIPS, VEHICLES

KINDS = (VEHICLES, OWNERSHIPS, REGISTRATIONS, CERTIFICATES)
