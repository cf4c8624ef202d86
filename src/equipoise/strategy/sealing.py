"""The seal: canonical JSON under a SHA-256 digest; a byte changed anywhere is refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput, Span
from equipoise.files import write_text
from equipoise.strategy.content import Content, content_from

_HEAD, _MIDDLE, _TAIL = '{"digest":"', '","sealed":', "}\n"
_DIGEST = 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """A strategy's content and the digest of its canonical text."""

    content: Content
    digest: str
    canonical: str

    def text(self) -> str:
        """The file's text: the digest, then the canonical content."""
        return f"{_HEAD}{self.digest}{_MIDDLE}{self.canonical}{_TAIL}"

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_text(path, self.text())


def canonical(data: Any) -> str:
    """One text for one content: keys sorted, no spaces, shortest floats, UTF-8, no NaN."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def seal(content: Content) -> Sealed:
    """Seal a content. The same content gives the same digest on any machine."""
    text = canonical(content.plain())
    return Sealed(content, hashlib.sha256(text.encode()).hexdigest(), text)


def read_sealed(path: Path) -> Sealed:
    """Read a sealed strategy. Raises BadInput where it is not one, or not as it was sealed."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"the sealed strategy cannot be read: {error.strerror}", where=Span(str(path))
        ) from None
    return unsealed(raw, str(path))


def unsealed(raw: bytes, name: str = "sealed strategy") -> Sealed:
    """A sealed strategy from its file's bytes; see `read_sealed`."""
    data, digest, text = opened(raw, name)
    try:
        return Sealed(content_from(data), digest, text)
    except BadInput as error:
        raise BadInput(
            error.message, where=error.where or Span(name), field=error.field, mend=error.mend
        ) from error


def opened(raw: bytes, name: str) -> tuple[dict[str, Any], str, str]:
    """What stands under an unbroken seal, of whatever edition: data, digest and canonical text."""
    where = Span(name)
    start = len(_HEAD) + _DIGEST + len(_MIDDLE)
    framed = (
        raw.startswith(_HEAD.encode())
        and raw[len(_HEAD) + _DIGEST : start] == _MIDDLE.encode()
        and raw.endswith(_TAIL.encode())
    )
    if not framed:
        raise BadInput(
            "this is not a sealed strategy, or its ends were altered or cut off",
            where=where,
            mend="give a file that `equipoise strategy seal` wrote",
        )
    body = raw[start : -len(_TAIL)]
    digest = raw[len(_HEAD) : len(_HEAD) + _DIGEST].decode("ascii", "replace")
    if hashlib.sha256(body).hexdigest() != digest:
        raise BadInput(
            "the seal is broken: the content does not match its digest, so it was altered "
            "after it was sealed",
            where=where,
            mend="take it from the registry again, or seal it again from its workspace",
        )
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the content is not JSON: {error}", where=where) from error
    return data, digest, body.decode()
