"""Lines of Chinese: none too wide, none that begins with a closing mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from equipoise.texts.lettering import broken, wide, width_of

CHINESE = st.text(st.sampled_from("信贷违约概率通过好客户a1 ，。；）"), min_size=1, max_size=80)


@given(CHINESE, st.floats(60, 400))
def test_chinese_breaks_between_characters(text: str, width: float) -> None:
    lines = broken(text, width, 9)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width_of(line, 9) <= width or len(line) == 1


def test_no_line_begins_with_a_closing_mark() -> None:
    text = "现行策略为基准，推荐策略可达到更高的通过率；风险不变。" * 4
    for width in range(60, 240, 7):
        assert all(line[0] not in "，；。" for line in broken(text, width, 9))


def test_a_chinese_character_takes_the_width_of_two() -> None:
    assert wide("PD 违约概率，") == 5
    assert width_of("违约", 10) == width_of("违", 10) * 2 > width_of("PD", 10)
