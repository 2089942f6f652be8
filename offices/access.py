"""Which offices an account sees. Every list of cases, stock or people is cut along this line."""

from django.db.models import Q, QuerySet

from offices.models import Office, Role, Staff

SEES_ALL = frozenset({Role.CONTACT_CENTRE, Role.AUDITOR, Role.ADMINISTRATOR})


def offices_visible_to(staff: Staff) -> QuerySet[Office]:
    """The offices whose work `staff` may see; what may be done there is for the verbs to judge.

    Front desk: its own. Officer: the own police office and the front desks it serves. Supervisor: the own region.
    Contact centre, auditor and administrator: all. An inactive account sees none.
    """
    if not staff.is_active:
        return Office.objects.none()
    if staff.role in SEES_ALL:
        return Office.objects.all()
    if staff.office_id is None:
        return Office.objects.none()
    if staff.role == Role.SUPERVISOR:
        return Office.objects.filter(region__offices=staff.office_id)
    if staff.role == Role.OFFICER:
        return Office.objects.filter(Q(pk=staff.office_id) | Q(serves=staff.office_id))
    return Office.objects.filter(pk=staff.office_id)
