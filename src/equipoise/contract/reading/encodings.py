"""The encoding of a text file: UTF-8 where it is that, else the likeliest, which is said.

A legacy code page cannot be told for sure. Each candidate decodes a sample of the lines that are
not ASCII; the one whose letters all belong to one language's alphabet is taken.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from equipoise.contract.reading.csvscan import NotText, first_fault
from equipoise.contract.reading.layout import UTF8
from equipoise.errors import BadInput, Span

_PIECE = 1 << 20
_SAMPLE = 1 << 16
_LIKELY = 0.9
_HALF = 0.5
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_SIGNS = frozenset("€£§°ºª«»“”‘’‚„…–—·•²³½¼¾±×©®™\xa0¿¡№")
# By language, in the order of preference; a sample that fits two is taken for the earlier.
_ALPHABETS = (
    ("cp1252", "äöüß"),
    ("cp1252", "àâæçéèêëîïôœùûüÿ"),
    ("cp1252", "áéíñóúü"),
    ("cp1252", "àèéìíòóù"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1252", "ãõáéíóúâêôàçü"),
    ("cp1252", "åäöæøéü"),
    ("cp1252", "áéíóúýþæöð"),
    ("cp1254", "çğıöşüâîûİ"),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýžäľĺôŕ"),
    ("cp1250", "ăâîşţ"),
    ("cp1250", "čćđšž"),
    ("cp1257", "āčēģīķļņōŗšūžąęėįųõäöü"),
    ("cp1251", "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґјљњћђџў"),
    ("koi8-r", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    ("cp1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    ("cp1256", "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئگچپژ"),
    ("cp850", "äöüßàâçéèêëîïôùûáíñóúãõåæøìò"),
    ("mac_roman", "äöüßàâçéèêëîïôùûáíñóúãõåæøìò"),
)
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžß"
_LAST_RESORT = 0.85  # letters of many western languages at once, and signs inside words
_SMALL = 1e-6  # tells KOI-8 from cp1251, where capitals are small letters and the reverse
_EAST = ("gb18030", "big5", "shift_jis", "euc_kr")
_MANY_SIGNS = 6


@dataclass(frozen=True, slots=True)
class Encoding:
    """A text's encoding, and what a person should hear about it, or ''."""

    name: str
    remark: str = ""


def encoding_of(path: Path, name: str, stated: str = "") -> Encoding:
    """The file's encoding; `stated` is taken at its word. Raises BadInput, calling it `name`."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return Encoding(encoding, f"the text is {encoding.upper()}")
    if stated and codecs.lookup(stated) != codecs.lookup(UTF8):
        return Encoding(stated)
    if wide := _wide(head):
        return Encoding(wide, f"the text reads as {wide.upper()}, without a byte order mark")
    fault = first_fault(path)
    if fault is None:
        return Encoding(UTF8)
    if stated or fault.kind != "byte" or fault.after_other_letters:
        raise fault.refusal(name)
    return _guessed(path, fault, name)


def as_utf8(path: Path, encoding: str, target: Path, name: str) -> None:
    """Write the text as UTF-8 with line feeds. Raises BadInput naming the line that is no text."""
    lines, feeds = 1, 0
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, target.open("w", encoding=UTF8, newline="") as copy:
        while True:
            piece = source.read(_PIECE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                raise BadInput(
                    f"byte 0x{error.object[error.start]:02x} is not {encoding}",
                    where=Span(name, lines + before.count("\n")),
                    mend="set `layout.encoding` in contract.yaml, or save the file as UTF-8",
                ) from None
            if "\0" in text:
                line = lines + text[: text.index("\0")].count("\n")
                raise NotText("zero", 0, line).refusal(name)
            feeds += text.count("\n")
            lines += text.count("\n")
            copy.write(text)
            if not piece:
                break
    if not feeds:
        with_line_feeds(target, target)


def with_line_feeds(path: Path, target: Path) -> None:
    """Write a UTF-8 text whose lines end in a carriage return alone with line feeds."""
    copy = target.with_suffix(".feeds")
    with path.open("rb") as source, copy.open("wb") as written:
        while piece := source.read(_PIECE):
            written.write(piece.replace(b"\r", b"\n"))
    copy.replace(target)


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: Latin text has a zero in every second byte."""
    half = len(head) // 2
    if half > 1:
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            zeros, others = head[first::2].count(0), head[1 - first :: 2].count(0)
            if zeros > _HALF * half and not others:
                return encoding
    return ""


