"""The payment gateway: pages, receipts, and the signed callback that tells the portal of a payment."""

import json
import logging
import os
import re
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from registers import signing

logger = logging.getLogger("simulator.gateway")

CALLBACK_PAUSES_SECONDS = (0, 1, 2, 5, 15, 60)
CALLBACK_TIMEOUT_SECONDS = 5
ORDER = re.compile(r"[\w.-]{1,100}")
ANOTHER_PAYER = "791028302728"
Way = Literal["pay", "short", "other", "twice", "late", "silent"]
WAYS: tuple[Way, ...] = ("pay", "short", "other", "twice", "late", "silent")


class PageRefusedError(ValueError):
    """What was ordered is malformed, or a reference belongs to another page."""


@dataclass(frozen=True)
class Item:
    """One charge on a page; `amount` in tenge as a decimal string."""

    reference: str
    amount: str
    description: str


@dataclass(frozen=True)
class Page:
    """What the portal wants to be paid on one page, under the number `order`."""

    order: str
    items: tuple[Item, ...]
    payer_identifier: str
    return_url: str
    callback_url: str

    @property
    def total(self) -> str:
        """The sum of its items in tenge."""
        return str(sum((Decimal(item.amount) for item in self.items), Decimal(0)))


@dataclass(frozen=True)
class Receipt:
    """One payment taken for one item of the page `order`."""

    order: str
    reference: str
    receipt: str
    amount: str
    payer_identifier: str
    paid_at: str


class Gateway:
    """Pages and receipts, kept in a plain JSON file if one is given, so that a restart forgets nothing."""

    def __init__(self, *, secret: str, state: Path | None, late_seconds: float) -> None:
        self._secret = secret
        self._state = state
        self._late_seconds = late_seconds
        self._lock = threading.RLock()
        self._pages: dict[str, Page] = {}
        self._receipts: list[Receipt] = []
        if state and state.exists():
            kept = json.loads(state.read_text(encoding="utf-8"))
            self._pages = {page["order"]: read_page(page) for page in kept["pages"]}
            self._receipts = [Receipt(**item) for item in kept["receipts"]]

    def open(self, fields: dict[str, Any]) -> Page:
        """The new page, or the open one brought to the items now ordered. Raises PageRefusedError."""
        page = read_page(fields)
        references = {item.reference for item in page.items}
        with self._lock:
            for other in self._pages.values():
                if other.order != page.order and any(item.reference in references for item in other.items):
                    raise PageRefusedError("a reference belongs to another page")
            self._pages[page.order] = page
            self._save()
        return page

    def page(self, order: str) -> Page | None:
        """The page, or None."""
        with self._lock:
            return self._pages.get(order)

    def statuses(self, references: list[str]) -> dict[str, Any]:
        """The reply to the register's question: unknown, unpaid or paid, with all receipts."""
        with self._lock:
            ordered = {item.reference for page in self._pages.values() for item in page.items}
            return {"payments": [self._status(reference, ordered) for reference in references]}

    def receipts(self, page: Page) -> list[Receipt]:
        """All that was ever paid on a page, oldest first, for items that it no longer shows too."""
        with self._lock:
            return [receipt for receipt in self._receipts if receipt.order == page.order]

    def unsettled(self, page: Page) -> list[Item]:
        """The items of a page that its payer has not paid in full."""
        paid = {
            receipt.reference: Decimal(receipt.amount)
            for receipt in sorted(self.receipts(page), key=lambda receipt: Decimal(receipt.amount))
            if receipt.payer_identifier == page.payer_identifier
        }
        return [item for item in page.items if paid.get(item.reference, Decimal(-1)) < Decimal(item.amount)]

    def pay(self, page: Page, way: Way) -> list[threading.Thread]:
        """Take the payment in one of the WAYS and start telling the portal; the threads end when it is told."""
        payer = ANOTHER_PAYER if way == "other" else page.payer_identifier
        with self._lock:
            # Of two presses at one instant the second finds nothing left to pay.
            receipts = [
                _receipt(page.order, item, Decimal(item.amount) - (1 if way == "short" else 0), payer)
                for item in self.unsettled(page)
                for _ in range(2 if way == "twice" else 1)
            ]
            self._receipts.extend(receipts)
            self._save()
        if way == "silent":
            return []
        delay = self._late_seconds if way == "late" else 0
        threads = [
            threading.Thread(target=self._tell, args=(page.callback_url, receipt, delay), daemon=True)
            for receipt in receipts
        ]
        for thread in threads:
            thread.start()
        return [] if delay else threads

    def _status(self, reference: str, ordered: set[str]) -> dict[str, Any]:
        receipts = [_told(receipt) for receipt in self._receipts if receipt.reference == reference]
        status = "paid" if receipts else "unpaid" if reference in ordered else "unknown"
        return {"reference": reference, "status": status, "receipts": receipts}

    def _tell(self, url: str, receipt: Receipt, delay: float) -> None:
        time.sleep(delay)
        body = json.dumps(_told(receipt)).encode()
        for pause in CALLBACK_PAUSES_SECONDS:
            time.sleep(pause)
            signature = signing.sign(body, secret=self._secret, timestamp=int(time.time()))
            headers = {"Content-Type": "application/json", signing.HEADER: signature}
            request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - http only
            try:
                with urllib.request.urlopen(request, timeout=CALLBACK_TIMEOUT_SECONDS):  # noqa: S310
                    return
            except (urllib.error.URLError, OSError) as error:
                logger.warning("callback for receipt %s not taken: %s", receipt.receipt, error)

    def _save(self) -> None:
        if self._state is None:
            return
        content = {
            "pages": [asdict(page) for page in self._pages.values()],
            "receipts": [asdict(receipt) for receipt in self._receipts],
        }
        beside = self._state.with_suffix(".new")
        beside.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, self._state)


def read_page(fields: dict[str, Any]) -> Page:
    """A page from a request or the state file. Raises PageRefusedError."""
    items = fields.get("items")
    if not isinstance(items, list):
        raise PageRefusedError("a page needs a list of items")
    page = Page(
        order=_text(fields, "order"),
        items=tuple(_read_item(item) for item in items),
        payer_identifier=_text(fields, "payer_identifier"),
        return_url=_text(fields, "return_url"),
        callback_url=_text(fields, "callback_url"),
    )
    if not ORDER.fullmatch(page.order):
        raise PageRefusedError("the number of the order is not letters and digits")
    if not all(url.startswith(("http://", "https://")) for url in (page.return_url, page.callback_url)):
        raise PageRefusedError("an address is not a web address")
    return page


def _read_item(fields: dict[str, Any]) -> Item:
    item = Item(_text(fields, "reference"), _text(fields, "amount"), _text(fields, "description"))
    try:
        amount = Decimal(item.amount)
    except InvalidOperation as error:
        raise PageRefusedError("an amount is not a decimal number") from error
    if not amount.is_finite() or amount <= 0:
        raise PageRefusedError("an amount is not positive")
    return item


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise PageRefusedError(f"{name} has to be a text that is not empty")
    return value


def _told(receipt: Receipt) -> dict[str, str]:
    # The page's number is the gateway's own affair; the portal knows a payment by its reference.
    return {name: value for name, value in asdict(receipt).items() if name != "order"}


def _receipt(order: str, item: Item, amount: Decimal, payer: str) -> Receipt:
    return Receipt(
        order=order,
        reference=item.reference,
        receipt=secrets.token_hex(8).upper(),
        amount=str(amount),
        payer_identifier=payer,
        paid_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
