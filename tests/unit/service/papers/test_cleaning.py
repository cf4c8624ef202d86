"""Somebody brings a file: what is seen in it stays, and nothing else does."""

from __future__ import annotations

import struct
import subprocess
import zlib
from io import BytesIO
from typing import Any

import pi_heif
import pikepdf
import pytest
from heic import heic
from PIL import Image

from equipoise.errors import EquipoiseError
from equipoise.service.platform.papers import MOST_BYTES, NotTaken, Why, clean, cleaning

SECRET = b"GPS 31.2304 N 121.4737 E"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return picture


def saved(picture: Image.Image, kind: str, **more: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def noted(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, SECRET.decode()
    return exif


def pdf(pages: int = 1, **catalog: Any) -> pikepdf.Pdf:
    made = pikepdf.new()
    for number in range(pages):
        page = made.add_blank_page(page_size=(200, 100))
        page.Contents = made.make_stream(b"0 0 1 rg 0 0 %d 50 re f" % (number + 1))
    for name, value in catalog.items():
        made.Root[f"/{name}"] = value
    return made


def written(made: pikepdf.Pdf, **more: Any) -> bytes:
    out = BytesIO()
    made.save(out, **more)
    return out.getvalue()


def why(content: bytes) -> Why:
    with pytest.raises(NotTaken) as refused:
        clean(content)
    assert refused.value.message
    assert refused.value.mend
    return refused.value.why


def test_a_photo_loses_what_the_camera_noted_and_what_hides_behind_it() -> None:
    hidden = written(pdf())
    taken = saved(halves((4000, 3000)), "JPEG", exif=noted(), comment=SECRET) + hidden
    done = clean(taken)
    assert done.kind == "image/jpeg"
    assert SECRET not in done.content
    assert b"%PDF" not in done.content
    with Image.open(BytesIO(done.content)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((4000, 3000), {})
        assert "comment" not in seen.info
        assert done.content.endswith(b"\xff\xd9")


def test_a_photo_taken_on_its_side_stands_upright() -> None:
    done = clean(saved(halves(), "JPEG", exif=noted(orientation=6)))  # to be turned by 90 degrees
    with Image.open(BytesIO(done.content)) as seen:
        assert seen.size == (48, 64)
        above, below = seen.getpixel((24, 8)), seen.getpixel((24, 56))
    assert above[0] > 150 > above[2]  # the left half is now above
    assert below[2] > 150 > below[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpeg(kind: str) -> None:
    done = clean(saved(halves(), kind))
    with Image.open(BytesIO(done.content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (64, 48))


def test_what_is_clear_in_a_picture_is_white_paper() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    with Image.open(BytesIO(clean(saved(clear, "PNG")).content)) as seen:
        assert seen.getpixel((10, 10)) == (255, 255, 255)


def test_a_telephones_heic_becomes_jpeg() -> None:
    done = clean(heic())
    assert (done.kind, done.pages) == ("image/jpeg", 1)
    with Image.open(BytesIO(done.content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (16, 16))
        left, right = seen.getpixel((2, 8)), seen.getpixel((13, 8))
    assert (left[0] > 200, left[2] < 60) == (True, True)
    assert (right[2] > 200, right[0] < 60) == (True, True)


def test_a_telephones_heic_that_cannot_be_opened_is_said_to_be_damaged() -> None:
    assert pi_heif.libheif_version()
    head = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"
    assert why(head + b"\0" * 200) is Why.BROKEN


def png_of(width: int, height: int) -> bytes:
    """A picture that is small as a file, and would be vast in memory."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(
            ">I", zlib.crc32(name + body)
        )  # fmt: skip

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 5_001), (60_000, 60_000)], ids=["just over", "a bomb"])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(size: tuple[int, int]) -> None:
    assert why(png_of(*size)) is Why.TOO_MANY_PIXELS


def test_a_cut_picture_is_refused() -> None:
    assert why(saved(halves((400, 400)), "JPEG")[:900]) is Why.BROKEN


def test_a_pdf_keeps_its_pages_and_nothing_that_acts() -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('EVIL')")
    made = pdf(2, OpenAction=script, AcroForm=pikepdf.Dictionary(XFA="EVIL", Fields=[]))
    made.attachments["evil.exe"] = b"EVIL" * 9
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="EVIL")
    made.pages[0].obj["/AA"] = pikepdf.Dictionary(O=launch)
    made.docinfo["/Author"] = SECRET.decode()
    done = clean(written(made) + b"PK\x03\x04 EVIL")
    assert done.kind == "application/pdf"
    with pikepdf.open(BytesIO(done.content)) as seen:
        assert [page.Contents.read_bytes()[-10:] for page in seen.pages] == [
            b"0 1 50 re f"[-10:],
            b"0 2 50 re f"[-10:],
        ]
        assert set(seen.Root.keys()) == {"/Type", "/Pages"}
        assert not len(seen.attachments)
        whole = b"".join(each.unparse(resolved=True) for each in seen.objects)
    for word in (b"EVIL", b"JavaScript", b"Launch", b"/AA", b"XFA", SECRET):
        assert word not in whole
        assert word not in done.content


def test_what_was_filled_into_a_form_is_still_seen() -> None:
    made = pdf()
    look = made.make_stream(b"1 0 0 rg 0 0 10 10 re f")
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = [0, 0, 10, 10]
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx,
        T="name", V="Li", F=4, Rect=[20, 20, 30, 30], AP=pikepdf.Dictionary(N=look),
    )  # fmt: skip
    there = made.make_indirect(field)
    made.pages[0].Annots = made.make_indirect(pikepdf.Array([there]))
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[there])
    with pikepdf.open(BytesIO(clean(written(made)).content)) as seen:
        (page,) = seen.pages
        assert "/Annots" not in page
        (drawn,) = page.Resources.XObject.values()
        assert drawn.read_bytes() == b"1 0 0 rg 0 0 10 10 re f"


def test_a_locked_pdf_is_refused_kindly() -> None:
    for user in ("secret", ""):  # "": all may read it, and it may not be changed
        lock = pikepdf.Encryption(user=user, owner="owner")
        assert why(written(pdf(), encryption=lock)) is Why.LOCKED


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    assert clean(written(pdf(50))).kind == "application/pdf"
    assert why(written(pdf(51))) is Why.TOO_MANY_PAGES


def test_a_broken_pdf_is_refused() -> None:
    assert why(b"%PDF-1.7\n" + b"nothing of a PDF " * 20) is Why.BROKEN


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ" + bytes(500), b"<html><script>EVIL</script>", b"PK\x03\x04" + bytes(500)],
    ids=["nothing", "a program", "a page", "an archive"],
)
def test_any_other_file_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert why(content) is Why.OTHER_KIND


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "run_bounded", None)
    assert why(bytes(MOST_BYTES + 1)) is Why.TOO_LARGE


def test_a_file_that_takes_more_memory_than_there_is_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cleaning, "_MEMORY", 220 << 20)
    assert why(saved(Image.new("L", (7000, 7000)), "PNG")) is Why.TOO_HARD


def test_a_reader_that_does_not_start_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cleaning, "_CHILD", "equipoise.no_such_module")
    with pytest.raises(EquipoiseError) as ours:
        clean(saved(halves(), "JPEG"))
    assert not isinstance(ours.value, NotTaken)


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_given: Any, **_bounds: Any) -> Any:
        raise subprocess.TimeoutExpired("child", 60)

    monkeypatch.setattr(cleaning, "run_bounded", endless)
    assert why(b"anything") is Why.TOO_HARD
