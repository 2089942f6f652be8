"""What clients read: the shapes of every answer, and of what they send."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.strict import Currency, Instant, Money, StrictSerializer, Truth, Words
from applications.deciding import may_withdraw
from applications.following import MEANINGS
from applications.models import Application, PaperStanding
from applications.services import service_name
from applications.standards import ApplicantKind, DueAt, MetBy
from applications.states import State
from people.models import Person, Scope
from registration.choosing import chooses

# The description names these by the settings, once for whoever asks and whoever answers.
WAYS = [way.value for way in MetBy]
APPLICANT_KINDS = [kind.value for kind in ApplicantKind]


class OfficeShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class PartyShown(serializers.Serializer[Any]):
    """A person or organisation; the middle of the identifier is hidden."""

    kind = serializers.SerializerMethodField()
    identifier = serializers.CharField(source="masked_identifier")
    name = serializers.CharField(source="display_name")

    @extend_schema_field(serializers.ChoiceField(choices=APPLICANT_KINDS))
    def get_kind(self, party: Any) -> str:
        return (ApplicantKind.PERSON if isinstance(party, Person) else ApplicantKind.ORGANISATION).value


class StateText(serializers.CharField):
    """A state in words. Django's own look-up translates every state there is for each row of a list."""

    def to_representation(self, value: str) -> str:
        return str(State(value).label)


class ApplicationShown(serializers.Serializer[Any]):
    """An application; its ETag is its version and language, which If-Match names.

    `may_withdraw` and `chooses_plates` say what the applicant can still do; the latter of a draft that gets new plates,
    whose number can be looked for and held.
    """

    number = serializers.CharField()
    service = serializers.CharField()
    subservice = serializers.CharField()
    subservice_text = serializers.SerializerMethodField()
    standard = serializers.CharField(source="standard_version")
    channel = serializers.CharField()
    state = serializers.ChoiceField(choices=State.values)
    state_text = StateText(source="state")
    state_meaning = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    office = OfficeShown()
    applicant = PartyShown()
    representative = PartyShown(allow_null=True)
    headline = serializers.CharField()
    plate_number = serializers.CharField()
    may_withdraw = serializers.SerializerMethodField()
    chooses_plates = serializers.SerializerMethodField()
    created_at = Instant()
    submitted_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    decided_at = Instant(allow_null=True)
    issued_at = Instant(allow_null=True)
    handed_over_at = Instant(allow_null=True)

    def get_subservice_text(self, application: Application) -> str:
        return service_name(application)

    def get_state_meaning(self, application: Application) -> str:
        """What the state means for the applicant, in the words of the public status page; of a draft nothing."""
        return str(MEANINGS.get(State(application.state), ""))

    def get_may_withdraw(self, application: Application) -> bool:
        return may_withdraw(application)

    def get_chooses_plates(self, application: Application) -> bool:
        return chooses(application)


class PowerSent(StrictSerializer):
    number = Words(max_length=40)
    issued_on = serializers.DateField()
    expires_on = serializers.DateField()
    scope = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values), min_length=1, max_length=10)


class ApplicantSent(StrictSerializer):
    identifier = Words(max_length=12, min_length=12)


class RepresentativeSent(StrictSerializer):
    identifier = Words(max_length=12, min_length=12)
    power_of_attorney = PowerSent(required=False)


@extend_schema_field({"type": "string", "format": "uri", "minLength": 1, "maxLength": 500})
class Address(Words):
    """Where a page of the client is."""


class ApplicationSent(StrictSerializer):
    """`return_to` is the page of yours that the payment page leads back to."""

    service = Words(max_length=8)
    subservice = Words(max_length=8)
    office = Words(max_length=4)
    applicant = ApplicantSent()
    representative = RepresentativeSent(required=False)
    return_to = Address(max_length=500, required=False)


