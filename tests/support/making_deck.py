"""Makes the simulated cases that practice comes with: `python tests/support/making_deck.py DIR`.

DIR is where the example lender is made and fitted. The file is written again only where the example
or the synthetic lender changed; a test holds it against the lender.
"""

from __future__ import annotations

import sys
from pathlib import Path

from equipoise.review.practice.drawing import draw_deck
from equipoise.strategy import load_strategy
from equipoise.workspace import Workspace

FILE = Path(__file__).parents[2] / "src/equipoise/review/practice/simulated.jsonl"
APPLICANTS, SEED = 30_000, 7


def main(folder: Path) -> None:
    """After `equipoise new DIR --example demo --applicants 30000`, `fit` and `strategy seal`."""
    workspace = Workspace.open(folder)
    strategy = load_strategy(next((folder / "sealed").iterdir()))
    frame = workspace.applications(workspace.contract().value).frame
    deck = draw_deck(strategy, frame, simulated=True, seed=SEED)
    FILE.write_text(deck.text(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
