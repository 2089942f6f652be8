"""Makes a harmless file out of an uploaded one: pictures are drawn anew, PDFs rebuilt from their pages.

Nothing of the sender's bytes reaches a viewer unread: what is no page, picture or text is left behind, so a file that
is two things at once (an archive, a script, a page of HTML) comes out as one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import filetype
import pikepdf
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from applications.errors import InvalidInputError
from applications.unpacking import Uncountable, is_bomb

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/tiff": "TIFF"}
# 600 dpi of an A4 page is 35 million; more is decoded into more memory than a web worker has.
MAX_PIXELS = 40_000_000
# What Pillow raises for a damaged picture, depending on which of its bytes is wrong.
DAMAGED = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    struct.error,
)
# 300 dpi of an A4 page: text stays legible, and a case with twenty scans opens quickly.
MAX_SIDE = 3508
JPEG_QUALITY = 88

# Pillow itself refuses twice this number while it reads the header, before any pixel.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Bounds what a compressed stream of a PDF may swell to.
pikepdf.settings.set_qpdf_limits(flate_max_memory=150_000_000, run_length_max_memory=150_000_000)

# Actions that run, fetch, send or start something: no scan has them, so the file is refused and the sender told.
REFUSED_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute", "/Rendition", "/GoToE", "/Movie"}
)
REFUSED_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EmbeddedFile", "/XFA", "/RichMediaContent"})
REFUSED_SUBTYPES = frozenset({"/RichMedia", "/Screen", "/Movie", "/3D", "/FileAttachment", "/PS"})
CONTAINERS = (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)
MAX_NESTING = 50
# All a page keeps; links, opening actions, thumbnails and the like are dropped with everything not named here.
PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group"}
)


@dataclass(frozen=True)
class Clean:
    """A file made anew. `pages` is 1 for a picture."""

    content: bytes
    content_type: str
    pages: int

    @property
    def extension(self) -> str:
        return {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}[self.content_type]


def clean(content: bytes) -> Clean:
    """The harmless twin of `content`, whatever its name said. Raises InvalidInputError on the field "upload"."""
    kind = filetype.guess_mime(content)
    if kind == "application/pdf":
        return clean_pdf(content)
    if kind in PICTURES:
        return clean_picture(content, PICTURES[kind])
    raise refused(
        "upload_type",
        _("This is not a scan, whatever its name says. Attach a picture (JPEG, PNG, TIFF, WebP) or a PDF."),
    )


def refused(code: str, message: str | _StrPromise) -> InvalidInputError:
    return InvalidInputError({"upload": message}, code=code)


def clean_picture(content: bytes, kind: str) -> Clean:
    """The picture drawn anew, upright and without its metadata (place, device, owner), at most 300 dpi of A4."""
    try:
        with Image.open(BytesIO(content), formats=[kind]) as picture:
            check_dimensions(picture)
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            return draw_anew(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels() from error
    except DAMAGED as error:
        raise refused(
            "upload_broken", _("The picture is damaged and cannot be opened. Scan the document again.")
        ) from error


def check_dimensions(picture: Image.Image) -> None:
    """Judge by the header alone: a small file can unfold into gigabytes."""
    if picture.width * picture.height > MAX_PIXELS:
        raise too_many_pixels()
    if getattr(picture, "n_frames", 1) > 1:
        raise refused("upload_frames", _("The picture has several pages. Save it as a PDF and attach that."))


def too_many_pixels() -> InvalidInputError:
    return refused("upload_pixels", _("The picture has too many pixels. Scan the document again at 300 dpi or less."))


def draw_anew(picture: Image.Image) -> Clean:
    upright = on_white(ImageOps.exif_transpose(picture))
    is_line_art = picture.mode == "1"
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    upright.info = {}
    output = BytesIO()
    # Black-and-white text keeps its edges and is smaller as PNG; everything else is a photograph of a page.
    if is_line_art:
        upright.save(output, "PNG", optimize=True)
        return Clean(output.getvalue(), "image/png", pages=1)
    upright.save(output, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Clean(output.getvalue(), "image/jpeg", pages=1)


def on_white(picture: Image.Image) -> Image.Image:
    """The picture in grey or colour; a see-through background, black in a JPEG otherwise, becomes paper."""
    if picture.mode in {"1", "L"}:
        return picture.convert("L")
    if picture.mode not in {"RGBA", "LA", "PA", "P"}:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def clean_pdf(content: bytes) -> Clean:
    """A PDF rebuilt from the pages of `content` alone, filled-in form fields and stamps drawn into the page."""
    try:
        with pikepdf.open(BytesIO(content)) as source:
            if source.is_encrypted:
                raise encrypted()
            pages = check_pages(source)
            refuse_active_content(source)
            refuse_bombs(source)
            return Clean(rebuild(source), "application/pdf", pages=pages)
    except pikepdf.PasswordError as error:
        raise encrypted() from error
    # Damaged files surface as any of these, depending on which object is damaged.
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise refused(
            "upload_broken", _("The PDF is damaged and cannot be opened. Print it to a new PDF or scan the document.")
        ) from error


def encrypted() -> InvalidInputError:
    return refused(
        "upload_encrypted",
        _("The PDF is protected. Save it without password and restrictions, or scan the document."),
    )


def check_pages(source: pikepdf.Pdf) -> int:
    pages = len(source.pages)
    if pages == 0:
        raise refused("upload_empty", _("The PDF has no pages. Attach the document itself."))
    if pages > settings.UPLOAD_MAX_PAGES:
        raise refused(
            "upload_pages",
            _("The PDF has %(pages)s pages, at most %(limit)s are taken. Attach only the pages asked for, or parts.")
            % {"pages": pages, "limit": settings.UPLOAD_MAX_PAGES},
        )
    return pages


def refuse_bombs(source: pikepdf.Pdf) -> None:
    """A small file that unfolds into gigabytes would do so in the officer's viewer."""
    try:
        is_too_large = is_bomb(source)
    except Uncountable as error:
        message = _("The PDF is packed in a way that is not taken. Print it to a new PDF or scan the document.")
        raise refused("upload_size", message) from error
    if is_too_large:
        message = _("Unpacked, the PDF is far larger than a scan. Scan the document again at 300 dpi or less.")
        raise refused("upload_size", message)