class SearchSent(StrictSerializer):
    """One of the three; it travels in the body because an address is written to logs."""

    identifier = Words(max_length=12, required=False)
    plate = Words(max_length=12, required=False)
    vin = Words(max_length=30, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Send exactly one of identifier, plate and vin."))
        return attrs


class DocumentShown(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    requirement = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    pages = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = Instant()
    marked_wrong_at = Instant(allow_null=True)
    marked_wrong_reason = serializers.CharField()


class DocumentSent(StrictSerializer):
    requirement = Words(max_length=48)
    form = Words(max_length=48, required=False)
    upload = serializers.FileField(allow_empty_file=True)


class RequirementShown(serializers.Serializer[Any]):
    row = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    due = serializers.ChoiceField(choices=[due.value for due in DueAt])
    met_by = serializers.ChoiceField(choices=WAYS, allow_null=True)
    ways = serializers.ListField(child=serializers.ChoiceField(choices=WAYS))
    signers_needed = serializers.IntegerField()
    documents = DocumentShown(many=True)


class ShortcomingShown(serializers.Serializer[Any]):
    field = serializers.CharField()
    pointer = serializers.CharField()
    detail = serializers.CharField()


class AskedSignatureShown(serializers.Serializer[Any]):
    """Whose electronic signature is asked for (IIN or BIN), and since when it is here; null until then."""

    requirement = serializers.CharField()
    signer = serializers.CharField()
    signed_at = Instant(allow_null=True)


class RequirementsShown(serializers.Serializer[Any]):
    requirements = RequirementShown(many=True)
    signatures = AskedSignatureShown(many=True)
    problems = ShortcomingShown(many=True)


class PriceShown(serializers.Serializer[Any]):
    row = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    amount = Money(allow_null=True)
    currency = Currency()
    remark = serializers.CharField()


class ChargeShown(PriceShown):
    legal_basis = serializers.CharField()
    is_paid = serializers.BooleanField()
    reference = serializers.CharField()
    receipt = serializers.CharField()
    paid_at = Instant(allow_null=True)
    blocked_by = serializers.CharField()


class ChargesShown(serializers.Serializer[Any]):
    charges = ChargeShown(many=True)
    is_settled = serializers.BooleanField()


class PaymentShown(serializers.Serializer[Any]):
    pay_url = serializers.CharField()
    amount = Money()
    currency = Currency()


class PatternSent(StrictSerializer):
    pattern = Words(max_length=12, allow_blank=True)


class PlateSent(StrictSerializer):
    number = Words(max_length=12)


class OfferShown(serializers.Serializer[Any]):
    number = serializers.CharField()
    group = serializers.CharField()
    name = serializers.CharField()
    price = Money(allow_null=True)
    currency = Currency()


class OffersShown(serializers.Serializer[Any]):
    held = serializers.CharField(allow_null=True)
    numbers = OfferShown(many=True)


class PaperShown(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    name = serializers.SerializerMethodField()
    number = serializers.CharField()
    state = serializers.CharField()
    standing = serializers.CharField()
    sha256 = serializers.CharField()
    created_at = Instant()
    made_at = Instant(allow_null=True)
    verification_address = serializers.SerializerMethodField()

    def get_name(self, paper: Any) -> str:
        return str(self.context["names"].get(paper.kind, paper.kind))

    def get_verification_address(self, paper: Any) -> str:
        return str(paper.content["paper"]["address"])


class GivenShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    number = serializers.CharField()


class GroundShown(serializers.Serializer[Any]):
    row = serializers.CharField()
    text = serializers.CharField()
    citation = serializers.CharField()


class ReasonShown(GroundShown):
    finding = serializers.CharField()
    remark = serializers.CharField()


class ResultsShown(serializers.Serializer[Any]):
    results = GivenShown(many=True)
    refusal = ReasonShown(many=True)
    papers = PaperShown(many=True)


class EventShown(serializers.Serializer[Any]):
    """`id` counts up within one application; ask with it as `after`."""

    id = serializers.IntegerField()
    type = serializers.CharField()
    text = serializers.CharField()
    at = Instant()


class EventsShown(serializers.Serializer[Any]):
    state = serializers.CharField()
    state_text = serializers.CharField()
    due_at = Instant(allow_null=True)
    held_by = serializers.CharField()
    events = EventShown(many=True)


class WithdrawSent(StrictSerializer):
    reason = Words(max_length=300)


class VerificationSent(StrictSerializer):
    code = Words(max_length=64)


class VerificationShown(serializers.Serializer[Any]):
    standing = serializers.ChoiceField(choices=PaperStanding.values)
    kind = serializers.CharField()
    number = serializers.CharField()
    entry = serializers.CharField()
    issued_at = Instant()
    office = serializers.CharField()


@extend_schema_field({"type": "object", "additionalProperties": {"type": ["boolean", "string"]}})
class CaseFacts(serializers.DictField):
    """What is known of a case; which facts a standard looks at stands in its description."""


class PreviewSent(StrictSerializer):
    subservice = Words(max_length=8)
    applicant = serializers.ChoiceField(choices=APPLICANT_KINDS)
    office = Words(max_length=4)
    facts = CaseFacts(required=False)
    vehicle_category = Words(max_length=4, required=False)
    vehicle_year = serializers.IntegerField(min_value=1886, max_value=2200, required=False)
    vehicle_is_electric = Truth(required=False)


@extend_schema_field(OpenApiTypes.OBJECT)
class FreeObject(serializers.DictField):
    """An object whose fields the service's standard names."""
