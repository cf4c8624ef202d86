"""Which text is meant: closeness to examples, by characters or by a sentence model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from equipoise.helper.embedding import Characters, has_sentences, sentences
from equipoise.helper.matching import Matcher, Ranking
from equipoise.helper.plain import plain

EXAMPLES = {
    "early": ["can I repay early", "pay the loan off before its end"],
    "code": ["the code did not arrive", "I got no text message"],
    "fees": ["are there any fees", "what does it cost to apply"],
}


@pytest.mark.parametrize(
    ("texts", "asked", "sizes"),
    [
        (EXAMPLES["early"] + EXAMPLES["fees"], "any early fee fee fee", (2, 5)),
        (["可以提前还款吗", "提前还清有违约金吗", "申请要钱吗"], "提前提前还钱", (1, 3)),
    ],
)
def test_characters_are_weighted_as_scikit_learn_weights_them(
    texts: list[str], asked: str, sizes: tuple[int, int]
) -> None:
    theirs = TfidfVectorizer(analyzer="char", ngram_range=sizes, sublinear_tf=True).fit(
        [f" {text} " for text in texts]
    )
    expected = (
        theirs.transform([f" {asked} "]) @ theirs.transform([f" {t} " for t in texts]).T
    ).toarray()[0]
    space = Characters(texts)
    assert space.vectors([asked])[0] @ space.vectors(texts).T == pytest.approx(expected)


def test_a_question_of_which_nothing_is_known_is_close_to_none() -> None:
    assert np.all(Characters(EXAMPLES["fees"]).vectors(["漢字"]) == 0)
    assert np.isfinite(Matcher(EXAMPLES, Characters).ranked("漢字").closeness).all()


@pytest.mark.parametrize("text", [name for several in EXAMPLES.values() for name in several])
def test_an_example_leads_to_its_own_text(text: str) -> None:
    ranking = Matcher(EXAMPLES, Characters).ranked(text)
    assert text in EXAMPLES[ranking.names[0]]
    assert list(ranking.closeness) == sorted(ranking.closeness, reverse=True)


def test_a_margin_is_the_lead_of_the_first_over_the_second() -> None:
    assert Ranking(("a", "b", "c"), (0.75, 0.5, 0.1)).margin == 0.25


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ＡＰＲ　是 什么", "apr 是什么"),
        ("I’m\tHere\u200b\x00", "i'm here"),
        ("我 们\n好", "我们好"),
    ],
)
def test_one_way_to_write_stands_for_all(text: str, seen: str) -> None:
    assert plain(text) == seen


@pytest.mark.skipif(not has_sentences(), reason="the extra `helper` is not installed")
def test_sentences_that_mean_the_same_are_nearest_in_both_languages_and_in_threads() -> None:
    texts = ["can I repay early", "可以提前还款吗", "the code did not arrive", "收不到验证码"]
    made = sentences().vectors(texts)
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert list((made[0::2] @ made[1::2].T).argmax(axis=1)) == [0, 1]
    with ThreadPoolExecutor(4) as threads:
        for again in threads.map(sentences().vectors, [texts] * 8):
            assert np.array_equal(again, made)


@pytest.mark.skipif(not has_sentences(), reason="the extra `helper` is not installed")
@pytest.mark.parametrize("text", ["", "😀" * 300, "\x00\u200b", "a" * 1000])
def test_odd_text_has_a_direction_too(text: str) -> None:
    assert np.isfinite(sentences().vectors([text])).all()
