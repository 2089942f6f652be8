"""What an application costs, and the page of the payment gateway; payments themselves come from the gateway alone."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import Endpoint
from api.idempotency import once
from api.models import Scope
from api.problems import Problem
from applications.services import service_of

PAYMENTS = Scope.PAYMENTS.value


class Charges(Endpoint):
    """The charges as they stand, paid or not."""

    scopes = {"GET": PAYMENTS}

    @extend_schema(operation_id="charges_list", summary="Charges of an application", responses=shown.ChargesShown)
    def get(self, request: Request, number: str) -> Response:
        application = self.application(number)
        lines = service_of(application).charges(application)
        body = {"charges": lines, "is_settled": all(line.is_paid for line in lines)}
        return Response(shown.ChargesShown(body).data)


class Payment(Endpoint):
    """The address where everything unpaid is paid at once; the same address until something changes."""

    scopes = {"POST": PAYMENTS}

    @extend_schema(
        operation_id="payment_start", summary="Open the payment page", request=None, responses=shown.PaymentShown
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        application = self.application(number)
        due = [line for line in service_of(application).charges(application) if not line.is_paid and line.amount]
        if not due:
            raise Problem("nothing_to_pay")
        address = next((line.pay_url for line in due if line.pay_url), "")
        if not address:
            raise Problem("payment_pending", _("The payment page is being opened. Ask again with a new key."))
        total = sum((line.amount or Decimal(0) for line in due), Decimal(0))
        return Response(shown.PaymentShown({"pay_url": address, "amount": total}).data)
