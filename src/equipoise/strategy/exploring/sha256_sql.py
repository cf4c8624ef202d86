"""SHA-256 in plain SQL, for SQLite, which has no function for it.

One step of a recursive query is one round: eight words of state, eight of the round, and the last
sixteen of the message's schedule; a step behind each block of 64 rounds adds the two states up.
"""

from __future__ import annotations

from math import isqrt

_MASK = 2**32 - 1
_STATE, _ROUND = [f"h{k}" for k in range(8)], list("abcdefgh")
_WORDS = [f"w{k}" for k in range(16)]


def sha256_head_sql(key: str) -> str:
    """SQL for the first 16 hex digits of SHA-256 over a text's UTF-8."""
    start = ", ".join(map(str, [*_first_state(), *_first_state(), *([0] * 16)]))
    names = ["step", "message", *_STATE, *_ROUND, *_WORDS]
    padded = (
        "said || '80' || SUBSTR(HEX(ZEROBLOB(64)), 1,"
        " (238 - LENGTH(said) % 128) % 128) || PRINTF('%016X', LENGTH(said) * 4)"
    )
    step = ", ".join(["step + 1", "message", *_next()])
    return (
        f"(WITH RECURSIVE given(said) AS (SELECT HEX(CAST({key} AS BLOB))),"
        f" hash({', '.join(names)}) AS (SELECT 0, {padded}, {start} FROM given UNION ALL"
        f" SELECT {step} FROM hash WHERE step < LENGTH(message) / 128 * 65)"
        " SELECT PRINTF('%08x%08x', h0, h1) FROM hash WHERE step = LENGTH(message) / 128 * 65)"
    )


def _next() -> list[str]:
    last, place = "step % 65 = 64", "step % 65"
    word = f"CASE WHEN {place} < 16 THEN {_read(place)} ELSE {_scheduled()} END"
    one = f"h + {_turned('e', 6, 11, 25)} + ((e & f) | (~e & {_MASK} & g)) + {_constant(place)}"
    one = f"({one} + ({word}))"
    two = f"({_turned('a', 2, 13, 22)} + ((a & b) | (a & c) | (b & c)))"
    summed = [f"(({s} + {r}) & {_MASK})" for s, r in zip(_STATE, _ROUND, strict=True)]
    turned = [f"(({one} + {two}) & {_MASK})", "a", "b", "c", f"((d + {one}) & {_MASK})"]
    turned += ["e", "f", "g"]
    ends = zip([*summed, *summed], [*_STATE, *turned], strict=True)
    return [
        *(f"CASE WHEN {last} THEN {new} ELSE {old} END" for new, old in ends),
        *_WORDS[1:],
        f"({word})",
    ]


def _read(place: str) -> str:
    """A word of the message: eight hex digits of it."""
    digits = [
        f"((INSTR('0123456789ABCDEF', SUBSTR(message, step / 65 * 128 + {place} * 8 + {k + 1}, 1))"
        f" - 1) << {28 - 4 * k})"
        for k in range(8)
    ]
    return f"({' + '.join(digits)})"


def _scheduled() -> str:
    """The next word of the schedule, by the last sixteen; a block's first round reads its own."""
    first = _either(_turned("w1", 7, 18), "(w1 >> 3)")
    second = _either(_turned("w14", 17, 19), "(w14 >> 10)")
    return f"((w0 + {first} + w9 + {second}) & {_MASK})"


def _right(word: str, by: int) -> str:
    return f"((({word} >> {by}) | ({word} << {32 - by})) & {_MASK})"


def _either(one: str, other: str) -> str:
    """Exclusive or, which SQLite has no sign for."""
    return f"(({one} | {other}) - ({one} & {other}))"


def _turned(word: str, *by: int) -> str:
    turned = _right(word, by[0])
    for each in by[1:]:
        turned = _either(turned, _right(word, each))
    return turned


def _constant(place: str) -> str:
    arms = " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(_constants()))
    return f"CASE {place} {arms} ELSE 0 END"


def _primes(many: int) -> list[int]:
    return [n for n in range(2, 400) if all(n % k for k in range(2, isqrt(n) + 1))][:many]


def _first_state() -> list[int]:
    """The first 32 bits behind the point of the square roots of the first eight primes."""
    return [isqrt(prime << 64) & _MASK for prime in _primes(8)]


def _constants() -> list[int]:
    """The same of the cube roots of the first 64 primes."""
    constants = []
    for prime in _primes(64):
        root = round((prime << 96) ** (1 / 3))
        while root**3 > prime << 96:
            root -= 1
        while (root + 1) ** 3 <= prime << 96:
            root += 1
        constants.append(root & _MASK)
    return constants
