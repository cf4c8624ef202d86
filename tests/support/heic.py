"""A telephone's picture, made by hand: 16 x 16 pixels as HEIC, since nothing here may encode one.

The picture is one coding block of plain samples (HEVC's I_PCM), so that of its entropy coding only
what begins and ends it is needed. Sources: ITU-T H.265 (7.3, 9.3.4), ISO/IEC 14496-12 and 23008-12.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

SIDE = 16
Colour = tuple[int, int, int]  # luma, blue and red difference
RED, BLUE = (76, 85, 255), (29, 255, 107)


def heic(left: Colour = RED, right: Colour = BLUE) -> bytes:
    """A file whose picture has two halves."""
    parameters = {32: _vps(), 33: _sps(), 34: _pps()}
    coded = _unit(19, _slice(_samples(left, right)))
    image = struct.pack(">I", len(coded)) + coded
    head = _box("ftyp", b"heic", bytes(4), b"mif1heic")
    at = len(head) + len(_meta(parameters, 0, len(image))) + 8
    return head + _meta(parameters, at, len(image)) + _box("mdat", image)


class _Bits:
    """Bits as the standard writes them: u(n), ue(v), and an end at a whole byte."""

    def __init__(self) -> None:
        self.text = ""

    def u(self, bits: int, value: int) -> _Bits:
        self.text += f"{value:0{bits}b}"
        return self

    def ue(self, *values: int) -> _Bits:
        for value in values:
            code = f"{value + 1:b}"
            self.text += "0" * (len(code) - 1) + code
        return self

    def flags(self, text: str) -> _Bits:
        self.text += text
        return self

    def aligned(self) -> _Bits:
        self.text += "0" * (-len(self.text) % 8)
        return self

    def whole(self) -> bytes:
        """With the bit that ends it."""
        return self.flags("1").bytes()

    def bytes(self) -> bytes:
        text = self.aligned().text
        return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


class _Arithmetic:
    """The arithmetic coder, as far as one context and bins that end are coded (9.3.4.3)."""

    def __init__(self, into: _Bits) -> None:
        self._low, self._range, self._first, self._outstanding = 0, 510, True, 0
        self._into = into

    def likely(self) -> None:
        """The more likely value in a context's first state."""
        self._range -= (128, 176, 208, 240)[self._range >> 6 & 3]
        self._renormalise()

    def end(self) -> None:
        """A bin that ends the coding, and the flush after it."""
        self._low += self._range - 2
        self._range = 2
        self._renormalise()
        self._put(self._low >> 9 & 1)
        self._into.u(2, self._low >> 7 & 3 | 1)

    def _renormalise(self) -> None:
        while self._range < 256:
            if self._low < 256:
                self._put(0)
            elif self._low >= 512:
                self._low -= 512
                self._put(1)
            else:
                self._low -= 256
                self._outstanding += 1
            self._range <<= 1
            self._low <<= 1

    def _put(self, bit: int) -> None:
        if not self._first:
            self._into.u(1, bit)
        self._first = False
        self._into.flags(str(1 - bit) * self._outstanding)
        self._outstanding = 0


def _level(bits: _Bits) -> _Bits:
    """Main Still Picture, level 1."""
    bits.flags("000").u(5, 3).u(32, 0x70000000).flags("1001").u(44, 0)
    return bits.u(8, 30)


def _vps() -> bytes:
    bits = _Bits().u(4, 0).flags("11").u(6, 0).u(3, 0).flags("1").u(16, 0xFFFF)
    return _level(bits).flags("1").ue(0, 0, 0).u(6, 0).ue(0).flags("00").whole()


def _sps() -> bytes:
    bits = _level(_Bits().u(4, 0).u(3, 0).flags("1")).ue(0, 1, SIDE, SIDE).flags("0")
    bits.ue(0, 0, 0).flags("1").ue(0, 0, 0)
    bits.ue(1, 0, 0, 2, 0, 0).flags("000")  # blocks of 16; no lists, partitions, offsets
    bits.flags("1").u(4, 7).u(4, 7).ue(1, 0).flags("1")  # plain samples of 8 bits, not filtered
    return bits.ue(0).flags("00000").whole()


def _pps() -> bytes:
    bits = _Bits().ue(0, 0).flags("00").u(3, 0).flags("00").ue(0, 0, 0).flags("000").ue(0, 0)
    bits.flags("0000000").flags("101")  # no filter at edges
    return bits.flags("00").ue(0).flags("00").whole()


def _slice(samples: bytes) -> bytes:
    bits = _Bits().flags("10").ue(0, 2, 0).flags("1").aligned()
    coder = _Arithmetic(bits)
    coder.likely()  # not divided
    coder.end()  # plain samples follow
    bits.aligned()
    for sample in samples:
        bits.u(8, sample)
    _Arithmetic(bits).end()  # and its last bit is the one that ends the slice
    return bits.bytes()


def _samples(left: Colour, right: Colour) -> bytes:
    def plane(at: int, side: int) -> bytes:
        return bytes([left[at]] * (side // 2) + [right[at]] * (side // 2)) * side

    return plane(0, SIDE) + plane(1, SIDE // 2) + plane(2, SIDE // 2)


def _unit(kind: int, content: bytes) -> bytes:
    """A NAL unit; no start code may stand in it."""
    escaped, zeros = bytearray(), 0
    for byte in content:
        if zeros == 2 and byte <= 3:
            escaped.append(3)
            zeros = 0
        escaped.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes([kind << 1, 1]) + bytes(escaped)


def _box(name: str, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name.encode() + content


def _full(name: str, *parts: bytes, version: int = 0) -> bytes:
    return _box(name, bytes([version, 0, 0, 0]), *parts)


def _meta(parameters: dict[int, bytes], at: int, size: int) -> bytes:
    place = struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, at, size)
    item = _full("infe", struct.pack(">HH", 1, 0), b"hvc1\0", version=2)
    shape = _full("ispe", struct.pack(">II", SIDE, SIDE))
    shown = _full("ipma", struct.pack(">IHBBB", 1, 1, 2, 0x81, 2))
    return _full(
        "meta",
        _full("hdlr", bytes(4), b"pict", bytes(13)),
        _full("pitm", struct.pack(">H", 1)),
        _full("iloc", place),
        _full("iinf", struct.pack(">H", 1), item),
        _box("iprp", _box("ipco", _configuration(parameters.items()), shape), shown),
    )


def _configuration(parameters: Iterable[tuple[int, bytes]]) -> bytes:
    head = bytes([1, 3]) + struct.pack(">I", 0x70000000) + bytes([0x90, 0, 0, 0, 0, 0, 30])
    head += bytes([0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F])
    units: Sequence[bytes] = [
        bytes([0x80 | kind, 0, 1]) + struct.pack(">H", len(unit)) + unit
        for kind, unit in ((kind, _unit(kind, content)) for kind, content in parameters)
    ]
    return _box("hvcC", head, bytes([len(units)]), *units)