def _guessed(path: Path, fault: NotText, name: str) -> Encoding:
    sample = _odd_lines(path)
    best, score = "", 0.0
    for encoding, judge in _candidates():
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        likelihood = judge(text)
        if likelihood > score + 1e-9:
            best, score = encoding, likelihood
    if score < _HALF:
        raise fault.refusal(name)
    shown = _shown(sample, best)
    doubt = "" if score >= _LIKELY else ", which fits not everywhere"
    return Encoding(
        best,
        f"the text is not UTF-8 and was read as {best}{doubt} (line {fault.line} or below: "
        f"'{shown}'); if letters are wrong, set another `encoding`",
    )


def _candidates() -> Iterator[tuple[str, Callable[[str], float]]]:
    for encoding in _EAST:
        yield encoding, _EASTERN[encoding]
    for encoding, alphabet in _ALPHABETS:
        yield encoding, _speller(frozenset(alphabet + alphabet.upper()))
    western = frozenset(_WESTERN + _WESTERN.upper()) | _SIGNS
    yield "cp1252", lambda text: _LAST_RESORT * _share(text, western.__contains__)


def _speller(letters: frozenset[str]) -> Callable[[str], float]:
    """The share of letters that a language has, in words as it writes them: no capital follows a
    small letter, other scripts do not mix with Latin, signs stand in no word. Small letters are the
    likelier ones."""
    latin = any("LATIN" in unicodedata.name(letter, "") for letter in letters)

    def judge(text: str) -> float:
        odd = [at for at, letter in enumerate(text) if not letter.isascii()]
        known, capitals = 0, 0
        for at in odd:
            letter, before, after = text[at], text[max(at - 1, 0) : at], text[at + 1 : at + 2]
            if letter in letters:
                mixed = not latin and any(
                    each.isascii() and each.isalpha() for each in before + after
                )
                known += not mixed and not (letter.isupper() and before.islower())
                capitals += letter.isupper()
            elif letter in _SIGNS:
                known += letter == "’" or not (before.isalpha() or after.isalpha())
        return (known - _SMALL * capitals) / len(odd) if odd else 0.0

    return judge


def _share(text: str, known: Callable[[str], bool]) -> float:
    odd = [letter for letter in text if not letter.isascii()]
    return sum(map(known, odd)) / len(odd) if odd else 0.0


def _chinese(text: str) -> float:
    """Simplified characters in daily use stand in GB 2312's first level."""
    return _share(text, lambda letter: _lead(letter, "gb2312", 0xB0, 0xD7) or _wide_sign(letter))


def _traditional(text: str) -> float:
    return _share(text, lambda letter: _lead(letter, "big5", 0xA4, 0xC6) or _wide_sign(letter))


def _japanese(text: str) -> float:
    """Kana somewhere, and characters of the first level."""
    if not any("\u3040" <= letter <= "\u30ff" for letter in text):
        return 0.0
    return _share(
        text,
        lambda letter: (
            "\u3040" <= letter <= "\u30ff"
            or _lead(letter, "shift_jis", 0x88, 0x97)
            or _wide_sign(letter)
        ),
    )


def _korean(text: str) -> float:
    """Korean syllables are Chinese characters in the other code, so a few of them tell nothing."""
    signs = {letter for letter in text if not letter.isascii()}
    share = _share(text, lambda letter: "\uac00" <= letter <= "\ud7a3")
    return share + 1e-6 if len(signs) >= _MANY_SIGNS and share == 1.0 else share - 1e-3


_EASTERN: dict[str, Callable[[str], float]] = {
    "gb18030": _chinese,
    "big5": _traditional,
    "shift_jis": _japanese,
    "euc_kr": _korean,
}


def _lead(letter: str, encoding: str, low: int, high: int) -> bool:
    try:
        code = letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(code) > 1 and low <= code[0] <= high


def _wide_sign(letter: str) -> bool:
    return "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uffef" or letter in "“”‘’—…·"


def _odd_lines(path: Path) -> bytes:
    """Lines that are not ASCII, up to a sample's size."""
    lines, size = [], 0
    with path.open("rb") as file:
        while size < _SAMPLE and (line := file.readline(_PIECE)):
            if not line.isascii():
                lines.append(line if len(line) < _SAMPLE else line[: line.rfind(b",")])
                size += len(line)
    return b"".join(lines)


def _shown(sample: bytes, encoding: str) -> str:
    """The first word of the sample that is not ASCII, as read."""
    words = sample.decode(encoding, "replace").replace('"', " ")
    for sign in ",;\t|^~\x01":
        words = words.replace(sign, " ")
    return next((word for word in words.split() if not word.isascii()), "")[:30]
