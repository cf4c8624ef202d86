"""`helper`: how well questions are answered, and from which margin on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.cli.printing import document, line, table
from equipoise.cli.watching import watching

if TYPE_CHECKING:
    from equipoise.helper import Helper, Tally
    from equipoise.progress import Progress

helper = typer.Typer(help="The helper that answers applicants' questions out of approved texts.")
Questions = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="Questions with labels; ours unless given.")
]
Texts = Annotated[
    Path | None, typer.Option("--texts", metavar="FILE", help="A lender's own approved texts.")
]
By = Annotated[
    str,
    typer.Option("--by", help="sentences or characters; the better one installed unless given."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
_LABELS = {
    "answered_directly": "answered directly",
    "answered_by_menu": "answered by menu",
    "directly_or_by_menu": "directly or by menu",
    "wrong_of_all_asked": "wrong of all asked",
    "hand_over_caught": "hand-over caught",
    "urgent_caught": "urgent caught",
    "person_in_vain": "to a person in vain",
}


@helper.command("measure")
def measure(file: Questions = None, texts: Texts = None, by: By = "", json: Json = False) -> None:
    """Say per language how questions with known answers are answered."""
    from equipoise.helper import measured, open_helper, questions_of, shipped

    asked = open_helper(texts, by=by)
    questions = questions_of(file or shipped("questions.yaml"), asked.approved)
    with _ready(asked, quiet=json) as steps, steps.step("Answering the questions"):
        tallies = measured(asked, questions)
    if json:
        document(_as_dict(asked, tallies))
    else:
        _show(asked, tallies)


@helper.command("margins")
def margins(file: Questions = None, texts: Texts = None, by: By = "", json: Json = False) -> None:
    """Choose the margins on questions that nothing is reported of, for a lender's own file."""
    from equipoise.helper import margins_for, open_helper, questions_of, shipped

    asked = open_helper(texts, by=by)
    questions = questions_of(file or shipped("margin_questions.yaml"), asked.approved)
    with _ready(asked, quiet=json) as steps, steps.step("Comparing the questions"):
        chosen = margins_for(asked, questions)
    if json:
        document({"by": asked.by, "margins": chosen})
    else:
        line(f"by {asked.by}; for the file of texts:")
        pairs = ", ".join(f"{language}: {margin}" for language, margin in chosen.items())
        line(f"margins:\n  {asked.by}: {{{pairs}}}")


@contextmanager
def _ready(asked: Helper, quiet: bool) -> Iterator[Progress]:
    """The helper with its examples read, which is most of the wait."""
    with watching(quiet=quiet) as steps:
        with steps.step("Reading the examples"):
            asked.warm()
        yield steps


def _as_dict(asked: Helper, tallies: dict[str, Tally]) -> dict[str, Any]:
    return {"by": asked.by, "languages": {each: made.as_dict() for each, made in tallies.items()}}


def _show(asked: Helper, tallies: dict[str, Tally]) -> None:
    shown = {language: tally.as_dict() for language, tally in tallies.items()}
    rows = [
        [label, *(_cell(made[name]) for made in shown.values())] for name, label in _LABELS.items()
    ]
    rows.append(["margin", *(str(made["margin"]) for made in shown.values())])
    table(f"The helper by {asked.by}", ("share (95 % interval)", *shown), rows)
    for language, made in shown.items():
        for each in made["answered_wrong"]:
            line(f"{language}: '{each['question']}' was answered with {each['with']}")


def _cell(share: dict[str, Any]) -> str:
    if not share["n"]:
        return "none asked"
    low, high = (100 * share[end] for end in ("low", "high"))
    return f"{100 * share['share']:.0f} % ({share['count']}/{share['n']}; {low:.0f} to {high:.0f})"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(helper, name="helper")
