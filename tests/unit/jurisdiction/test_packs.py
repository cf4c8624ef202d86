"""Packs: what holds on which day, whose file says so, and what a wrong file is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import packs
import pytest

from equipoise.errors import BadInput, Faults
from equipoise.jurisdiction import pack, shipped_packs

ON = date(2026, 6, 1)
RULE = "{id: own.a, kind: withdrawal, from: 2020-01-01, term: 7 days, source: s, verified: unseen}"
LATER = RULE.replace("own.a", "own.b").replace("2020-01-01", "2022-01-01")
ONE_RULE = f"pack: ours\nrules:\n  - {RULE}\n"
NOTICE = """\
notices:
  - id: own.notice
    letters: [decline]
    from: 2020-01-01
    source: s
    verified: unseen
    contains:
      - {item: statement, says: {en: "Write to {office}."}}
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_four_packs_are_shipped_and_each_says_that_lawyers_must_confirm_it() -> None:
    assert shipped_packs() == ("CN", "EU", "UK", "US")
    for name in shipped_packs():
        assert "lawyer has to confirm" in pack(name, on=ON).caution


@pytest.mark.parametrize("name", shipped_packs())
def test_what_was_not_looked_up_says_so(name: str) -> None:
    for rule in pack(name, on=ON).rules:
        assert rule.source
        assert rule.verified in {"text", "account", "unseen"}
    kinds = {(rule.kind, rule.verified) for rule in pack("US", on=ON).rules}
    assert ("withdrawal", "unseen") in kinds
    assert ("complaint_answer", "account") in kinds


def test_a_dated_change_is_seen_from_both_sides() -> None:
    before, after = date(2026, 11, 19), date(2026, 11, 20)
    assert pack("EU", on=before).rule("withdrawal").source.startswith("Directive 2008/48/EC")
    assert pack("EU", on=after).rule("withdrawal").source.startswith("Directive (EU) 2023/2225")


def test_before_its_first_day_a_rule_does_not_hold() -> None:
    assert pack("CN", on=date(2020, 3, 1)).rule("complaint_answer").id == "cn.complaint-answer"
    with pytest.raises(BadInput, match="no rule 'complaint_answer' on 2020-02-29"):
        pack("CN", on=date(2020, 2, 29)).rule("complaint_answer")


def test_a_declined_american_is_told_of_the_equal_credit_opportunity_act() -> None:
    contents = pack("US", on=ON).contents("decline")
    assert [each.item for each in contents] == ["action", "lender", "statement", "reasons"]
    (statement,) = (each for each in contents if each.item == "statement")
    assert statement.places() == {"agency"}
    read = statement.filled(statement.says["en"], {"agency": "the agency, {its} address"})
    assert read.startswith("The Federal Equal Credit Opportunity Act prohibits creditors")
    assert read.endswith("this creditor is the agency, {its} address.")
    assert pack("US", on=ON).contents("approval") == ()


@pytest.mark.parametrize("name", ["EU", "CN"])
def test_a_declined_person_may_ask_for_a_person(name: str) -> None:
    assert "person" in {each.item for each in pack(name, on=ON).contents("decline")}


def test_a_lenders_own_file_sets_what_the_law_leaves_to_it(tmp_path: Path) -> None:
    own = pack(_file(tmp_path, f"pack: ours\nextends: CN\nrules: [{RULE}]\n{NOTICE}"), on=ON)
    shipped = pack("CN", on=ON)
    assert own.rule("withdrawal").term.length == 7
    assert own.rule("complaint_answer") == shipped.rule("complaint_answer")
    assert own.contents("decline")[:-1] == shipped.contents("decline")
    assert own.contents("decline")[-1].says == {"en": "Write to {office}."}
    assert (own.name, own.caution) == ("ours", shipped.caution)


def test_a_file_of_its_own_may_stand_alone(tmp_path: Path) -> None:
    own = pack(_file(tmp_path, f"pack: ours\nrules: [{RULE}]\n"), on=ON)
    assert [each.id for each in own.rules] == ["own.a"]
    assert own.notices == ()


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (f"pack: ours\nextends: EUR\nrules: [{RULE}]\n", 2, "no pack 'EUR'; did you mean 'EU'"),
        ("pack: ours\nextends: ../../etc/passwd\n", 2, "there is no pack '../../etc/passwd'"),
        (ONE_RULE.replace("7 days", "7 suns"), 3, "no length of time"),
        (ONE_RULE.replace("7 days", "0 days"), 3, "no length of time"),
        (ONE_RULE.replace("withdrawal", "leaving"), 3, "kind"),
        (ONE_RULE.replace("source: s", 'source: " "'), 3, "source"),
        (ONE_RULE.replace("unseen", "no"), 3, "verified"),
        (f"pack: ours\nrules:\n  - {RULE[:-1]}, until: 2019-12-31}}\n", 3, "before it begins"),
        (f"pack: ours\nrules:\n  - {RULE}\n  - {RULE}\n", 4, "the id 'own.a' is given twice"),
        (
            f"pack: ours\nrules:\n  - {RULE}\n  - {RULE.replace('own.a', 'own.b')}\n",
            4,
            "'own.b' holds on days of 'own.a'; end the one before it",
        ),
        (
            f"pack: ours\nrules:\n  - {RULE}\n  - {LATER}\n",
            4,
            "'own.b' holds on days of 'own.a'",
        ),
        (f"pack: ours\n{NOTICE.replace('{office}', '{office.name}')}", 9, "names in braces"),
        (f"pack: ours\n{NOTICE.replace('statement', 'person')}", 9, "words of its own"),
        ("pack: ours\nrule: []\n", 2, "did you mean 'rules'"),
    ],
)
def test_a_wrong_file_is_told_where_and_how_to_mend_it(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(BadInput) as caught:
        pack(path, on=ON)
    fault = caught.value.faults[0] if isinstance(caught.value, Faults) else caught.value
    assert fault.where is not None
    assert (fault.where.file, fault.where.line) == (str(path), line)
    assert why in str(fault)


def test_two_rules_of_a_kind_that_follow_each_other_are_one_dated_change(tmp_path: Path) -> None:
    ended = RULE.replace("from: 2020-01-01", "from: 2020-01-01, until: 2026-05-31")
    later = RULE.replace("own.a", "own.b").replace("2020-01-01", "2026-06-01")
    path = _file(tmp_path, f"pack: ours\nrules:\n  - {ended}\n  - {later}\n")
    assert pack(path, on=date(2026, 5, 31)).rule("withdrawal").id == "own.a"
    assert pack(path, on=date(2026, 6, 1)).rule("withdrawal").id == "own.b"


def test_a_notice_is_asked_for_from_its_first_day_on() -> None:
    assert pack("US", on=date(2011, 12, 29)).contents("decline") == ()
    assert len(pack("US", on=date(2011, 12, 30)).contents("decline")) == 4


def test_what_a_lawyer_reads_of_the_packs_is_what_they_say() -> None:
    page = packs.PAGE.read_text(encoding="utf-8")
    assert packs.drawn(page) == page, "make it anew: python tests/support/packs.py"
    for each in packs.shipped().values():
        for rule in each["rules"]:
            assert f"| `{rule['kind']}` | {rule['term']}" in page


def test_an_unknown_pack_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="no pack 'UKK'; did you mean 'UK'"):
        pack("UKK", on=ON)
