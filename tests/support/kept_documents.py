"""What a workspace's documents mean, as plain values: with every default that was meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from equipoise.documents import read_document
from equipoise.strategy.document import StrategyDocument
from equipoise.workspace.folder import Workspace


def meaning(folder: Path) -> Any:
    """Of each document in the folder, all that it says."""
    workspace = Workspace.open(folder)
    documents = {
        "contract": workspace.contract(),
        "risk": workspace.risk(),
        "experience": workspace.experience(),
        "treatments": workspace.treatments(),
        "appetite": workspace.appetite(),
        "strategy": read_document(folder / "strategy.yaml", StrategyDocument),
    }
    return {name: json.loads(each.value.model_dump_json()) for name, each in documents.items()}
