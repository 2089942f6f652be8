"""Papers: both languages, numbered, signed by the office, proved by a code that needs no network, made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone
from pypdf import PdfReader

from applications import keys as keyring
from applications import outbox, paper_codes, papers, storage
from applications.acting import Actor
from applications.errors import DomainError
from applications.models import JournalEntry, OutboxMessage, Paper
from applications.printing import pdf_of
from applications.signing import verify
from tests.fixtures_papers import ACCEPTED, OWNER, sample, text_of

pytestmark = pytest.mark.django_db

MILLIMETRES = 72 / 25.4


def pdf_of_paper(paper: Paper) -> bytes:
    return storage.fetch("papers", paper.sha256)


def qr_text(paper: Paper) -> str:
    imprint = paper.content["paper"]
    return paper_codes.signed_text(
        code=paper.verification_code,
        kind=paper.kind,
        number=paper.number,
        on=ACCEPTED.date(),
        subject=imprint["subject"],
    )


# What each paper says, in both languages.


@pytest.mark.parametrize(
    ("code", "kazakh", "russian"),
    [
        ("receipt", "Құжаттардың қабылданғаны туралы қолхат", "Расписка о приёме документов"),
        ("handover_sheet", "Беру парағы", "Лист выдачи"),
        ("inspection_act", "Көлік құралын тексеру актісі", "Акт осмотра транспортного средства"),
        (
            "registration_certificate",
            "Көлік құралын тіркеу туралы куәлік",
            "Свидетельство о регистрации транспортного средства",
        ),
        ("refusal_letter", "Бас тарту туралы дәлелді жауап", "Мотивированный ответ об отказе"),
    ],
)
def test_every_paper_is_in_kazakh_first_then_in_russian(made, code, kazakh, russian):
    text = text_of(pdf_of_paper(made(code)))
    assert kazakh in text
    assert russian in text
    assert text.index(kazakh) < text.index(russian)


def test_the_receipt_gives_the_due_time_in_words_and_how_it_was_counted(made):
    """VR.3.1, VR.7: 120 working minutes from Monday 17:05 end on Tuesday 10:05."""
    text = text_of(pdf_of_paper(made("receipt")))
    assert "2026 жылғы 24 қараша, сейсенбі, 10 сағат 05 минутқа дейін" in text
    assert "вторник, 24 ноября 2026 года, 10 часов 05 минут" in text
    assert "120 рабочих минут" in text
    assert "23.11.2026 09:00–18:00; 24.11.2026 09:00–18:00" in text


def test_the_receipt_of_a_term_in_days_says_which_day_is_not_counted(made):
    """PD.3: working days, the day of acceptance not among them."""
    text = text_of(pdf_of_paper(made("receipt", term={"minutes": None, "working_days": 15})))
    assert "15 рабочих дней. День приёма документов не считается" in text
    assert "15 жұмыс күні. Құжаттар қабылданған күн есепке кірмейді" in text


def test_the_receipt_lists_documents_and_charges_and_masks_the_number_of_the_person(made):
    text = text_of(pdf_of_paper(made("receipt")))
    assert "Меншік құқығын растайтын құжат" in text
    assert "5 406 ₸" in text
    assert "8810-2232" in text
    assert str(OWNER["identifier"]) not in text


def test_the_certificate_is_a_card_of_two_sides(made):
    """VR.5a: 8.6 × 5.4 cm, the vehicle on the front, the owner and the code on the back."""
    pages = PdfReader(BytesIO(pdf_of_paper(made("registration_certificate")))).pages
    sizes = [(round(page.mediabox.width / MILLIMETRES), round(page.mediabox.height / MILLIMETRES)) for page in pages]
    assert sizes == [(86, 54), (86, 54)]
    assert "XW7BF4FK60S123456" in pages[0].extract_text()
    assert str(OWNER["identifier"]) in pages[1].extract_text()


def test_the_refusal_names_ground_citation_and_finding_in_both_languages(made):
    """VR.5c: a motivated answer."""
    text = text_of(pdf_of_paper(made("refusal_letter")))
    assert "Орындалмаған қаулылар" in text
    assert "5-қосымша, 9-жол, 4)-тармақша" in text
    assert "приложение 5, строка 9, подпункт 4)" in text
    assert text.count("26-118-7") == 2


def test_the_inspection_act_says_which_number_differs(made):
    """VR.8.1j, VR.9.9."""
    text = text_of(pdf_of_paper(made("inspection_act")))
    assert "A25AK123456 сәйкес келмейді / не соответствует" in text
    assert "нөмірлері құжаттардан өзгеше" in text


def test_the_handover_sheet_lists_what_goes_in_and_out(made):
    """VR.8.1f: what is surrendered."""
    text = text_of(pdf_of_paper(made("handover_sheet")))
    assert "Бұрынғы МТНБ" in text
    assert "AA00001234" in text
    assert "417KZN02" in text
    assert "2 дана / 2 шт." in text
    assert "СЕРІКОВА АЙГҮЛ" in text


def test_what_people_typed_is_inert_in_a_paper(ordered):
    typed = "{{ 7|add:42 }} {{7*7}} <script>alert(1)</script> <img src='http://example.com/x.png'>"
    applicant = {"name": typed, "identifier": "–", "is_organisation": False}
    html = papers.page(ordered("receipt", applicant=applicant), is_development=True)
    assert "<script>" not in html
    assert "<img src='http" not in html
    assert "{{ 7|add:42 }} {{7*7}} <script>alert(1)</script>" in text_of(pdf_of(html))


def test_a_page_cannot_fetch_from_the_network_or_the_disk(tmp_path, caplog):
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    html = (
        f'<html><body>plain<img src="file://{tmp_path}/secret.svg"><img src="http://127.0.0.1:9/x.svg"></body></html>'
    )
    assert text_of(pdf_of(html)) == "plain"


# Order, make, replace, revoke.


def test_papers_are_numbered_and_promised(ordered, paper_application):
    receipt, act = ordered("receipt"), ordered("inspection_act")
    assert [receipt.number, act.number] == ["0201-26-004178-3/1", "0201-26-004178-3/2"]
    assert [len(paper.verification_code) for paper in (receipt, act)] == [22, 22]
    assert list(OutboxMessage.objects.values_list("kind", "payload")) == [
        ("paper", {"paper": receipt.pk}),
        ("paper", {"paper": act.pk}),
    ]


def test_the_front_desk_issues_the_receipt_and_the_police_the_certificate(ordered):
    assert ordered("receipt").content["paper"]["office"]["code"] == "0203"
    assert ordered("registration_certificate").content["paper"]["office"]["code"] == "0201"


def test_a_second_paper_of_a_kind_replaces_the_first(ordered):
    first, other, second = ordered("receipt"), ordered("inspection_act"), ordered("receipt")
    first.refresh_from_db()
    other.refresh_from_db()
    assert [first.standing, other.standing, second.standing] == ["replaced", "valid", "valid"]
    assert first.standing_changed_at == ACCEPTED


def test_a_paper_is_revoked_once(made):
    paper = made("receipt")
    papers.revoke(paper=paper, actor=Actor.automatic(), now=ACCEPTED)
    assert paper.standing == "revoked"
    assert JournalEntry.objects.filter(action="paper_revoked").count() == 1
    with pytest.raises(DomainError) as caught:
        papers.revoke(paper=paper, actor=Actor.automatic(), now=ACCEPTED)
    assert caught.value.code == "paper_not_valid"


def test_made_twice_it_is_made_once(ordered, settings):
    paper = ordered("receipt")
    first, second = papers.make(paper_id=paper.pk), papers.make(paper_id=paper.pk)
    files = [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    assert first.sha256 == second.sha256
    assert [file.name for file in files] == [first.sha256]
    assert JournalEntry.objects.filter(action="paper_made").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_leave_one_file(ordered, settings):
    paper = ordered("inspection_act")

    def make() -> str:
        try:
            return papers.make(paper_id=paper.pk).sha256
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        hashes = [future.result() for future in [workers.submit(make), workers.submit(make)]]
    files = [file.name for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    assert len(set(hashes)) == 1
    assert files == hashes[:1]


def test_the_outbox_makes_the_paper_and_says_what_is_missing(ordered, keys):
    paper = ordered("receipt")
    message = OutboxMessage.objects.get()
    key = keys / "offices" / "0203.key.pem"
    key.rename(key.with_suffix(".away"))
    outbox.keep(message.pk)
    message.refresh_from_db()
    assert "no signing key for office 0203: run make_keys" in message.last_error
    key.with_suffix(".away").rename(key)
    outbox.keep(message.pk)
    paper.refresh_from_db()
    assert paper.state == "ready"


def test_a_paper_prints_what_was_true_when_it_was_ordered(ordered, paper_application):
    paper = ordered("handover_sheet", plate="417KZN02")
    paper_application.plate_number = "999ZZZ02"
    paper_application.save()
    text = text_of(pdf_of_paper(papers.make(paper_id=paper.pk)))
    assert "417KZN02" in text
    assert "999ZZZ02" not in text


def test_a_paper_is_served_only_once_it_is_made(ordered):
    paper = ordered("receipt")
    with pytest.raises(DomainError) as caught:
        papers.paper_response(paper)
    assert caught.value.code == "paper_pending"
    answer = papers.paper_response(papers.make(paper_id=paper.pk))
    assert answer.content.startswith(b"%PDF-")
    assert "filename*=UTF-8''receipt_0201-26-004178-3-1.pdf" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"


# The office's signature.


def test_the_signature_is_the_offices_and_covers_the_whole_file(made, keys):
    verdict = verify(
        pdf_of_paper(made("registration_certificate")), authority=(keys / "development-ca.pem").read_bytes()
    )
    assert verdict.is_intact
    assert verdict.is_trusted
    assert verdict.covers_whole_file
    assert verdict.signer == "Отдел 0201"


def test_an_altered_byte_breaks_the_signature(made, keys):
    pdf = bytearray(pdf_of_paper(made("receipt")))
    place = pdf.index(b"/MediaBox") + 40
    pdf[place] ^= 1
    assert not verify(bytes(pdf), authority=(keys / "development-ca.pem").read_bytes()).is_intact


def test_a_signature_of_another_authority_is_not_trusted(made, settings, tmp_path):
    pdf = pdf_of_paper(made("receipt"))
    settings.KEYS_DIR = tmp_path / "other-keys"
    call_command("make_keys", verbosity=0)
    verdict = verify(pdf, authority=(settings.KEYS_DIR / "development-ca.pem").read_bytes())
    assert verdict.is_intact
    assert not verdict.is_trusted


# Keys.


def test_keys_are_made_once_and_readable_by_their_owner_alone(keys):
    before = {file: file.read_bytes() for file in keys.rglob("*.pem")}
    said = StringIO()
    call_command("make_keys", stdout=said)
    assert {file: file.read_bytes() for file in keys.rglob("*.pem")} == before
    assert "Every key is there already" in said.getvalue()
    assert {stat.S_IMODE(file.stat().st_mode) for file in before} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (keys, keys / "offices", keys / "qr")} == {0o700}


def test_a_development_certificate_says_so_on_the_paper(made, keys):
    assert keyring.office_key("0201").is_development
    assert "УЧЕБНЫЙ КЛЮЧ" in text_of(pdf_of_paper(made("receipt")))


# The QR code.


def test_the_code_proves_the_paper_without_network_or_database(ordered, django_assert_num_queries):
    text = qr_text(ordered("registration_certificate"))
    said = StringIO()
    with django_assert_num_queries(0):
        call_command("verify_qr", text, plate="417KZN02", vin="XW7BF4FK60S123456", stdout=said)
    assert "Genuine: registration_certificate 0201-26-004178-3/1 of 2026-11-23" in said.getvalue()
    assert "The vehicle is the one" in said.getvalue()


def test_the_code_on_the_paper_is_the_signed_text(ordered, monkeypatch):
    drawn: list[str] = []
    monkeypatch.setattr(papers, "drawing", drawn.append)
    paper = ordered("receipt")
    papers.page(paper, is_development=True)
    assert drawn == [qr_text(paper)]
    assert drawn[0].startswith(f"http://127.0.0.1:8000/verify/{paper.verification_code}/#")


def test_the_code_holds_no_personal_data(ordered):
    text = qr_text(ordered("registration_certificate"))
    payload = paper_codes.verify_text(text).text
    everything = text + payload
    assert "417KZN02" not in everything
    assert "XW7BF4FK60S123456" not in everything
    assert str(OWNER["identifier"]) not in everything


def test_a_genuine_code_on_another_vehicle_is_found_out(ordered):
    with pytest.raises(CommandError, match="another vehicle"):
        call_command(
            "verify_qr", qr_text(ordered("registration_certificate")), plate="001AAA01", vin="XW7BF4FK60S123456"
        )


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text.replace("#", "#A"),
        lambda text: text[:-3] + ("AAA" if text[-3:] != "AAA" else "BBB"),
        lambda text: text.split("#")[0],
        lambda text: "https://example.com/",
        lambda text: text + ".x",
    ],
)
def test_an_altered_code_is_refused(ordered, alter):
    with pytest.raises(paper_codes.ForgedCodeError):
        paper_codes.verify_text(alter(qr_text(ordered("receipt"))))


def test_old_papers_verify_after_the_key_was_changed(ordered, keys):
    """ASVS 11: the private key goes, its public half stays."""
    old = qr_text(ordered("receipt"))
    for file in (keys / "qr").glob("*.key.pem"):
        file.unlink()
    call_command("make_keys", verbosity=0)
    assert paper_codes.verify_text(old).key_id in keyring.qr_public_keys()
    assert len(keyring.qr_public_keys()) == 2


# On the road.


def test_a_receipt_is_ordered_with_the_acceptance(road):
    """VR.3.1, VR.7a: number, documents, charges and the due time that the application itself keeps."""
    application = road.accepted()
    paper = Paper.objects.get(application=application, kind="receipt")
    text = text_of(pdf_of_paper(papers.make(paper_id=paper.pk)))
    due = timezone.localtime(application.due_at)
    assert application.number in text
    assert f"{due.hour} сағат {due:%M} минутқа дейін" in text
    assert paper.content["documents"]
    assert paper.content["is_paid"]


def test_ordering_needs_few_queries(keys, paper_application, django_assert_max_num_queries):
    with django_assert_max_num_queries(5), transaction.atomic():
        papers.order(application=paper_application, kind=sample("receipt"), now=ACCEPTED)
