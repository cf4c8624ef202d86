"""Packed files: one table inside is read, several are refused by name, claims are not believed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from equipoise.contract import read_frame, read_table
from equipoise.contract.reading import unpacking
from equipoise.contract.reading.kinds import is_plain_text
from equipoise.errors import BadInput

TEXT = b"note of ours\nid,age\n1,35\n2,41\n\nTotal 2\n"
ROWS = [("1", "35"), ("2", "41")]


def _zip(path: Path, members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_frame(path)
    assert caught.value.where is not None
    assert caught.value.mend
    return str(caught.value)


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        ("gz", gzip.compress),
        ("gz", lambda data: gzip.compress(data[:20]) + gzip.compress(data[20:])),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("xz", lambda data: lzma.compress(data[:20]) + lzma.compress(data[20:])),
        ("zst", lambda data: bytes(pa.compress(data, "zstd", asbytes=True))),
    ],
)
def test_a_packed_text_is_read_as_the_text(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"loans.csv.{ending}"
    path.write_bytes(pack(TEXT))
    frame, layout = read_table(path)
    assert frame.rows() == ROWS
    assert (layout.header_row, layout.footer_rows) == (2, 1)
    assert read_frame(path, stated=layout.stated()).equals(frame)


def test_a_batch_is_told_from_what_is_packed(tmp_path: Path) -> None:
    for name, content, plain in (
        ("a", TEXT, True),
        ("b", gzip.compress(TEXT), False),
        ("c", b"PK\x03\x04", False),
    ):
        (tmp_path / name).write_bytes(content)
        assert is_plain_text(tmp_path / name) is plain


def test_what_is_packed_may_be_parquet(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "t.parquet")
    path = tmp_path / "t.parquet.gz"
    path.write_bytes(gzip.compress((tmp_path / "t.parquet").read_bytes()))
    assert read_frame(path).to_dict(as_series=False) == {"a": [1, 2]}


def test_one_table_in_a_zip_is_read_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    members = {"in/loans.csv": TEXT, "__MACOSX/in/._loans.csv": b"x", "README.txt": b"hello"}
    frame, layout = read_table(_zip(tmp_path / "loans.zip", members))
    assert frame.rows() == ROWS
    assert "'in/loans.csv' was read from the archive; left out: README.txt" in layout.remarks[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["loans.zip"]


def test_several_tables_in_a_zip_are_refused_by_name_and_one_can_be_named(tmp_path: Path) -> None:
    path = _zip(tmp_path / "loans.zip", {"a.csv": TEXT, "b/b.csv": b"x,y\n1,2\n"})
    assert "2 tables: a.csv, b/b.csv; say which:" in _refusal(path)
    assert read_frame(path / "b/b.csv").columns == ["x", "y"]
    assert "did you mean 'b/b.csv'" in _refusal(path / "b/c.csv")
    plain = tmp_path / "plain.csv"
    plain.write_bytes(TEXT)
    assert "neither a zip archive nor a workbook" in _refusal(plain / "a.csv")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, "the archive is empty"),
        ({"a.pdf": b"%PDF"}, "holds no table, but a.pdf"),
        ({"a.csv": gzip.compress(TEXT)}, "packed twice"),
        ({"word/document.xml": b"<w/>"}, "office document"),
        ({"a.csv": b"<html><body>"}, "HTML page"),
    ],
)
def test_archives_without_a_table_are_refused(
    tmp_path: Path, members: dict[str, bytes], said: str
) -> None:
    assert said in _refusal(_zip(tmp_path / "x.zip", members))


def test_names_that_climb_are_never_paths(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    frame = read_frame(_zip(folder / "x.zip", {"../../loans.csv": TEXT}))
    assert frame.rows() == ROWS
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", {"a.csv": TEXT})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag, in the member's header and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert "'a.csv' in the archive is encrypted" in _refusal(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_file_cut_short_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "cut.csv.x"
    path.write_bytes(pack(TEXT * 50)[:-12])
    assert "cut short or damaged" in _refusal(path)


def test_a_tar_archive_is_named(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as archive:
        member = tarfile.TarInfo("loans.csv")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    (tmp_path / "x.tgz").write_bytes(sink.getvalue())
    assert "a tar archive" in _refusal(tmp_path / "x.tgz")


def test_a_bomb_is_refused_by_what_it_unpacks_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = b"id,age\n" + b"1,1\n" * 500_000
    paths = [_zip(tmp_path / "x.zip", {"a.csv": bomb}), tmp_path / "x.csv.gz"]
    paths[1].write_bytes(gzip.compress(bomb))
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 1 << 20)
    for path in paths:
        assert "unpacks to more than" in _refusal(path)
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 1 << 30)
    monkeypatch.setattr(unpacking, "_RATIO_FROM", 1 << 20)
    for path in paths:
        assert "times its size" in _refusal(path)


def test_a_zip_that_claims_to_be_small_is_held_to_what_it_is(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", {"a.csv": TEXT * 1000})
    data = bytearray(path.read_bytes())
    lie, crc = struct.pack("<L", 20), struct.pack("<L", zlib.crc32(TEXT[:20]))
    entry = data.index(b"PK\x01\x02")
    data[22:26], data[14:18] = lie, crc
    data[entry + 24 : entry + 28], data[entry + 16 : entry + 20] = lie, crc
    path.write_bytes(bytes(data))
    with pytest.raises(BadInput):  # what is believed is 20 bytes, and they are no table
        read_frame(path)
    with pytest.raises(BadInput, match="unpacks to more than"):
        unpacking.refuse_beyond(path, 1000, str(path))
