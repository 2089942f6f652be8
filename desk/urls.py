"""Every address of the desk, grouped by object. A view that no guard opened stays shut (desk/guards.py)."""

from django.urls import URLPattern, URLResolver, path

from desk import administration, auditing, intake, queue, search, sign_in, status

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    # Signing in, and the session
    path("", sign_in.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("session/", sign_in.session, name="session"),
    # The queue
    path("queue/", queue.queue, name="queue"),
    path("queue/refresh/", queue.refresh, name="queue_refresh"),
    path("queue/next/", queue.take_next, name="take_next"),
    path("queue/<str:number>/take/", queue.take, name="take"),
    # Search
    path("search/", search.search, name="search"),
    # The contact centre and the auditor
    path("status/", status.status, name="status"),
    path("journal/", auditing.journal, name="journal"),
    path("journal/verify/", auditing.verify, name="journal_verify"),
    # Administration
    path("administration/staff/", administration.staff, name="staff"),
    path("administration/staff/<str:username>/", administration.staff_standing, name="staff_standing"),
    path("administration/offices/", administration.offices, name="offices"),
    path("administration/tariffs/", administration.tariffs, name="tariffs"),
    path("administration/tariffs/<int:tariff_id>/", administration.tariff, name="tariff"),
    path("administration/calendar/", administration.calendar, name="calendar"),
    path("administration/calendar/<str:day>/", administration.calendar_remove, name="calendar_remove"),
    # Intake
    path("intake/", intake.start, name="intake_start"),
    path("intake/look-up/", intake.look_up, name="intake_look_up"),
    path("intake/look-up/<str:who>/<str:token>/", intake.found, name="intake_found"),
    path("intake/open/", intake.open_draft, name="intake_open"),
    path("intake/<str:number>/vehicle/", intake.vehicle, name="intake_vehicle"),
    path("intake/<str:number>/documents/", intake.documents, name="intake_documents"),
    path("intake/<str:number>/documents/attach/", intake.attach, name="intake_attach"),
    path("intake/<str:number>/documents/<int:document>/remove/", intake.remove, name="intake_remove"),
    path("intake/<str:number>/payment/", intake.payment, name="intake_payment"),
    path("intake/<str:number>/review/", intake.review, name="intake_review"),
    path("intake/<str:number>/accepted/", intake.accepted, name="intake_accepted"),
    path("intake/<str:number>/refreshed/", intake.refreshed, name="intake_refreshed"),
]
