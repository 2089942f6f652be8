"""The Service contract for parking permits."""

from django import forms

from applications.errors import DomainError, cannot_be_undone
from applications.questions import concrete
from applications.services import Deliverable, DetailsView, GroundFound, PaperKind, Summary, Surrenderable, standard_of
from applications.standards import ApplicantKind, Channel, Facts
from fees import charging
from people.models import Scope
from refusals.papers import REFUSAL_LETTER
from tests.toy.models import ParkingDetails, ParkingPermit
from tests.toy.standard import PARKING, PERMIT, said


class ParkingForm(forms.ModelForm):
    class Meta:
        model = ParkingDetails
        fields = ("place",)


def permit_content(application):
    permit = application.parking_permit
    return {"number": permit.number, "place": permit.place, "holder": application.applicant.full_name}


PERMIT_PAPER = PaperKind("parking_permit", said("Parking permit"), "toy/permit.html", permit_content, "issue")


def holder_of(place):
    return ParkingPermit.objects.filter(place=place, ended_at__isnull=True).first()


class ParkingPermits:
    code = "PP"
    versions = (PARKING,)
    subservices_offered = (PERMIT,)
    details_model = ParkingDetails
    subject_name = said("Place")
    related = ("parking_details", "parking_permit")
    papers = (PERMIT_PAPER, REFUSAL_LETTER)

    def details_form(self, application, data=None):
        return ParkingForm(data, instance=application.parking_details)

    def details_template(self, application):
        return "toy/details.html"

    def facts(self, application, on):
        details = {"old_permit": application.parking_details.place.startswith("OLD")}
        return Facts(application.subservice, Channel(application.channel), ApplicantKind.PERSON, on, details=details)

    def summary(self, application):
        place = application.parking_details.place
        return Summary(f"PLACE:{place}" if place else "", f"Place {place}" if place else "")

    def facts_shown(self, application):
        return (DetailsView("Place", application.parking_details.place),)

    def documents(self, application, facts):
        return standard_of(application).requirements_for(facts)

    def fulfilled(self, application):
        return frozenset()

    def surrenders(self, application):
        has_old = application.parking_details.place.startswith("OLD")
        return (Surrenderable("old_permit", "permit", said("Old permit"), "P-0"),) if has_old else ()

    def taken_in(self, application, surrender, now):
        pass

    def signers(self, application, requirement):
        return frozenset()

    def assess(self, application, now):
        rules = PARKING.charges if application.parking_details.place else ()
        charging.assess(application, charging.requests(rules), now)

    def charges(self, application):
        return charging.charge_lines(application)

    def checks(self, application, facts):
        return concrete(application, facts, {})

    def registers_answered(self, application, now):
        pass

    def deed(self, application):
        return Scope.PLATES.value

    def intake_problems(self, application):
        return {} if application.parking_details.place else {"place": "Say which place."}

    def before_approval(self, application):
        if holder_of(application.parking_details.place):
            raise DomainError("place_taken", "The place is taken.", row="PP.9.3")

    def grounds_found(self, application):
        taken = holder_of(application.parking_details.place)
        return (GroundFound("PP.9.3", said("The place is taken.")),) if taken else ()

    def effect(self, application):
        return said("The place is given to the applicant.")

    def is_made_to_order(self, application):
        return application.parking_details.place.startswith("VIP")

    def order_production(self, application, now):
        pass

    def issue(self, application, now):
        place = application.parking_details.place
        ParkingPermit.objects.create(
            application=application, place=place, number=f"P-{application.number[-8:]}", issued_at=now
        )
        return self.results(application)

    def results(self, application):
        permit = ParkingPermit.objects.filter(application=application).first()
        return (Deliverable(said("Permit"), permit.number),) if permit else ()

    def undo(self, application, now):
        permit = ParkingPermit.objects.filter(application=application).first()
        if permit is None:
            return (said("The order is cancelled."),)
        if permit.ended_at is not None:
            raise cannot_be_undone("The permit has ended.")
        permit.ended_at = now
        permit.save(update_fields=["ended_at"])
        return (said(f"Permit {permit.number} is ended."),)
