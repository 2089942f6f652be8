"""The map of /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from api import schema
from api.resources import (
    applications,
    charges,
    details,
    documents,
    offices,
    plates,
    results,
    services,
    signatures,
    verification,
)
from api.tokens import token

app_name = "v1"
CASE = "applications/<str:number>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("token", token, name="token"),
    path("openapi.json", schema.Description.as_view(), name="openapi"),
    path("docs", schema.page, name="docs"),
    path("errors", schema.errors, name="errors"),
    path("offices", offices.Offices.as_view(), name="offices"),
    path("services", services.Services.as_view(), name="services"),
    path("services/<str:code>", services.OneService.as_view(), name="service"),
    path("services/<str:code>/preview", services.Preview.as_view(), name="preview"),
    path("verification", verification.Verification.as_view(), name="verification"),
    path("applications", applications.Applications.as_view(), name="applications"),
    path("applications/search", applications.Search.as_view(), name="search"),
    path(CASE, applications.One.as_view(), name="application"),
    path(f"{CASE}/submit", applications.Submit.as_view(), name="submit"),
    path(f"{CASE}/withdraw", applications.Withdraw.as_view(), name="withdraw"),
    path(f"{CASE}/details", details.Details.as_view(), name="details"),
    path(f"{CASE}/requirements", details.Requirements.as_view(), name="requirements"),
    path(f"{CASE}/canonical", details.Canonical.as_view(), name="canonical"),
    path(f"{CASE}/signatures", signatures.Signatures.as_view(), name="signatures"),
    path(f"{CASE}/co-owners", signatures.CoOwners.as_view(), name="co_owners"),
    path(f"{CASE}/documents", documents.Documents.as_view(), name="documents"),
    path(f"{CASE}/documents/<int:document>", documents.OneDocument.as_view(), name="document"),
    path(f"{CASE}/charges", charges.Charges.as_view(), name="charges"),
    path(f"{CASE}/payment", charges.Payment.as_view(), name="payment"),
    path(f"{CASE}/plates/search", plates.Free.as_view(), name="plates"),
    path(f"{CASE}/plate", plates.Held.as_view(), name="plate"),
    path(f"{CASE}/results", results.Results.as_view(), name="results"),
    path(f"{CASE}/papers/<int:paper>", results.PaperFile.as_view(), name="paper"),
    path(f"{CASE}/events", results.Events.as_view(), name="events"),
]
