"""The map of the demo portal. No address holds an IIN, a plate or a VIN."""

from django.urls import URLPattern, path

from examples.portal import entering, failing, filing, following, signing, webhooks

CASE = "applications/<slug:number>/"

urlpatterns: list[URLPattern] = [
    path("", entering.services, name="services"),
    path("enter/", entering.enter, name="enter"),
    path("leave/", entering.leave, name="leave"),
    path("language/", entering.language, name="language"),
    path("applications/", entering.applications, name="applications"),
    path("new/<slug:service>/<slug:subservice>/", filing.new, name="new"),
    path(f"{CASE}details/", filing.details, name="details"),
    path(f"{CASE}documents/", filing.documents, name="documents"),
    path(f"{CASE}plates/", filing.plates, name="plates"),
    path(f"{CASE}signing/", signing.sign, name="signing"),
    path(f"{CASE}pay/", filing.pay, name="pay"),
    path(f"{CASE}submit/", filing.submit, name="submit"),
    path(f"{CASE}withdraw/", filing.withdraw, name="withdraw"),
    path(CASE, following.case, name="case"),
    path(f"{CASE}now/", following.now, name="now"),
    path(f"{CASE}papers/<int:paper>.pdf", following.paper, name="paper"),
    path("paid/<slug:reference>/", following.paid, name="paid"),
    path("webhooks/", webhooks.receive, name="webhooks"),
]

handler400, handler404, handler500 = failing.bad_request, failing.not_found, failing.fault
