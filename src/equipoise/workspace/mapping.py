"""`experience map`: the process map of a workspace's event log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from equipoise.contract import EventLog
from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.review.process.process_map import ProcessMap, Versions, map_process
from equipoise.workspace.fitting import event_log
from equipoise.workspace.folder import EXPERIENCE, Workspace


def map_workspace(
    workspace: Workspace,
    *,
    steps: Sequence[str] = (),
    by: Sequence[str] = (),
    decides: Mapping[str, str] | None = None,
    versions: Versions | None = None,
    offer_minutes: Sequence[float] = (),
    progress: Progress | None = None,
) -> ProcessMap:
    """Map the log that experience.yaml names; see `map_process`.

    Columns that the log's cases do not have are looked for in the applications, whose identifier
    is the case. Raises BadInput where there is no log, and as `map_process` does.
    """
    said = progress or Silent()
    experience = workspace.experience()
    with said.step("Reading the event log"):
        log = event_log(workspace, experience)
    if log is None:
        raise BadInput(
            f"{EXPERIENCE} names no event log",
            field="log",
            mend="add the section `log`: where the log is and what its activities mean",
        )
    wanted = [*by, *(decides or {}).values(), *([versions.column] if versions else [])]
    return map_process(
        experience.value,
        log.events,
        _cases(workspace, log, wanted, said),
        steps=steps,
        by=by,
        decides=decides,
        versions=versions,
        offer_minutes=offer_minutes,
        progress=said,
        where=experience.span,
    )


def _cases(
    workspace: Workspace, log: EventLog, wanted: Sequence[str], steps: Progress
) -> pl.DataFrame:
    """The log's cases, with the applications' columns where one is wanted that it has not."""
    if all(name in log.cases.columns for name in wanted):
        return log.cases
    contract = workspace.contract().value
    if contract.id is None:
        raise BadInput(
            "the contract names no identifier, so that the log's cases are nobody's applications",
            field="id",
            mend="name the column of the case in contract.yaml as `id`",
        )
    frame = workspace.applications(contract, steps).frame
    further = [name for name in frame.columns if name not in log.cases.columns]
    known = frame.select(*further, case=pl.col(contract.id).cast(pl.String)).unique(
        "case", keep="first", maintain_order=True
    )
    return log.cases.join(known, on="case", how="left", maintain_order="left")
