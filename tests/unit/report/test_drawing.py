"""A section drawn apart from the report, as a page would embed it."""

from __future__ import annotations

import fixture
import pytest

from equipoise.report.blocks import Section, Text
from equipoise.report.drawing import draw, scripts, specs
from equipoise.report.page import SECTIONS
from equipoise.texts.saying import speaking


@pytest.fixture(scope="module")
def sections() -> list[Section]:
    story = fixture.story_of(fixture.balance(), fixture.fit())
    return [build(story) for build in SECTIONS]


def test_the_report_holds_each_section_as_it_is_drawn_alone(sections: list[Section]) -> None:
    html = fixture.drawn(fixture.fit(), fixture.balance())
    for number, section in enumerate(sections, 1):
        assert str(draw(section, number)) in html


def test_a_section_alone_has_no_frame_and_no_number(sections: list[Section]) -> None:
    html = draw(sections[0])
    assert html.lstrip().startswith('<section id="answer"')
    assert html.rstrip().endswith("</section>")
    assert 'class="number"' not in html
    assert "<script" not in html


def test_charts_of_a_section_have_their_specs(sections: list[Section]) -> None:
    drawn = specs([sections[1]])
    assert list(drawn) == ["frontier-chart"]
    assert 'id="frontier-chart"' in draw(sections[1])


def test_what_a_lender_wrote_is_escaped() -> None:
    section = Section("x", "<b>title</b>", "x", [Text("<script>alert(1)</script>")])
    assert "<b>" not in draw(section)
    assert "<script>" not in draw(section)


def test_scripts_speak_the_language_of_the_page() -> None:
    assert '"Copied"' in scripts()[-1]
    with speaking("zh"):
        script = scripts()[-1]
    assert "\\u5df2\\u590d\\u5236" in script or "已复制" in script
    assert 'const thin = ","' in script