def refuse_active_content(source: pikepdf.Pdf) -> None:
    """Look at every object of the file, reachable or not: what hides from one reader is found by another."""
    if any(has_active_content(thing) for thing in source.objects if isinstance(thing, CONTAINERS)):
        raise refused(
            "upload_active",
            _("The PDF carries a script, an attachment or a form that acts. Print it to a new PDF or scan it."),
        )


def has_active_content(thing: pikepdf.Object, depth: int = 0) -> bool:
    """Whether the object, or one written inside it, names something that acts. Nesting without end counts as such."""
    if depth > MAX_NESTING:
        return True
    if isinstance(thing, pikepdf.Array):
        members: list[object] = list(thing)
    elif names_an_action(thing):
        return True
    else:
        members = [thing.get(key) for key in list(thing.keys())]
    # An object with a number of its own is met by itself; following it could go round in circles.
    return any(
        has_active_content(member, depth + 1)
        for member in members
        if isinstance(member, CONTAINERS) and not member.is_indirect
    )


def names_an_action(thing: pikepdf.Object) -> bool:
    return (
        not REFUSED_KEYS.isdisjoint(thing.keys())
        or str(thing.get("/S", "")) in REFUSED_ACTIONS
        or str(thing.get("/Subtype", "")) in REFUSED_SUBTYPES
    )


def rebuild(source: pikepdf.Pdf) -> bytes:
    source.flatten_annotations(mode="print")
    for page in source.pages:
        for key in set(page.obj.keys()) - PAGE_KEYS:
            del page.obj[key]
    output = BytesIO()
    with pikepdf.new() as rebuilt:
        rebuilt.pages.extend(source.pages)
        rebuilt.remove_unreferenced_resources()
        rebuilt.save(output, compress_streams=True, deterministic_id=True)
    return output.getvalue()
