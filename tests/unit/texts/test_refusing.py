"""Whatever the desks' rooms refuse with is told in Chinese, with what was typed kept as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from refusals import refusals

from equipoise.documents import parse_document
from equipoise.errors import BadInput, Faults, GateRefused, Span, did_you_mean
from equipoise.expression import compile as compiled
from equipoise.expression.faults import ExpressionError
from equipoise.strategy.document import StrategyDocument
from equipoise.texts.refusing import refusal, refused
from equipoise.texts.saying import speaking

# Rooms whose refusals people of the desks read, one to a line.
ROOMS = (
    "authority/document.py",
    "authority/lifecycle.py",
    "authority/override.py",
    "balance/appetite.py",
    "contract/reading/csvlayout.py",
    "contract/reading/headers.py",
    "contract/reading/tables.py",
    "documents.py",
    "expression",
    "portfolio/macro_paths.py",
    "portfolio/macro_tables.py",
    "portfolio/projection.py",
    "portfolio/satellite.py",
    "review/policy",
    "review/stress",
    "review/switches.py",
    "service/contexts/applications/assignment.py",
    "service/contexts/balances",
    "service/contexts/batches/retention.py",
    "service/contexts/books",
    "service/contexts/batches/services.py",
    "service/contexts/cases",
    "service/contexts/complaints/services.py",
    "service/contexts/decisions/outcomes.py",
    "service/contexts/decisions/reading.py",
    "service/contexts/decisions/rehearsal_gate.py",
    "service/contexts/decisions/searching.py",
    "service/contexts/drafts/hands.py",
    "service/contexts/drafts/helping.py",
    "service/contexts/drafts/sought.py",
    "service/contexts/erasing/people.py",
    "service/contexts/erasing/services.py",
    "service/contexts/disposals",
    "service/contexts/incidents",
    "service/contexts/learning",
    "service/contexts/officers",
    "service/contexts/plans",
    "service/contexts/practice",
    "service/contexts/registry",
    "service/contexts/reviews/services.py",
    "service/contexts/watch",
    "watch/alerts",
    "service/contexts/screenings",
    "service/contexts/trials",
    "service/pages/administrator",
    "service/pages/analyst",
    "service/pages/risk",
    "service/pages/underwriter",
    "service/platform/accounts",
    "service/platform/api/short_text.py",
    "service/platform/exports",
    "service/platform/overtaking.py",
    "service/platform/record/writer.py",
    "service/platform/typed_text.py",
    "service/platform/webhooks/services.py",
    "strategy/checks",
    "strategy/content.py",
    "strategy/document.py",
    "strategy/editions.py",
    "strategy/exploring/split.py",
    "strategy/offering",
    "strategy/product.py",
    "strategy/rewriting.py",
    "strategy/sealing.py",
    "watch/disposal",
    "watch/incidents",
    "workspace/balance_inputs.py",
    "workspace/balance_runs.py",
    "workspace/folder.py",
    "workspace/learning.py",
    "workspace/policy_runs.py",
    "workspace/stressing.py",
    "workspace/taking.py",
    "workspace/what_if.py",
)
_CODE = re.compile(r"`[^`]*`|equipoise(?: \w+)+|IS (?:NOT )?NULL")
_WORDS = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z']{2,}){2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def in_english(text: str) -> bool:
    """Whether a sentence of it is English, or all of it is; code may be."""
    plain = _CODE.sub("", text)
    spoken = bool(re.search("[A-Za-z]{2}", plain))
    return bool(_WORDS.search(plain)) or (spoken and not _CHINESE.search(plain))


def test_every_refusal_of_the_desks_is_told_in_chinese() -> None:
    sentences = refusals(*ROOMS)
    assert len(sentences) > 300
    with speaking("zh"):
        left = {text: where for text, where in sentences.items() if in_english(refusal(text))}
    assert left == {}, "\n".join(f"{where}: {text}" for text, where in left.items())


def test_what_fills_a_sentence_stays_as_it_was_typed() -> None:
    error = GateRefused(
        "version 3 was saved meanwhile by nora; of 3 people",
        mend="look at it, then save yours all the same or write it into theirs",
    )
    with speaking("zh"):
        sentences = refused(error)
    assert (
        sentences
        == "其间 nora; of 3 people 已保存版本 3；请先看过，再照样保存您的，或并入对方的版本。"
    )


def test_in_english_it_is_told_as_it_was_raised() -> None:
    error = BadInput("this is no day", where=Span("a.yaml", 3, 4), mend="give both days")
    assert refused(error) == str(error) == "a.yaml:3:4  this is no day; give both days"


def test_words_of_ours_in_a_sentence_are_told_too() -> None:
    with speaking("zh"):
        assert refusal("nobody can approve what they wrote themselves") == "不能批准自己编写的内容"
        assert refusal("the batch is cancelled already") == "该批次已是“已取消”状态"


def test_a_sentence_that_nobody_wrote_down_stays() -> None:
    with speaking("zh"):
        assert refusal("Zut alors 3") == "Zut alors 3"
        assert refusal("x" * 100_000) == "x" * 100_000


def test_a_name_nearby_is_offered_in_chinese() -> None:
    with speaking("zh"):
        assert refusal(did_you_mean("incom", ["income"])) == "您是不是想写“income”？"
        assert refusal(did_you_mean("zzz", ["income", "age"])) == "已知的名称：age, income"


@pytest.mark.parametrize(
    "text",
    ["", "3", "name: [", "name: corner\n  x: 1", "name: 'a'\nname: 'b'", "a: &a 1\nb: *a",
     "\tx: 1",
     "name: 3x\nversion: many\nrules: no\ntiers: []\nchoose: luck\nmodle: x\nchecks_shift: .nan",
     "rules: [{name: a, when: 3, outcome: perhaps, reason: low}]\nversion: 0\npersn: []",
     "balance: {goal: fun, worth: -1}\ncutoff: {bands: [{below: 2, give: x}, {give: 3}]}"],
)  # fmt: skip
def test_faults_of_a_document_are_told_in_chinese(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_document(text, StrategyDocument, Path("strategy.yaml"))
    faults = caught.value.faults if isinstance(caught.value, Faults) else (caught.value,)
    with speaking("zh"):
        left = [str(each) for each in faults if in_english(refused(each))]
    assert left == []


@pytest.mark.parametrize(
    "text",
    ["", "a ==", "a == 1", "a >", "a > 'x'", "b > 1", "a = NULL", "1 > 2", "a > a", "a / 0 > 1",
     "a LIKE 'x'", "LENGTH(b)", "a > 1 > 2", "a IN ()", "a IN (NULL)", "NOT", "a > 1 -- x",
     "a > 1.x", "a > 1 AND a < 0", "zz > 1", "A > 1", "b = \"x\"",
     "DATE '2018-13-01' = DATE '2018-01-01'",
     "ABS(a, a) > 1", "CASE WHEN a > 1 THEN NULL END = 1", "1e999 > a", "t > f", "3 IS NULL",
     "COALESCE(1, a) = 1", "i = 1.5", "a > 1;", "a::int", "b || b", "CAST(a AS int)", "NOW()", "("],
)  # fmt: skip
def test_faults_of_an_expression_are_told_in_chinese(text: str) -> None:
    types = {"a": "number", "b": "string", "t": "boolean", "f": "boolean", "i": "integer"}
    with pytest.raises(ExpressionError) as caught:
        compiled(text, types)  # type: ignore[arg-type]
    with speaking("zh"):
        sentences = refused(caught.value)
    assert not in_english(sentences), (str(caught.value), sentences)


def test_a_switch_that_nobody_meets_is_told_in_chinese_with_its_condition_as_typed() -> None:
    message = "switch 'stop' can never hold: nothing in the contract's ranges meets pd > 2"
    with speaking("zh"):
        told = refused(BadInput(message, mend="mend its condition, or take it out"))
    assert "stop" in told and "pd > 2" in told and "永远不成立" in told and "never" not in told
