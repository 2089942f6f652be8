"""A page of HTML made into a PDF, without network: what it needs is in it or in the system's fonts."""

from __future__ import annotations


def pdf_of(html: str) -> bytes:
    """The PDF of `html`. Nothing is fetched but data URIs; a page that asks for anything else fails to print."""
    # WeasyPrint loads Pango and font tables; only workers print, so web workers must not load it.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    content: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return content
