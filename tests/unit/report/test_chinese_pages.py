"""Pages in Simplified Chinese: no English sentence remains but the lender's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import fixture
import pytest
import review_fixture

from equipoise.balance.result_document import BalanceResult
from equipoise.report import (
    render_comparison,
    render_fairness,
    render_standing,
    render_summary,
    render_trial,
)
from equipoise.risk.fit_result import FitResult
from equipoise.texts.saying import retold, speaking

COMMANDS = ["equipoise report harbour --lang zh"]
# Names that are the same in every language: measures of the field, programs, scholars.
NAMES = {"Equipoise", "AUC", "PSI", "CSI", "ROC", "Brier", "LGD", "WoE", "JavaScript", "logit"}
NAMES |= {"Waudby", "Smith", "CFR", "Hardt", "Price", "Srebro", "USD"}  # scholars, a law, money
FIELDS = {"region", "grade"}  # of this lender; a book of loans has words for them too


class Reader(HTMLParser):
    """What a person reads or hears of a page, its charts' words among it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.language = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag in {"script", "style", "code"}:
            self._inside.append("specs" if given.get("id") == "specs" else tag)
        self.texts += [given[name] or "" for name in ("aria-label", "alt") if name in given]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag in {"script", "style", "code"}:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.texts.append(data)
        elif self._inside[-1] == "specs":
            self.texts += _drawn(json.loads(data))


def _drawn(spec: Any) -> Iterator[str]:
    """Titles, names and hover cards of charts."""
    if isinstance(spec, list):
        for each in spec:
            yield from _drawn(each)
    if not isinstance(spec, dict):
        return
    for key, value in spec.items():
        if key == "tips":
            yield from (each for each in (*value, *value.values()) if each != "title")
        elif key in {"title", "text", "name", "label", "who"}:
            yield from (
                ([value] if isinstance(value, str) else value or [])
                if not isinstance(value, dict)
                else ()
            )
        elif key not in {"datasets", "data"} or isinstance(value, dict):
            yield from _drawn(value)


def _words(value: Any) -> Iterator[str]:
    """Every text of a result, and every name in it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _words(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
    elif isinstance(value, str):
        yield value


def _own(*results: Any) -> list[str]:
    """The lender's own words: what stands in the results and is no sentence of ours."""
    with speaking("zh"):
        texts = set(_words(list(results)))
        own = {each for each in texts if retold(each) == each and len(each) > 2}
    own |= FIELDS & texts
    own |= {quoted for each in texts for quoted in re.findall(r"'(\w+)'", each)}
    own |= {each.replace("_", " ") for each in own}
    return sorted(own, key=len, reverse=True)


def english(html: str, own: list[str]) -> list[str]:
    """What is left of a page in Latin letters without the lender's words and common names."""
    left = []
    for text in Reader(html).texts:
        rest = re.sub(r"\w+\.yaml", " ", text.replace("\n", " "))
        for words in own:
            rest = re.sub(re.escape(words), " ", rest, flags=re.IGNORECASE)
        matches = [w for w in re.findall(r"[A-Za-z]{3,}", rest) if w not in NAMES]
        if matches and not text.startswith("data-"):
            left.append(f"{' '.join(matches)} | {text.strip()[:120]}")
    return left


def _pages() -> dict[str, tuple[str, list[str]]]:
    fit, balance = fixture.fit(), fixture.balance()
    empty = ("shadow_prices", "treatments", "swap_sets", "friction", "tornado", "provenance")
    bare = balance | {key: [] for key in empty}
    failed = balance | {"gain": balance["gain"] | {"survives": False}}
    compared, audit, trial = (
        review_fixture.comparison(),
        review_fixture.audit(),
        review_fixture.trial(),
    )
    own = [*_own(fit, balance, "Harbour Lending"), "boosted trees", "scorecard"]  # models' names
    summary, _ = render_summary_page(fit, balance)
    return {
        "report": (fixture.drawn(fit, balance, language="zh"), own),
        "nothing": (fixture.drawn(fit, bare, language="zh"), own),
        "failed": (fixture.drawn(fit, failed, language="zh"), own),
        "summary": (summary, own),
        "comparison": (render_comparison(compared, COMMANDS, "zh"), _own(compared.as_dict())),
        "fairness": (render_fairness(audit, COMMANDS, "zh"), _own(audit)),
        "standing": (
            render_standing(review_fixture.standing(), COMMANDS, "zh"),
            [*_own(review_fixture.standing().as_dict()), "standings/strategy.", "UTC"],
        ),
        "trial": (render_trial(trial, COMMANDS, "zh"), _own(trial.as_dict())),
    }


def _chinese_summary(fit: dict[str, Any], balance: dict[str, Any]) -> tuple[str, bytes]:
    results = FitResult.model_validate(fit), BalanceResult.model_validate(balance)
    return render_summary(*results, "Harbour Lending", "zh")


def render_summary_page(fit: dict[str, Any], balance: dict[str, Any]) -> tuple[str, bytes]:
    """The summary without its PDF, which needs a Chinese font of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("equipoise.report.page.page_pdf", lambda *_: b"")
        return _chinese_summary(fit, balance)


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[str, list[str]]]:
    return _pages()


@pytest.mark.parametrize(
    "name",
    ["report", "nothing", "failed", "summary", "comparison", "fairness", "standing", "trial"],
)
def test_no_english_sentence_remains(pages: dict[str, tuple[str, list[str]]], name: str) -> None:
    html, own = pages[name]
    assert Reader(html).language == "zh"
    assert english(html, own) == []


def test_an_english_sentence_would_be_seen() -> None:
    html = '<html lang="zh"><p>现行 The model is good</p><img alt="a chart of rates"></html>'
    assert english(html, ["harbour"]) == [
        "The model good | 现行 The model is good",
        "chart rates | a chart of rates",
    ]


def test_numbers_and_sentences_read_as_a_chinese_banks_do(
    pages: dict[str, tuple[str, list[str]]],
) -> None:
    text = "".join(Reader(pages["report"][0]).texts)
    assert "在 60,000 笔申请上，推荐策略可达到每 100 名申请人服务的好客户 42.4 名" in text
    assert "违约概率" in text
    assert "预期损失率" in text
    assert "个百分点" in text
    assert not re.search(r"\d%? percentage|\d\u202f\d", text)


def test_a_machine_without_chinese_letters_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from equipoise.errors import BadInput

    monkeypatch.setattr("equipoise.report.paper._has_letters", lambda _: False)
    with pytest.raises(BadInput, match="no font of this machine"):
        _chinese_summary(fixture.fit(), fixture.balance())
