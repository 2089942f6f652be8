"""Scans as people really send them: the good ones come out harmless, the bad ones with a way out."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from pikepdf import Dictionary, Name
from PIL import Image

from applications import documents, storage
from applications.errors import InvalidInputError
from applications.models import Document
from applications.uploads import OversizedFile, UploadLimitMiddleware
from tests.fixtures_papers import pdf_with, upload

MEGABYTE = 1024**2


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def refusal_of(content: bytes, name: str = "scan.pdf") -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        documents.store(upload(content, name))
    assert caught.value.status == 422
    assert str(caught.value.fields["upload"])
    return caught.value


def picture(kind: str = "JPEG", size=(400, 200), mode: str = "RGB", **save) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 1).save(output, kind, **save)
    return output.getvalue()


def tiff_with_an_empty_page() -> bytes:
    """A TIFF whose only page is followed by one of no fields at all."""
    made = picture("TIFF")
    count = struct.unpack_from("<H", made, 8)[0]
    after = 10 + 12 * count
    return made[:after] + struct.pack("<I", len(made)) + made[after + 4 :] + bytes(600)


def huge_png() -> bytes:
    """A PNG of a kilobyte that says it is 30,000 × 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


# What the PDF carries → it is refused.


def with_script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def with_named_script(pdf):
    script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.Stream(pdf, b"app.alert(1)")))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=["run", script]))


def with_launch(pdf):
    action = Dictionary(S=Name.Launch, F="cmd.exe")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    # Written in place inside an array of its own: no dictionary of the file holds the action.
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([link]))


def with_page_action(pdf):
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.SubmitForm, F="https://example.com"))


def with_attachment(pdf):
    pdf.attachments["invoice.exe"] = b"MZ"


def with_xfa(pdf):
    pdf.Root.AcroForm = Dictionary(XFA=pikepdf.Stream(pdf, b"<xdp/>"), Fields=[])


def with_rich_media(pdf):
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(annotation)])


@pytest.mark.parametrize(
    "active",
    [with_script, with_named_script, with_launch, with_page_action, with_attachment, with_xfa, with_rich_media],
)
def test_a_pdf_that_acts_is_refused(active):
    assert refusal_of(pdf_with(active)).code == "upload_active"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"MZ\x90\x00" + bytes(600), "upload_type", id="an executable named .pdf"),
        pytest.param(b"\x7fELF" + bytes(600), "upload_type", id="a Linux program named .pdf"),
        pytest.param(b"<html><script>alert(1)</script>%PDF-1.7", "upload_type", id="html as pdf"),
        pytest.param(b"PK\x03\x04" + bytes(600), "upload_type", id="an archive"),
        pytest.param(b"", "upload_empty", id="nothing"),
        pytest.param(b"%PDF-1.7 and then nothing", "upload_broken", id="a broken pdf"),
        pytest.param(picture()[:300], "upload_broken", id="half a picture"),
        pytest.param(tiff_with_an_empty_page(), "upload_broken", id="a second page without width and height"),
        pytest.param(huge_png(), "upload_pixels", id="30k x 30k pixels"),
    ],
)
def test_what_is_no_usable_scan_is_refused_with_a_way_out(content, code):
    assert refusal_of(content).code == code


@pytest.mark.parametrize("password", ["secret", ""], ids=["with a password to open", "with restrictions only"])
def test_an_encrypted_pdf_is_refused(password):
    content = pdf_with(encryption=pikepdf.Encryption(owner="owner", user=password))
    refused = refusal_of(content)
    assert refused.code == "upload_encrypted"
    with translation.override("en"):
        assert "protected" in str(refused.fields["upload"])


def test_a_pdf_of_too_many_pages_is_refused_and_says_how_many(settings):
    settings.UPLOAD_MAX_PAGES = 3
    assert "4" in str(refusal_of(pdf_with(pages=4)).fields["upload"])
    assert documents.store(upload(pdf_with(pages=3))).pages == 3


