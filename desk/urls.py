"""Every address of the desk, grouped by object. A view that no guard opened stays shut (desk/guards.py)."""

from django.urls import URLPattern, URLResolver, path

from desk import (
    administration,
    auditing,
    case,
    decision,
    documents,
    evidence,
    handover,
    inspection,
    intake,
    queue,
    search,
    sign_in,
    status,
    stock,
    taking_in,
    vehicle,
)

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
    # The case
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/refreshed/", case.refreshed, name="case_refreshed"),
    path("cases/<str:number>/identifier/", case.reveal, name="reveal"),
    path("cases/<str:number>/take/", case.take, name="case_take"),
    path("cases/<str:number>/release/", case.release, name="release"),
    path("cases/<str:number>/take-over/", case.take_over, name="take_over"),
    path("cases/<str:number>/withdraw/", case.withdraw, name="withdraw"),
    path("cases/<str:number>/approve/", decision.approve, name="approve"),
    path("cases/<str:number>/refuse/", decision.refuse, name="refuse"),
    path("cases/<str:number>/inspection/", inspection.inspection, name="inspection"),
    path("cases/<str:number>/checks/ask-again/", evidence.ask_again, name="ask_again"),
    path("cases/<str:number>/checks/<int:check>/", evidence.check, name="check"),
    path("cases/<str:number>/checks/<int:check>/rule/", evidence.rule, name="rule"),
    path("cases/<str:number>/checks/<int:check>/confirm/", evidence.confirm_ruling, name="confirm_ruling"),
    path("cases/<str:number>/documents/<int:document>/", documents.document, name="document"),
    path("cases/<str:number>/documents/<int:document>/mark/", documents.mark, name="mark_document"),
    path("cases/<str:number>/papers/<int:paper>/", documents.paper, name="paper"),
    path("cases/<str:number>/take-in/", taking_in.take_in, name="take_in"),
    path("cases/<str:number>/hand-over/", handover.hand_over, name="hand_over"),
    path("hand-over/", handover.handover_list, name="handover_list"),
    path("vehicles/<int:pk>/", vehicle.vehicle, name="vehicle"),
    # Plates and blanks
    path("stock/", stock.stock, name="stock"),
    path("stock/plates/receive/", stock.receive_plates, name="receive_plates"),
    path("stock/blanks/receive/", stock.receive_blanks, name="receive_blanks"),
    path("stock/blanks/spoil/", stock.spoil_blank, name="spoil_blank"),
    # Search
    path("search/", search.search, name="search"),
    # The contact centre and the auditor
    path("status/", status.status, name="status"),
    path("journal/", auditing.journal, name="journal"),
    path("journal/verify/", auditing.verify, name="journal_verify"),
    # Administration
    path("administration/staff/", administration.staff, name="staff"),
    path("administration/staff/new/", administration.staff_account, name="staff_new"),
    path("administration/staff/<str:username>/", administration.staff_account, name="staff_account"),
    path("administration/staff/<str:username>/password/", administration.staff_password, name="staff_password"),
    path("administration/offices/", administration.offices, name="offices"),
    path("administration/offices/new/", administration.office, name="office_new"),
    path("administration/offices/<str:code>/", administration.office, name="office"),
    path("administration/tariffs/", administration.tariffs, name="tariffs"),
    path("administration/tariffs/<int:tariff_id>/", administration.tariff, name="tariff"),
    path("administration/monthly-index/", administration.monthly_index, name="monthly_index"),
    path("administration/calendar/", administration.calendar, name="calendar"),
    path("administration/calendar/<int:exception_id>/", administration.calendar_remove, name="calendar_remove"),
    # Intake
    path("intake/", intake.start, name="intake_start"),
    path("intake/look-up/", intake.look_up, name="intake_look_up"),
    path("intake/look-up/<str:who>/<str:token>/", intake.found, name="intake_found"),
    path("intake/open/", intake.open_draft, name="intake_open"),
    path("intake/<str:number>/details/", intake.details, name="intake_details"),
    path("intake/<str:number>/documents/", intake.documents, name="intake_documents"),
    path("intake/<str:number>/documents/attach/", intake.attach, name="intake_attach"),
    path("intake/<str:number>/documents/<int:document>/remove/", intake.remove, name="intake_remove"),
    path("intake/<str:number>/payment/", intake.payment, name="intake_payment"),
    path("intake/<str:number>/review/", intake.review, name="intake_review"),
    path("intake/<str:number>/accepted/", intake.accepted, name="intake_accepted"),
    path("intake/<str:number>/refreshed/", intake.refreshed, name="intake_refreshed"),
]
