"""Language tags: which of the languages at hand answers a wish for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_TAG = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*", re.ASCII)


def look_up(wanted: str, known: Iterable[str]) -> str | None:
    """The known tag that answers `wanted`, or None: `zh-CN`, `zh-Hans` and `zh_CN` find `zh`.

    Source: RFC 4647, section 3.4. The tag is cut from its end until one is known; case and `_`
    for `-` do not matter.
    """
    tag = _plain(wanted)
    by_tag = {_plain(each): each for each in known}
    parts = tag.split("-") if _TAG.fullmatch(tag) else []
    while parts:
        match = by_tag.get("-".join(parts))
        if match is not None:
            return match
        parts.pop()
        if len(parts) > 1 and len(parts[-1]) == 1:
            parts.pop()  # a single letter only announces what followed it
    return None


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, by the rule of `look_up`; empty where there is none."""
    tag = look_up(language, texts)
    return "" if tag is None else texts[tag].strip()


def _plain(tag: str) -> str:
    return tag.strip().replace("_", "-").lower()