def test_several_pictures_in_one_file_are_refused():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, "TIFF", save_all=True, append_images=frames[1:])
    assert refusal_of(output.getvalue(), "scan.tiff").code == "upload_frames"


def test_a_pdf_is_rebuilt_from_its_pages_alone():
    def change(pdf):
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, Name.Fit])
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="http://x")
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
        pdf.docinfo["/Author"] = "Secret Author"

    content = pdf_with(change) + b"PK\x03\x04 and an archive behind it"
    stored = documents.store(upload(content))
    kept = storage.fetch("documents", stored.sha256)
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert "/Annots" not in pdf.pages[0].obj
    assert b"archive" not in kept
    assert b"Secret Author" not in kept


def test_what_was_typed_into_a_pdf_form_stays_visible():
    """A filled-in field lives in an annotation; dropping it would empty the document."""

    def change(pdf):
        look = pikepdf.Stream(pdf, b"BT /F 12 Tf (APPROVED) Tj ET")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, pikepdf.Array([0, 0, 90, 20])
        stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[9, 9, 99, 29], F=4, AP=Dictionary(N=look))
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(stamp)])

    stored = documents.store(upload(pdf_with(change)))
    with pikepdf.open(io.BytesIO(storage.fetch("documents", stored.sha256))) as pdf:
        drawn = b"".join(form.read_bytes() for form in pdf.pages[0].obj.Resources.XObject.values())
    assert b"APPROVED" in drawn


def test_a_picture_is_drawn_anew_upright_and_without_its_exif():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Maker of phones", 6
    exif.get_ifd(0x8825)[1] = "N"
    stored = documents.store(upload(picture(exif=exif) + b"<script>alert(1)</script>", "IMG_1.jpg"))
    kept = storage.fetch("documents", stored.sha256)
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.size == (200, 400)
        assert not drawn.getexif()
    assert b"Maker" not in kept
    assert b"script" not in kept


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (picture("PNG"), "image/jpeg"),
        (picture("PNG", mode="1"), "image/png"),
        (picture("PNG", mode="P"), "image/jpeg"),
        (picture("TIFF"), "image/jpeg"),
        (picture("WEBP"), "image/jpeg"),
        (picture("JPEG", mode="CMYK"), "image/jpeg"),
    ],
)
def test_every_kind_of_scan_becomes_one_a_browser_shows(content, content_type):
    stored = documents.store(upload(content, "scan.pdf"))
    assert stored.content_type == content_type
    assert stored.name == {"image/jpeg": "scan.jpg", "image/png": "scan.png"}[content_type]


def test_a_see_through_background_becomes_paper():
    output = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(output, "PNG")
    stored = documents.store(upload(output.getvalue()))
    with Image.open(io.BytesIO(storage.fetch("documents", stored.sha256))) as drawn:
        assert drawn.getpixel((10, 10)) == (255, 255, 255)


def test_a_large_scan_is_brought_to_300_dpi_of_a4():
    stored = documents.store(upload(picture(size=(4960, 7016), mode="L")))
    with Image.open(io.BytesIO(storage.fetch("documents", stored.sha256))) as drawn:
        assert max(drawn.size) == 3508


def test_the_same_content_lies_in_storage_once(settings):
    first, second = documents.store(upload(picture(), "a.jpg")), documents.store(upload(picture(), "b.jpg"))
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert first.sha256 == second.sha256
    assert [file.name for file in files] == [first.sha256]
    assert files[0].stat().st_mode & 0o077 == 0


def test_half_a_file_left_by_a_crash_is_written_anew():
    stored = documents.store(upload(picture()))
    path = Path(default_storage.path(storage.path_of("documents", stored.sha256)))
    whole = path.read_bytes()
    path.write_bytes(whole[:10])
    documents.store(upload(picture()))
    assert path.read_bytes() == whole


