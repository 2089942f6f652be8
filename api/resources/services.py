"""The standards as data: what each service asks, of whom, through which channel, and what it costs in a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import shown
from api.endpoint import NO_OFFICE, Endpoint, police_office
from api.problems import Problem
from applications.errors import InvalidInputError
from applications.services import Service, all_services, in_force_today, service_if_any
from applications.standards import ApplicantKind, Channel, CollectedBy, Facts, Standard, in_force
from fees.charging import ChargeRequest, requests
from fees.tariffs import MissingTariffError, VehicleClass, quote


class SubserviceShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    row = serializers.CharField()
    channels = serializers.ListField(child=serializers.CharField())
    is_open_to_you = serializers.BooleanField()


class RuleShown(serializers.Serializer[Any]):
    row = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    when = serializers.CharField()
    subservices = serializers.ListField(child=serializers.CharField())
    due = serializers.CharField()
    ways = serializers.ListField(child=serializers.CharField())
    forms = serializers.ListField(child=serializers.CharField())


class ServiceShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()
    effective_from = serializers.DateField()
    subservices = SubserviceShown(many=True)


class StandardShown(ServiceShown):
    facts = serializers.ListField(child=serializers.CharField())
    requirements = RuleShown(many=True)
    grounds = shown.GroundShown(many=True)


class ServicesShown(serializers.Serializer[Any]):
    services = ServiceShown(many=True)


class PreviewShown(serializers.Serializer[Any]):
    term_minutes = serializers.IntegerField(allow_null=True)
    term_working_days = serializers.IntegerField(allow_null=True)
    requirements = RuleShown(many=True)
    charges = shown.PriceShown(many=True)
    questions = serializers.ListField(child=serializers.CharField())


def _service(code: str) -> Service:
    found = service_if_any(code)
    if found is None:
        raise Problem("not_found")
    return found


def _head(standard: Standard, service: Service, channel: Channel) -> dict[str, Any]:
    return {
        "code": standard.code,
        "title": str(standard.title),
        "version": standard.version,
        "effective_from": standard.effective_from,
        "subservices": [
            {
                "code": item.code,
                "name": str(item.name),
                "row": item.row,
                "channels": sorted(item.channels),
                "is_open_to_you": channel in item.channels and item.code in service.subservices_offered,
            }
            for item in standard.subservices
        ],
    }


def _rule(rule: Any, channel: Channel) -> dict[str, Any]:
    return {
        "row": rule.row,
        "code": rule.code,
        "name": str(rule.name),
        "when": str(rule.when.says),
        "subservices": sorted(rule.subservices),
        "due": rule.due.value,
        "ways": [way.value for way in rule.met_by],
        "forms": [option.code for option in rule.options_for(channel)],
    }


class Services(Endpoint):
    """The services of the portal."""

    @extend_schema(operation_id="services_list", summary="List the services", responses=ServicesShown)
    def get(self, request: Request) -> Response:
        channel = Channel(self.system.channel)
        listed = [_head(in_force_today(item), item, channel) for item in all_services()]
        return Response(ServicesShown({"services": listed}).data)


class OneService(Endpoint):
    """A standard as it holds on a day, by default today, for the caller's channel."""

    parameters = frozenset({"on"})

    @extend_schema(
        operation_id="service_read",
        summary="Read the standard of a service",
        parameters=[OpenApiParameter("on", {"type": "string", "format": "date"})],
        responses=StandardShown,
    )
    def get(self, request: Request, code: str) -> Response:
        service, channel = _service(code), Channel(self.system.channel)
        try:
            on = date.fromisoformat(request.query_params.get("on", timezone.localdate().isoformat()))
        except ValueError as error:
            raise Problem("invalid_parameter") from error
        try:
            standard = in_force(service.versions, on)
        except LookupError as error:
            raise Problem("not_found") from error
        rules = [rule for rule in standard.requirements if channel in rule.channels and rule.is_in_force(on)]
        body = {
            **_head(standard, service, channel),
            "facts": sorted(facts_known(standard)),
            "requirements": [_rule(rule, channel) for rule in rules],
            "grounds": [
                {"row": ground.row, "text": str(ground.text), "citation": str(ground.citation)}
                for ground in standard.grounds
            ],
        }
        return Response(StandardShown(body).data)


