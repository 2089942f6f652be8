"""The three standards together: every row of the law is carried, in three languages, with its place; their pages."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from html import unescape

import pytest
from django.conf import settings

import licensing.standard
import plates.standard
import registration.standard
from applications.order_743 import IN_FORCE_FROM
from applications.standards import Citation, MetBy, Standard, Text, in_force

VERSIONS = {
    "VR": registration.standard.VERSIONS,
    "PD": plates.standard.VERSIONS,
    "DL": licensing.standard.VERSIONS,
}
STANDARDS = {code: versions[0] for code, versions in VERSIONS.items()}

# Every row of the three tables of the order, and its dated rules.
LISTED = {
    "VR": """
        VR.1 VR.2 VR.3a VR.3b VR.4 VR.5a VR.5b VR.5c VR.6a VR.6b VR.6c VR.6d VR.7a VR.7b
        VR.8.1a VR.8.1b VR.8.1c VR.8.1d VR.8.1e VR.8.1f VR.8.1g VR.8.1h VR.8.1i VR.8.1j
        VR.8.2a VR.8.2b VR.8.2c VR.8.3a VR.8.3b VR.8.3c VR.8.3d VR.8.3e
        VR.9.1 VR.9.2 VR.9.3 VR.9.4 VR.9.5 VR.9.6 VR.9.7 VR.9.8 VR.9.9 VR.10
        LAW-E1 LAW-E2 LAW-O1
    """,
    "PD": """
        PD.1 PD.2 PD.3 PD.4 PD.5 PD.6 PD.7 PD.8.1 PD.8.2
        PD.9.1 PD.9.2 PD.9.3 PD.9.4 PD.9.5 PD.9.6 PD.9.7 PD.10
    """,
    "DL": """
        DL.1 DL.2 DL.2x DL.3 DL.4 DL.5 DL.6 DL.7 DL.8.1a DL.8.1b DL.8.1c DL.8.1d DL.8.2a DL.8.2b DL.8.2c
        DL.9.1 DL.9.2 DL.9.3 DL.9.4 DL.10 DL-2
    """,
}
ROWS = {code: listed.split() for code, listed in LISTED.items()}


def parts(thing: object) -> Iterator[object]:
    """Every dataclass within `thing`, itself included."""
    if is_dataclass(thing):
        yield thing
        for item in fields(thing):
            yield from parts(getattr(thing, item.name))
    elif isinstance(thing, tuple | list | frozenset):
        for item in thing:
            yield from parts(item)


def rows(standard: Standard) -> set[str]:
    found = {standard.provider_row, standard.form_row, standard.channels_row, standard.status_row}
    for part in parts(standard):
        if not isinstance(part, Citation):
            found.update([getattr(part, "row", "")], getattr(part, "besides", ()))
    return found - {""}


def page_of(client, path: str, language: str = "ru") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


TEXTS = [text for standard in STANDARDS.values() for text in parts(standard) if isinstance(text, Text)]


@pytest.mark.parametrize(("code", "row"), [(code, row) for code, listed in ROWS.items() for row in listed])
def test_every_row_is_carried(code, row):
    assert row in rows(STANDARDS[code])


@pytest.mark.parametrize("code", list(ROWS))
def test_no_row_is_invented(code):
    assert rows(STANDARDS[code]) <= set(ROWS[code])


def test_a_missing_row_would_be_seen():
    assert "VR.6b" not in rows(STANDARDS["PD"])
    assert len({id(text) for text in TEXTS}) > 100


def test_every_text_speaks_three_languages():
    for text in TEXTS:
        latin, cyrillic = re.findall(r"[A-Za-z]", text.en), re.findall(r"[А-Яа-яЁё]", text.en)
        assert len(latin) > 2 * len(cyrillic), text.en
        assert re.search(r"[а-яё]", text.ru), text.ru
        assert re.search(r"[а-яәғқңөұүһі]", text.kk), text.kk
        assert not re.search(r"[әғқңөұүһі]", text.ru), text.ru
        assert text.ru != text.kk


def test_kazakh_is_written_in_kazakh():
    """A long Kazakh text without one Kazakh letter is a Russian one put in the wrong place."""
    suspicious = [text.kk for text in TEXTS if len(text.kk) > 25 and not re.search(r"[әғқңөұүһі]", text.kk.lower())]
    assert suspicious == []


@pytest.mark.parametrize(("code", "annex"), [("VR", "5"), ("PD", "8"), ("DL", "14")])
def test_grounds_cite_their_place(code, annex):
    standard = STANDARDS[code]
    assert standard.annex == annex
    for ground in standard.grounds:
        assert (ground.citation.annex, ground.citation.row) == (annex, "9")
        assert ground.row == f"{code}.9.{ground.citation.item}"


def test_citation_reads_in_each_language_vr_9_4():
    citation = STANDARDS["VR"].ground("VR.9.4", "VR-1").citation
    assert citation.in_language("ru").endswith("приложение 5 к Правилам, строка 9, подпункт 4)")
    assert citation.in_language("kk").endswith("Қағидаларға 5-қосымша, 9-жол, 4)-тармақша")
    assert citation.in_language("en").endswith("annex 5 to the Rules, row 9, item 4")


def test_the_rules_are_dated_2_december():
    """The refusal rows of the order say 12 December by a slip."""
    act = STANDARDS["DL"].ground("DL.9.2", "DL-1").citation.act
    assert "от 2 декабря 2014 года № 862" in act.ru
    assert "12 " not in act.en + act.ru + act.kk


@pytest.mark.parametrize("standard", STANDARDS.values(), ids=list(STANDARDS))
def test_the_parts_of_a_standard_fit_together(standard):
    """Checks that requirements name exist; grounds that checks name exist for every sub-service asked."""
    codes = {rule.code for rule in standard.checks}
    known = {subservice.code for subservice in standard.subservices}
    for requirement in standard.requirements:
        assert requirement.check in codes | {""}
        assert bool(requirement.check) is bool({MetBy.REGISTER, MetBy.PAYMENT} & set(requirement.met_by))
    for rule in standard.checks:
        for subservice in rule.subservices:
            assert standard.ground(rule.ground, subservice).row == rule.ground
    for part in (*standard.requirements, *standard.charges, *standard.free, *standard.checks, *standard.terms):
        assert part.subservices <= known


@pytest.mark.parametrize("code", list(VERSIONS))
def test_version_in_force_by_day(code):
    assert in_force(VERSIONS[code], IN_FORCE_FROM) is VERSIONS[code][0]
    with pytest.raises(LookupError):
        in_force(VERSIONS[code], IN_FORCE_FROM - timedelta(days=1))


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_services_page_lists_the_three(client, django_assert_max_num_queries, db, language):
    with django_assert_max_num_queries(2):
        page = page_of(client, "/services/", language)
    for standard in STANDARDS.values():
        assert f'href="/services/{standard.code}/"' in page
        assert standard.title.in_language(language) in page


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("code", list(STANDARDS))
def test_service_page_shows_every_row_in_the_language(client, django_assert_max_num_queries, db, code, language):
    with django_assert_max_num_queries(2):
        page = page_of(client, f"/services/{code}/", language)
    assert STANDARDS[code].grounds[-1].text.in_language(language) in page
    assert [row for row in ROWS[code] if f">{row}<" not in page] == []


def test_service_page_by_day_law_e1(client):
    scan = "Паспорт ТС (шасси): электронный либо скан бумажного"
    day_before = page_of(client, "/services/vr/?on=2024-12-31")
    first_day = page_of(client, "/services/vr/?on=2025-01-01")
    # Online the scan stays, and the table of dates names it on any day.
    assert day_before.count(scan) == first_day.count(scan) + 1
    assert first_day.count(scan) > 0


def test_service_page_before_the_first_version_says_so(client):
    page = page_of(client, "/services/PD/?on=2020-01-01", "en")
    assert "2020" in page
    assert "PD.9.1" not in page


@pytest.mark.parametrize("on", ["yesterday", "2024-13-40", "%27+or+1%3D1"])
def test_service_page_with_a_day_that_is_none(client, on):
    page = page_of(client, f"/services/DL/?on={on}", "en")
    assert 'aria-describedby="on-trouble"' in page
    assert "DL.9.1" in page


def test_unknown_service_is_not_found(client):
    assert client.get("/services/XX/").status_code == 404


def test_dates_of_the_law():
    """LAW-E1 and LAW-E2 are the only rules with a day of their own."""
    dated = {
        (rule.besides, rule.effective_from)
        for standard in STANDARDS.values()
        for rule in standard.requirements
        if rule.effective_from
    }
    assert dated == {(("LAW-E1",), date(2025, 1, 1)), (("LAW-E2",), date(2024, 10, 20))}
