"""Every number of the pages of risk leads to its query and rows, but those that are named here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import watching
from leading import numbers_without_a_way
from people import acting, logged_in, person
from test_book_pages import ADVERSE, HISTORY, STRESS
from test_numbers_of_the_book import a_measured_book

from equipoise.service.contexts.books.models import Measuring
from equipoise.service.contexts.books.running import measure
from equipoise.service.contexts.incidents import services as incidents
from equipoise.service.contexts.incidents.services import Report
from equipoise.service.contexts.watch import services as watch
from equipoise.service.contexts.watch.models import Alert
from equipoise.service.contexts.watch.tasks import measure_watch
from equipoise.service.platform.accounts.permissions import Role

# By page: what a number is called there, and why no query gives it. It may only get shorter.
NAMES, SET = "it is a name", "a person set it"
RUN = "it is what a figure of a stress test leads to: the run-off, from quarter to quarter"
ALLOWED: dict[str, dict[str, str]] = {
    "overview": {
        **dict.fromkeys(("1", "2", "3", "4", "5", "Probability, then impact"), NAMES),
        "At most": SET,
    },
    "book": {
        "Stage": NAMES,
        "What": "the size of a shock, by the pack",
    },
    "indicator": {"Usual": "the mean of the periods before, which stand below"},
    "register": {"Appetite": SET, "Score, of 25": NAMES, "What is left, of 5": NAMES},
    "stress": {
        "In stage #of what is owed": NAMES,
        "Limit": SET,
        "A limit breaks: losses, of the exposure at most # (adverse)": SET,
        "Each scenario is stretched along its own path, away from the last quarter before it: "
        "#is the economy as it stands, #the scenario as written.": NAMES,
        "No model of default rates is used: there are too few quarters with a default rate. The "
        "mean of Unemployment rate, in standard deviations of its past, is the one factor of "
        "Vasicek's model; rho is #stated and not measured (stated).": SET,
        "Nobody comes back from default here: what is lost of a default is that of all who "
        "default, those who come back among them. On the tape #of #months in default were followed "
        "by one less late (#).": "a model's; the book's page has these moves",
    },
    "scenario": {
        **dict.fromkeys(
            (
                "Odds of default",
                "Getting later",
                "Default then",
                "Owed",
                "Come to default",
                "Late",
                "In stage 2",
                "Loss",
                "Allowance",
                "Whole lives",
                "Capital",
                "Earned",
                "Of the exposure",
                "Largest allowance",
                "Most capital",
                "Profit",
                "Scenario times",
                "Figure there",
            ),
            RUN,
        ),
        "Unemployment rate": "the scenario's file, with its row",
        "losses, of the exposure at most #": SET,
        **dict.fromkeys(
            (
                "Owed today by loans not in default",
                "Their allowance today",
                "In default: expected loss",
            ),
            NAMES,
        ),
        "The mean of Unemployment rate, in standard deviations of its past, is the one factor of "
        "Vasicek's model; rho is #stated and not measured (stated). The factor z is the mean of "
        "the drivers, each in deviations from its mean (Unemployment rate: mean #deviation #), "
        "what is better being more, by the deviation of that mean (#). The PD of a year is "
        "N((G(p) − √rho × z) ÷ √(#− rho)), and p is such that in the last quarter before the "
        "scenario it is #; a quarter's is #− (#− PD)^(#÷ #), and its log-odds are taken less those "
        "of that quarter.": "it is how the odds are made",
    },
}


@pytest.fixture
def pages(sqlite_database: Any, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Each page's answer, of a lender with a book, a stress test, a watch, an alert and an
    incident."""
    there = tmp_path / "lender"
    with a_measured_book(there):
        (there / "history.csv").write_text(HISTORY, "utf-8")
        (there / "scenarios" / "adverse.csv").write_text(ADVERSE, "utf-8")
        (there / "stress.yaml").write_text(STRESS, "utf-8")
        (there / "watch.yaml").write_text(watching.TEXT, "utf-8")
        watching.deliver(there, [*watching.QUIET, 0.9])
        rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
        officer = logged_in(rita)
        officer.post("/risk/stress/ask", {"scenario": "adverse.csv", "limits": "loss_rate <= 1%"})
        measure.func(Measuring.objects.latest("pk").pk)
        watch.approve(watch.bring_in(acting(rita)), acting(ben))
        measure_watch.call()
        of = Report("credit", "major", "Down", "Nobody calls", "EUR", 24)
        incident = incidents.report(of, acting(rita))
        addresses = {
            "overview": "/risk/",
            "book": "/risk/portfolio/",
            "stress": "/risk/stress/",
            "scenario": f"/risk/stress/{Measuring.objects.latest('pk').pk}/0/",
            "indicator": "/risk/indicators/late/",
            "alert": f"/risk/alerts/{Alert.objects.get(indicator='late').pk}/",
            "register": "/risk/register/",
            "incident": f"/risk/incidents/{incident}/",
        }
        yield {name: officer.get(to) for name, to in addresses.items()}


def test_every_number_leads_to_its_query_and_rows_but_those_that_are_named(
    pages: dict[str, Any],
) -> None:
    found = {name: numbers_without_a_way(answer.content) for name, answer in pages.items()}
    assert found == {name: set(ALLOWED.get(name, ())) for name in pages}
