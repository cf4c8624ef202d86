"""Documents that simulated applicants bring, and forms with files as browsers send them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from io import BytesIO

DOCUMENT = "document.pdf"
"""What a document of theirs is called; `PICTURE` where no PDF is taken."""
PICTURE = "document.jpg"
_BOUNDARY = "equipoise-rehearsal-4f1d7c2e9a"
MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"


@lru_cache(maxsize=2)
def content_of(name: str) -> bytes:
    """A small document of that name's kind: an empty sheet."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "PDF" if name == DOCUMENT else "JPEG")
    return out.getvalue()


def with_files(values: Mapping[str, str], files: Collection[str]) -> bytes:
    """A form's body: of `files` the values are documents' names."""
    parts = []
    for name, text in sorted(values.items(), key=lambda each: each[0] in files):  # words come first
        head = f'Content-Disposition: form-data; name="{name}"'
        body = text.encode()
        if name in files:
            head, body = f'{head}; filename="{text}"', content_of(text) if text else b""
        parts.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + body + b"\r\n")
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])
