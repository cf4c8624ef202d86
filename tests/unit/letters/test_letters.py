"""Letters as PDF: what a person reads in them, and what nobody's text can do to them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, get_args

import pytest
from pypdf import PdfReader

from equipoise.errors import BadInput, Faults
from equipoise.jurisdiction import Content, LetterKind, pack
from equipoise.letters import WORDING, Due, Letter, Party, Review, Terms, pdf_of
from equipoise.letters.wording import content_of
from equipoise.texts.saying import our_languages

ON = date(2026, 1, 30)
REASONS = (
    "Debts and income: less favourable than with customers we lend to.",
    "You began your present work less than three months ago.",
    "近六个月查询次数：不如我们放款的客户。",
)
CHANGES = ("Amount: 42,000 instead of 60,000", "Months: 36 instead of 24")
AGENCY = "Consumer Financial Protection Bureau, 1700 G Street NW, Washington, DC 20552"


def _letter(kind: LetterKind = "decline", language: str = "en", name: str = "Ann Lee") -> Letter:
    return Letter(
        kind=kind,
        language=language,
        lender=Party("Balance Bank", ("100 Balance Street", "Springfield, IL 62701")),
        addressee=Party(name, ("12 Long Lane", "Springfield, IL 62704")),
        on=ON,
        reference="APP-0011873",
        currency="USD",
    )


def _whole(language: str = "en", name: str = "Ann Lee") -> Letter:
    return replace(
        _letter("counter_offer", language, name),
        reasons=REASONS,
        changes=CHANGES,
        advice_until=date(2026, 4, 30),
        offers=(Terms(42_000, 36, 0.1249, 1404.87, 50_575.32),),
        answer_by=Due(date(2026, 3, 1), "thirty days"),
        withdraw_by=Due(date(2026, 2, 13)),
        review=Review("Call +1 555 0100.", Due(date(2026, 3, 31), "counted so: sixty days")),
        other_ways=("A smaller loan with somebody who signs with you.",),
        required=pack("US", on=ON).contents("counter_offer"),
        values={"agency": AGENCY},
    )


def _read(letter: Letter) -> PdfReader:
    return PdfReader(io.BytesIO(pdf_of(letter).pdf))


def _text(letter: Letter) -> str:
    """All its text without white space, since a line may end anywhere."""
    return _bare("".join(page.extract_text() for page in _read(letter).pages))


def _bare(text: str) -> str:
    return "".join(text.split())


def _objects(reader: PdfReader) -> Iterator[Any]:
    for number in range(1, int(reader.trailer["/Size"])):  # type: ignore[arg-type]
        yield reader.get_object(number)


@pytest.mark.parametrize("language", our_languages())
@pytest.mark.parametrize(
    "name",
    ["欧阳䶮喆", "O'Brien-Núñez", "买买提·艾力", "Ανδρέας Ξένος", "Жанна Щёкина", "Nguyễn Thị Ánh"],
)
def test_a_persons_name_can_be_selected_as_it_is_written(name: str, language: str) -> None:
    printed = pdf_of(_letter(language=language, name=name))
    assert printed.missing == ()
    assert _bare(name) in _text(_letter(language=language, name=name))


@pytest.mark.parametrize("language", our_languages())
def test_everything_that_was_decided_stands_in_the_letter(language: str) -> None:
    letter = _whole(language)
    text = _text(letter)
    given = [
        *REASONS, *CHANGES, *letter.other_ways, *letter.lender.address, *letter.addressee.address,
        "APP-0011873", "Call +1 555 0100.", "counted so: sixty days", "thirty days", AGENCY,
        "USD 42,000", "36", "12.49 %", "USD 1,404.87", "USD 50,575.32",
    ]  # fmt: skip
    assert [each for each in given if _bare(each) not in text] == []


@pytest.mark.parametrize(
    ("language", "reads"),
    [
        (
            "en",
            [
                "30 January 2026",
                "Another offer on your application",
                "Dear Ann Lee,",
                "We can make you another offer than you asked for.",
                "You have our answer by 1 March 2026.",
                "This holds until 30 April 2026",
                "You may withdraw from the loan until 13 February 2026",
                "Ask by 31 March 2026.",
                "The Federal Equal Credit Opportunity Act prohibits creditors",
            ],
        ),
        (
            "zh",
            [
                "2026年1月30日",
                "关于您申请的其他方案",
                "尊敬的Ann Lee：",
                "我们可以提供与您申请不同的方案。",
                "我们将在2026年3月1日前（含当日）给您答复。",
                "在2026年4月30日前（含当日）有效",
                "您可以在2026年2月13日前（含当日）撤回贷款",
                "请在2026年3月31日前（含当日）提出。",
                "美国联邦《平等信贷机会法》",
            ],
        ),
    ],
)
def test_deadlines_and_sentences_are_in_the_persons_language(
    language: str, reads: list[str]
) -> None:
    text = _text(_whole(language))
    assert [each for each in reads if _bare(each) not in text] == []


@pytest.mark.parametrize(
    ("kind", "reads"),
    [
        ("receipt", "We have received your application"),
        ("approval", "Yes: we can lend you what you asked for."),
        ("counter_offer", "We can make you another offer than you asked for."),
        ("decline", "No: we cannot lend to you as things stand."),
    ],
)
def test_each_kind_says_what_it_is(kind: LetterKind, reads: str) -> None:
    assert _bare(reads) in _text(_letter(kind))
    own = replace(_letter(kind), headline="Yes, once your payslip is here.")
    assert _bare("Yes, once your payslip is here.") in _text(own)


def test_a_language_without_words_of_ours_gets_english_ones() -> None:
    assert _bare("Our decision on your application") in _text(_letter(language="de"))
    assert _read(_letter(language="de")).trailer["/Root"]["/Lang"] == "en"


def test_the_same_letter_is_the_same_bytes_and_bears_its_own_date() -> None:
    first = pdf_of(_whole()).pdf
    other = pdf_of(_whole(name="Somebody Else")).pdf
    assert pdf_of(_whole()).pdf == first != other
    metadata = PdfReader(io.BytesIO(first)).metadata
    assert metadata is not None
    assert metadata["/CreationDate"] == "D:20260130000000Z"
    assert metadata["/ModDate"] == "D:20260130000000Z"


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-CN")])
def test_a_screen_reader_finds_language_title_and_structure(language: str, tag: str) -> None:
    reader = _read(_whole(language))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == tag
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    kinds = {each.get("/S") for each in _objects(reader) if isinstance(each, dict)}
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD"} <= kinds


def test_it_is_a4_and_brings_its_typefaces_along() -> None:
    reader = _read(_whole("zh", "欧阳䶮喆"))
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(595, 842)}
    fonts = [each for each in _objects(reader) if "/FontName" in each]
    names = {str(each["/FontName"]).partition("+")[2].partition("-")[0] for each in fonts}
    assert names == {"NotoSans", "DroidSansFallback"}
    assert all("/FontFile2" in each for each in fonts)
    assert len(pdf_of(_whole("zh")).pdf) < 100_000  # subsets: the typefaces are five million


HOSTILE = [
    '#eval("1 + 1")',
    '#import "@preview/cetz:0.4.0": *',
    '#read("/etc/passwd")',
    "$ x^2 $ *bold* _it_ `raw` <label> @ref = head",
    "\\u{41} // not a comment /* nor this */ ~ -- ---",
    "{page} {name} {0} %s ${x} {{braces}}",
    "</script><b>&amp;",
    '"],"sections":[{"heading":"own',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_person_wrote_stays_text(text: str) -> None:
    letter = replace(_whole(name=text), reasons=(text,), lender=Party(text, (text,)))
    reader = _read(letter)
    assert _text(letter).count(_bare(text)) >= 5  # sender, address, addressee, greeting, reason
    active = {"/JavaScript", "/JS", "/Launch", "/URI", "/OpenAction", "/AA", "/EmbeddedFiles"}
    for each in _objects(reader):
        assert not (isinstance(each, dict) and active & each.keys())


def test_marks_of_direction_and_control_characters_are_left_out() -> None:
    letter = _letter(name="Ann\u202e\u2066 \x00\x07Lee\nof\tthe\u2028house\ufeff")
    assert "AnnLeeofthehouse" in _text(letter)
    assert pdf_of(letter).missing == ()


def test_a_word_wider_than_the_page_is_broken_and_kept_whole() -> None:
    word = "W" * 300
    letter = replace(_letter(), reasons=(word,), reference="R" * 60)
    lines = "".join(page.extract_text() + "\n" for page in _read(letter).pages).split("\n")
    assert max(line.count("W") for line in lines) < 60  # 16 cm of letters 3.3 mm wide hold 49
    assert max(line.count("R") for line in lines[:12]) < 20
    assert word in _text(letter)


def test_a_letter_longer_than_letters_are_is_refused_at_once() -> None:
    for letter in (
        replace(_letter(), reasons=("x" * 1_000_000,)),
        replace(_letter(), reasons=("",) * 20_000),
        _letter(name="欧" * 20_000),
    ):
        with pytest.raises(BadInput, match="more than 20,000 characters; shorten its texts"):
            pdf_of(letter)


def test_many_reasons_go_on_over_numbered_pages() -> None:
    reasons = tuple(f"Reason number {n} of those that decided." for n in range(1, 121))
    pages = _read(replace(_letter(), reasons=reasons)).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {len(pages)}" in text
        assert "APP-0011873" in text
    assert len(_read(_letter()).pages) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "stand in brackets, by their sound or their number: [yíng] U+2C386, [U+20BB7]."),
        ("zh", "以读音或编码表示：[yíng] U+2C386、[U+20BB7]。"),
    ],
)
def test_a_character_that_no_typeface_has_is_written_by_its_sound_and_flagged(
    language: str, said: str
) -> None:
    letter = _letter(language=language, name="王𬎆𠮷")
    printed = pdf_of(letter)
    assert printed.missing == ("𬎆", "𠮷")
    text = _text(letter)
    assert "王[yíng][U+20BB7]" in text
    assert _bare(said) in text


@pytest.mark.parametrize("name", ["😀", "ሰላም", "שלום", "\ue000", "हिन्दी"])
def test_other_scripts_and_signs_are_flagged_too_and_never_a_box(name: str) -> None:
    printed = pdf_of(_letter(name=name))
    assert set(printed.missing) == set(name)
    assert f"[U+{ord(name[0]):04X}]" in _text(_letter(name=name))


def test_composed_and_taken_apart_letters_are_the_same() -> None:
    assert pdf_of(_letter(name="Nu\u0301n\u0303ez")) == pdf_of(_letter(name="Núñez"))


def test_a_letter_that_lacks_what_the_law_asks_for_is_not_set() -> None:
    required = (
        *pack("US", on=ON).contents("decline"),
        Content(item="person"),
        Content(item="statement", says={"zh": "您有权。"}),
    )
    bare = replace(_letter(), lender=Party("Balance Bank"), required=required)
    with pytest.raises(Faults) as caught:
        pdf_of(bare)
    assert [fault.message.split("'")[1] for fault in caught.value.faults] == [
        "lender", "agency", "reasons", "person", "statement",
    ]  # fmt: skip
    assert all(fault.mend for fault in caught.value.faults)


@pytest.mark.parametrize("package", ["typst", "fontTools.ttLib"])
def test_without_the_extra_it_is_said_how_to_install_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.letters import legible

    legible._covered.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(BadInput, match="install equipoise with the extra 'letters'"):
        pdf_of(_letter())


def test_whoever_changes_a_sentence_gives_the_wording_its_next_version() -> None:
    said = [
        content_of(replace(_whole(language, name), kind=kind))
        for language in our_languages()
        for name in ("Ann Lee", "")
        for kind in get_args(LetterKind)
    ]
    digest = sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]
    assert (WORDING, digest) == (4, "61896c93e5ace0f8")
