"""The words of a number of a measured book: what it is, its figures, and how it is counted."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.report.sections.book_rates import SHOCKS
from equipoise.report.sections.book_words import DIMENSIONS, GRADES, STATES
from equipoise.texts.saying import marked

APPROACHES: Mapping[str, str] = {
    "irb": marked("Internal ratings"),
    "standardised": marked("Standardised"),
}
FIGURES: Mapping[str, str] = {
    "loans": marked("Loans"),
    "exposure": marked("Exposure"),
    "share": marked("Of the exposure"),
    "rate": marked("Rate"),
    "chance": marked("Chance"),
    "moved": marked("Moved"),
    "seen": marked("Seen"),
    "allowance": marked("Allowance"),
    "lifetime": marked("Losses over the whole life"),
    "assets": marked("Risk-weighted assets"),
    "capital": marked("Capital asked for"),
    "names": marked("Names"),
    "hhi": marked("HHI"),
    "top10": marked("Ten largest"),
    "at_most": marked("Limit in money"),
    "used": marked("Used"),
    "ahead": marked("If the flow goes on"),
    "price": marked("Shadow price"),
    "of_loans": marked("Loans, money"),
    "of_funding": marked("Funding"),
    "gap": marked("Loans less funding"),
    "so_far": marked("Gap so far"),
    "value": marked("Worth at market rates"),
    "duration": marked("Duration in years"),
    "taken_off": marked("Taken off by one percentage point more"),
    "change": marked("Change"),
    "a_year": marked("A year"),
    "faults": marked("Kinds of faults"),
    "rows_told": marked("Rows they are told of"),
}
MONEY = frozenset(
    {
        "exposure", "allowance", "lifetime", "assets", "capital", "at_most", "of_loans",
        "of_funding", "gap", "so_far", "value", "change",
    }
)  # fmt: skip
SHARES = frozenset({"share", "rate", "chance", "top10", "used", "ahead", "taken_off", "a_year"})
DIGITS: Mapping[str, int] = {"hhi": 4, "price": 3, "duration": 2}
"""Digits behind the point, of those that are neither money nor shares nor counts."""
HOW: Mapping[str, str] = {
    "open": marked(
        "Loans that owe something at the book's last month, and are neither repaid nor written off."
    ),
    "late": marked("What open loans owe that are more than so many days late, of what all owe."),
    "vintage": marked(
        "Of the loans made in the vintage, those that were bad by that month on book. Loans whose "
        "first months the tape does not have are left out."
    ),
    "ever_bad": marked(
        "Of all loans made in the vintage that are on the tape, those that were bad in any month "
        "of it."
    ),
    "roll": marked(
        "What stands in the next bucket in the tape's next month, of what stands in this one; the "
        "plain mean over months. Of the last bucket only those count who are new to it."
    ),
    "move": marked(
        "Of loans seen in a state and again in the tape's next month, those found in the other one "
        "then."
    ),
    "stage": marked(
        "Allowance of a loan: in stage 1 what 12 months lose (loss_year), in stage 2 what its "
        "whole life loses (loss_life), in stage 3 LGD × EAD; and the overlay that a person added. "
        "A loss is the sum over months t of PD(t) × LGD × EAD(t) ÷ (1 + rate)^(t ÷ 12): PD(t) by "
        "how late the loan is, or from the PD that the tape tells; EAD(t) falls by level "
        "instalments; scenarios are weighted by their chances."
    ),
    "lifetime": marked(
        "The sum over all months t that a loan has left of PD(t) × LGD × EAD(t) ÷ (1 + rate)^(t ÷ "
        "12), scenarios weighted by their chances, without overlays; of a loan in stage 3 LGD × "
        "EAD."
    ),
    "irb": marked(
        "Assets are 12.5 × K × EAD, and K = LGD × N((G(PD) + √R × G(0.999)) ÷ √(1 − R)) − PD × LGD "
        "(CRE31): N is the normal distribution, G its inverse, R the correlation of the asset "
        "class. irb_pd and irb_lgd have the packs' floors. Of a loan in default K = max(0, LGD − "
        "what is expected to be lost)."
    ),
    "standardised": marked(
        "Assets are the weight × EAD. The weight is the packs' for the asset class and the loan to "
        "value; of a mortgage that is split, that of its parts together; of a loan in default its "
        "own."
    ),
    "grade": marked(
        "The worst grade that a rule of the packs asks for (grade_rule); a rule of which a fact is "
        "not known asks for nothing."
    ),
    "concentration": marked(
        "HHI is the sum of squared shares. A loan whose customer nobody tells is a name of its "
        "own. Who customers are is not shown."
    ),
    "limit": marked(
        "What the name owes, of what it may owe; and the same 12 months on, if the mean monthly "
        "change of the last months goes on."
    ),
    "largest": marked("What open loans of one name owe."),
    "price": marked(
        "What one unit more of the appetite's constraint that the limit names was worth in the "
        "balance that was at hand: its multiplier, of those of all constraints below."
    ),
    "gap": marked(
        "What loans repay in the bucket, by level instalments and with early repayment, is lent "
        "anew at the rates of then; funding is what reprices in it by portfolio.yaml. Loans "
        "without a rate, or more than 90 days late, are left out."
    ),
    "worth": marked(
        "What loans pay in each month ahead, at the zero rates of portfolio.yaml's curve. Duration "
        "is Macaulay's, at the one yearly yield that gives the same worth; what a percentage "
        "point takes off is modified duration less half the convexity."
    ),
    "income": marked(
        "What reprices within a year does so at the middle of its bucket, and earns the move for "
        "the rest of the year; funding by how much of a move it takes on (SRP31)."
    ),
    "shock": marked(
        "What loans pay, less what funding is paid, at the curve as the shock moves it and as it "
        "is (SRP31, without options). No rate goes below zero for a shock that lowers it."
    ),
    "prepaid": marked(
        "Of what loans owed that were not late, the part whose loans were repaid whole by the "
        "tape's next month, more than a month before their term; as a rate a year."
    ),
    "left_out": marked(
        "Open loans of which nobody told a rate, or that are more than 90 days late."
    ),
    "faults": marked(
        "What is wrong with the tape's data, by kind and file; none of it is told as risk. What "
        "stood in the cells is not kept: the rows say where to look."
    ),
}
HOW_OF: Mapping[str, str] = {"allowance": "stage"}
TITLES: Mapping[str, str] = {
    "open": marked("Open loans"),
    "late": marked("More than {of} days late"),
    "vintage": marked("Bad so far: vintage {of}, month {at} on book"),
    "ever_bad": marked("Bad by the end of the tape: vintage {of}"),
    "roll": marked("Mean net roll rate from “{of}”"),
    "move": marked("Moves from “{of}” to “{at}”"),
    "stage": marked("Expected credit losses: stage {of}"),
    "allowance": marked("Expected credit losses"),
    "lifetime": marked("Losses over the whole life"),
    "capital": marked("Capital: {of}"),
    "grade": marked("Grade: {of}"),
    "concentration": marked("Concentration: {of}"),
    "limit": marked("Limit {of}: {at}"),
    "largest": marked("Concentration: {of}, {at}"),
    "price": marked("Shadow price of limit {of}: {at}"),
    "gap": marked("Repricing gap: {of}"),
    "worth": marked("What loans pay, at market rates"),
    "income": marked("Net interest income within a year: {of}"),
    "shock": marked("Change of economic value: {of}"),
    "prepaid": marked("Early repayment that was seen"),
    "left_out": marked("Loans that interest rates leave out"),
    "faults": marked("Faults of the tape's data"),
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "roll": STATES,
    "move": STATES,
    "capital": APPROACHES,
    "grade": GRADES,
    "concentration": DIMENSIONS,
    "largest": DIMENSIONS,
    "shock": SHOCKS,
    "income": {"up": SHOCKS["parallel_up"], "down": SHOCKS["parallel_down"]},
}
"""What `of` and `at` are called, of those kinds whose are words of ours."""
