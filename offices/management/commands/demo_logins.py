"""Print one demo account per line: role, user name, password, office and the page it signs in to."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from offices.demo import DEMO_PASSWORD, accounts

LINE = "{role:<16}{username:<20}{password:<20}{office:<8}{page}"


class Command(BaseCommand):
    """What `make run` shows when the portal is up."""

    help = "Print the demo logins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a heading and one line per account of fixtures/demo/staff.csv."""
        heading = LINE.format(role="Role", username="Login", password="Password", office="Office", page="Page")  # noqa: S106
        self.stdout.write(heading)
        for account in accounts():
            line = LINE.format(
                role=account["role"],
                username=account["username"],
                password=DEMO_PASSWORD,
                office=account["office"] or "all",
                page=settings.PORTAL_URL,
            )
            self.stdout.write(line)