class _Asked(dict[str, object]):
    """Facts that note which of them a condition looks at; every one answers `answer`."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer, self.names = answer, set[str]()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return self.answer


def facts_known(standard: Standard) -> set[str]:
    """The names of the facts that the conditions of `standard` look at."""
    names: set[str] = set()
    rules: list[Any] = [*standard.requirements, *standard.charges, *standard.checks]
    for subservice in standard.subservices:
        for channel in Channel:
            for applicant in ApplicantKind:
                for answer in (None, True):
                    asked = _Asked(answer)
                    facts = Facts(subservice.code, channel, applicant, standard.effective_from, details=asked)
                    for rule in rules:
                        rule.when.holds(facts)
                    names |= asked.names
    return names


class Preview(Endpoint):
    """What to send, what it costs and how long it takes in a case; nothing is stored, so no Idempotency-Key."""

    @extend_schema(
        operation_id="service_preview",
        summary="What a case needs and costs",
        request=shown.PreviewSent,
        responses=PreviewShown,
    )
    def post(self, request: Request, code: str) -> Response:
        service, channel = _service(code), Channel(self.system.channel)
        data, standard = self.filled(shown.PreviewSent), in_force_today(service)
        office = police_office(data["office"])
        known, given = facts_known(standard), data.get("facts", {})
        wrong: dict[str, Any] = {f"facts.{name}": _("There is no such fact.") for name in given if name not in known}
        wrong |= {
            f"facts.{name}": _("Send true, false or a text.")
            for name, value in given.items()
            if not isinstance(value, bool | str)
        }
        if office is None:
            wrong["office"] = NO_OFFICE
        if data["subservice"] not in {item.code for item in standard.subservices}:
            wrong["subservice"] = _("There is no such sub-service.")
        if wrong or office is None:
            raise InvalidInputError(wrong)
        if not standard.offers(data["subservice"], channel):
            raise Problem("channel_not_offered", row=standard.channels_row)
        applicant, today = ApplicantKind(data["applicant"]), timezone.localdate()
        facts = Facts(data["subservice"], channel, applicant, today, office.region.term_group, given)
        return Response(PreviewShown(_previewed(standard, facts, data)).data)


def _previewed(standard: Standard, facts: Facts, data: dict[str, Any]) -> dict[str, Any]:
    term = standard.term(facts)
    rules = standard.charges_for(facts)
    prices = [_price(item, facts.on) for item in requests(rules, vehicle=_vehicle(data, facts.on))]
    operators = [rule for rule in rules if rule.collected_by is not CollectedBy.TREASURY]
    return {
        "term_minutes": term.minutes,
        "term_working_days": term.working_days,
        "requirements": [_rule(rule, facts.channel) for rule in standard.requirements_for(facts)],
        "charges": [*prices, *(_unpriced(rule, str(_("Paid to the operator."))) for rule in operators)],
        "questions": [str(rule.name) for rule in standard.checks_for(facts)],
    }


def _vehicle(data: dict[str, Any], on: date) -> VehicleClass | None:
    if "vehicle_category" not in data:
        return None
    year = data.get("vehicle_year", on.year)
    return VehicleClass(data["vehicle_category"], year, data.get("vehicle_is_electric", False))


def _price(wanted: ChargeRequest, on: date) -> dict[str, Any]:
    try:
        found = quote(code=wanted.code, on=on, group=wanted.group, vehicle=wanted.vehicle)
    except (MissingTariffError, ValueError) as error:
        remark = str(error) if isinstance(error, MissingTariffError) else str(_("Depends on the vehicle."))
        return _unpriced(wanted, remark)
    return {**_unpriced(wanted, ""), "amount": found.amount}


def _unpriced(wanted: Any, remark: str) -> dict[str, Any]:
    return {
        "row": wanted.row,
        "code": wanted.code,
        "name": str(wanted.name),
        "amount": None,
        "remark": remark,
    }
