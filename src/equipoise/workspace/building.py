"""The build folder: a run's results replace the last run's all at once, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not a POSIX system: two runs at once go unnoticed
    fcntl = None  # type: ignore[assignment]

from equipoise.errors import BadInput, Span
from equipoise.workspace.folder import Workspace

_STAGED, _OLD = ".build-new-", ".build-old"


@contextmanager
def replacing_build(workspace: Workspace, keep: Sequence[str] = ()) -> Iterator[Path]:
    """A staging folder that becomes `build` only if the block succeeds.

    `keep` names what is carried over from the present build (as links, so write files through
    `equipoise.files`); everything else in it goes. Raises BadInput while another run is at work.
    """
    with _alone(workspace.folder):
        _recover(workspace)
        staged = Path(tempfile.mkdtemp(prefix=_STAGED, dir=workspace.folder))
        staged.chmod(0o755)
        try:
            for name in keep:
                _carry(workspace.build / name, staged / name)
            yield staged
            _swap(staged, workspace)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when a run is killed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BadInput(
            "another run is at work in this workspace",
            where=Span(str(folder)),
            mend="wait until it has ended",
        ) from None
    finally:
        os.close(handle)


def recover(workspace: Workspace) -> None:
    """Bring back what a killed run left between its renames. Raises BadInput while one works."""
    with _alone(workspace.folder):
        _recover(workspace)


def _recover(workspace: Workspace) -> None:
    """Clear what a killed run left behind; a build caught between two renames comes back."""
    old = workspace.folder / _OLD
    if old.exists() and not workspace.build.exists():
        old.rename(workspace.build)
    shutil.rmtree(old, ignore_errors=True)
    for left in workspace.folder.glob(f"{_STAGED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _carry(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link)
    elif source.is_file():
        _link(source, target)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _swap(staged: Path, workspace: Workspace) -> None:
    old = workspace.folder / _OLD
    if workspace.build.exists():
        workspace.build.rename(old)
    staged.rename(workspace.build)
    shutil.rmtree(old, ignore_errors=True)
