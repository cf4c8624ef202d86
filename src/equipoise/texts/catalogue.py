"""Catalogues of translations: read as gettext's .po, compiled to .mo without any program beside us.

The build compiles each catalogue into the wheel; a checkout compiles what it reads. This module
imports nothing of ours, since the build runs it by its path.
"""

from __future__ import annotations

import json
import struct

CONTEXT = "\x04"  # between a context and its message
_MAGIC = 0x950412DE
_HEAD = 7 * 4  # bytes


def messages(po: str) -> dict[str, str]:
    """Message to translation, in the catalogue's order; the header stands under the empty one.

    A message in a context is `context`, the character 4, and the message, as gettext has it.
    Untranslated and obsolete messages are left out. Raises ValueError with the line for what is
    not understood, for a message given twice, and for plurals, which we do not use.
    """
    entries: list[tuple[str, str]] = []
    parts: dict[str, str] = {}
    part = ""
    for number, line in enumerate(po.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not text.startswith('"'):
            part, _, text = text.partition(" ")
            if part not in {"msgctxt", "msgid", "msgstr"}:
                raise ValueError(f"line {number}: '{part}' is not read here")
            if "msgstr" in parts and part != "msgstr":
                entries.append(_entry(parts))
                parts = {}
        try:
            parts[part] = parts.get(part, "") + json.loads(text)
        except (ValueError, TypeError) as fault:
            raise ValueError(f"line {number}: not a quoted text") from fault
    if parts:
        entries.append(_entry(parts))
    ids = [message for message, _ in entries]
    if twice := {message for message in ids if ids.count(message) > 1}:
        raise ValueError(f"given twice: {sorted(twice)}")
    return {message: said for message, said in entries if said}


def _entry(parts: dict[str, str]) -> tuple[str, str]:
    context = f"{parts['msgctxt']}{CONTEXT}" if "msgctxt" in parts else ""
    return context + parts["msgid"], parts.get("msgstr", "")


def compiled(po: str) -> bytes:
    """The catalogue as the bytes of a .mo file.

    Source: GNU gettext manual, section 10.3, "The Format of GNU MO Files"; without a hash table.
    """
    entries = sorted((m.encode(), said.encode()) for m, said in messages(po).items())
    n = len(entries)
    tables = _HEAD + 16 * n
    heads, texts, at = [], b"", tables
    for column in (0, 1):
        for entry in entries:
            heads += [len(entry[column]), at + len(texts)]
            texts += entry[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, n, _HEAD, _HEAD + 8 * n, 0, 0)
    return head + struct.pack(f"<{4 * n}I", *heads) + texts