def test_a_file_altered_in_storage_is_not_served():
    stored = documents.store(upload(picture()))
    path = Path(default_storage.path(storage.path_of("documents", stored.sha256)))
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    document = Document(sha256=stored.sha256, name=stored.name, content_type=stored.content_type)
    with pytest.raises(storage.DamagedFileError):
        documents.read(document)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("..\\..\\Договор №5.exe", "Договор №5.jpg"),
        ("<img src=x onerror=alert(1)>.jpg", "img src x onerror alert(1).jpg"),
        ("нотариус\u202egpj.exe", "нотариус gpj.jpg"),
        ("...", "scan.jpg"),
        ("a" * 300 + ".jpg", "a" * 100 + ".jpg"),
    ],
)
def test_a_name_is_only_shown_and_harmless(name, shown):
    assert documents.display_name(name, ".jpg") == shown


@pytest.mark.parametrize("content_type", ["image/jpeg", "application/pdf"])
def test_a_document_is_served_so_that_no_browser_interprets_or_keeps_it(content_type):
    stored = documents.store(upload(picture() if content_type == "image/jpeg" else pdf_with()))
    document = Document(sha256=stored.sha256, name='Договор "5".pdf', content_type=stored.content_type)
    answer = documents.response(document)
    assert answer["Content-Type"] == content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("inline; filename=\"document.pdf\"; filename*=UTF-8''%D0%94")
    assert ("sandbox" in answer.get("Content-Security-Policy", "")) == (content_type == "image/jpeg")


class Endless(io.RawIOBase):
    """The body of a form with one file of `size` bytes, made while it is read; counts what was read."""

    def __init__(self, size: int) -> None:
        head = b'--B\r\nContent-Disposition: form-data; name="note"\r\n\r\nkept\r\n'
        head += b'--B\r\nContent-Disposition: form-data; name="upload"; filename="scan.pdf"\r\n'
        self.head = io.BytesIO(head + b"Content-Type: application/pdf\r\n\r\n")
        self.tail = io.BytesIO(b"\r\n--B--\r\n")
        self.left = size
        self.length = len(head) + 33 + size + 9
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        data = self.head.read(size)
        if not data and self.left:
            data = b"x" * min(size, self.left)
            self.left -= len(data)
        data = data or self.tail.read(size)
        self.given += len(data)
        return data


def request_with(body: Endless) -> HttpRequest:
    request = RequestFactory().post("/", content_type="multipart/form-data; boundary=B")
    request.META["CONTENT_LENGTH"] = request.environ["CONTENT_LENGTH"] = str(body.length)
    return type(request)({**request.environ, "wsgi.input": body})


@pytest.mark.django_db
def test_a_500_mb_scan_is_refused_before_it_is_read(client):
    body = Endless(500 * MEGABYTE)
    answer = client.generic(
        "POST",
        "/",
        content_type="multipart/form-data; boundary=B",
        **{
            "wsgi.input": body,
            "CONTENT_LENGTH": str(body.length),
            "wsgi.url_scheme": "https",
        },
    )
    assert answer.status_code == 413
    assert body.given == 0
    assert "15" in answer.content.decode()


def test_a_file_over_the_limit_reaches_the_form_as_its_size_alone(tmp_path, settings):
    """The other fields of the form arrive, so the page can say what is wrong and keep them; the disk gets no 40 MB."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = request_with(Endless(40 * MEGABYTE))
    oversized = request.FILES["upload"]
    assert isinstance(oversized, OversizedFile)
    assert request.POST["note"] == "kept"
    assert not list(tmp_path.iterdir())
    with pytest.raises(InvalidInputError) as caught:
        documents.store(oversized)
    assert caught.value.code == "upload_size"


def test_a_file_within_the_limit_passes_whole():
    upload = request_with(Endless(3 * MEGABYTE)).FILES["upload"]
    assert isinstance(upload, UploadedFile)
    assert upload.size == 3 * MEGABYTE
    assert upload.read(4) == b"xxxx"
    upload.close()


def test_a_request_that_announces_little_goes_on():
    middleware = UploadLimitMiddleware(lambda request: HttpResponse("went on"))
    small = RequestFactory().post("/", {"upload": SimpleUploadedFile("a", b"1")})
    assert middleware(small).content == b"went on"
