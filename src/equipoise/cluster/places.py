"""Folders where a session writes: one job at a time in each, and nothing in them half-written."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from equipoise.errors import BadInput, Span

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CLAIM = "_job.json"  # readers of Spark and of polars pass over what begins so
_BEAT = 5.0  # seconds between signs of life
_DEAD_AFTER = 60.0  # seconds without one


class Place:
    """A folder on whatever file system the session reads and writes, by Hadoop's own classes.

    `path` is as the session's writer takes it: a path of this machine, or a URL such as
    `s3a://...`. A method raises BadInput where the file system refuses.
    """

    def __init__(self, session: SparkSession, path: str) -> None:
        self.path = path.rstrip("/") or "/"
        self._path = session.sparkContext._jvm.org.apache.hadoop.fs.Path
        with _refusals(self.path):
            conf = session._jsparkSession.sessionState().newHadoopConf()
            # an instance of our own: it writes no checksums beside its small files
            self._files = self._path(self.path).getFileSystem(conf).newInstance(conf)
            self._files.setWriteChecksum(False)

    def at(self, name: str) -> str:
        """The path of what stands in the folder by that name."""
        return f"{self.path}/{name}"

    def names(self) -> list[str] | None:
        """What stands in the folder, in order; None where there is no such folder."""
        with _refusals(self.path):
            here = self._path(self.path)
            if not self._files.exists(here):
                return None
            if not self._files.getFileStatus(here).isDirectory():
                raise BadInput(
                    "a file stands where the folder should be",
                    where=Span(self.path),
                    mend="name another folder",
                )
            return sorted(each.getPath().getName() for each in self._files.listStatus(here))

    def files_below(self) -> list[str] | None:
        """The names of all files below the folder that a reader reads, or of the file that stands
        here itself; None where nothing does."""
        with _refusals(self.path):
            here = self._path(self.path)
            if not self._files.exists(here):
                return None
            root, names = str(self._files.getFileStatus(here).getPath()), []
            each = self._files.listFiles(here, True)
            while each.hasNext():
                path = each.next().getPath()
                inner = str(path).removeprefix(root).split("/")
                if not any(part.startswith(("_", ".")) for part in inner):
                    names.append(str(path.getName()))
            return names

    def is_folder(self, name: str) -> bool:
        """Whether there is a folder by that name."""
        path = self._path(self.at(name))
        with _refusals(self.path):
            return bool(self._files.exists(path) and self._files.getFileStatus(path).isDirectory())

    def size(self, name: str) -> int:
        """Bytes of a file, or of all that a folder holds."""
        with _refusals(self.path):
            return int(self._files.getContentSummary(self._path(self.at(name))).getLength())

    def make(self) -> None:
        """Make the folder, and those above it."""
        with _refusals(self.path):
            if not self._files.mkdirs(self._path(self.path)):
                raise _refused(self.path, "it cannot be made")

    def read_text(self, name: str) -> str:
        """The UTF-8 text of a small file."""
        with _refusals(self.path):
            stream = self._files.open(self._path(self.at(name)))
            try:
                return bytes(stream.readAllBytes()).decode()
            finally:
                stream.close()

    def write_text(self, name: str, text: str) -> None:
        """Write a small file, whole or not at all."""
        part = f".{name}.{uuid4().hex}.part"
        with _refusals(self.path):
            self._put(part, text, over=True)
            self.replace(part, name)

    def create(self, name: str, text: str) -> bool:
        """Write a small file where there is none; False where there is one."""
        with _refusals(self.path):
            try:
                self._put(name, text, over=False)
            except Exception as error:
                if _java_class(error).endswith("FileAlreadyExistsException"):
                    return False
                raise
        return True

    def replace(self, part: str, name: str) -> None:
        """Let `part` stand in the place of `name`."""
        with _refusals(self.path):
            self._files.delete(self._path(self.at(name)), True)
            if not self._files.rename(self._path(self.at(part)), self._path(self.at(name))):
                raise _refused(self.path, f"'{part}' cannot be renamed to '{name}'")

    def remove(self, name: str) -> None:
        """Take away a file or a folder, if it is there."""
        with _refusals(self.path):
            self._files.delete(self._path(self.at(name)), True)

    def _put(self, name: str, text: str, *, over: bool) -> None:
        stream = self._files.create(self._path(self.at(name)), over)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()


@contextmanager
def claimed(place: Place, doing: str) -> Iterator[None]:
    """The folder for one job alone; made where it is not there.

    The claim is a file that is rewritten every few seconds, so that what a killed job leaves is
    known as such: at once where its process ran on this machine, else after a minute. On an object
    store without exclusive creation two jobs that begin in the same moment may both go on. Raises
    BadInput where another job is at work there, naming it.
    """
    place.make()
    claim = {"doing": doing, "host": socket.gethostname(), "process": os.getpid()}
    claim["job"] = uuid4().hex
    _take(place, claim)
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(place, claim, over), daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()
        place.remove(CLAIM)


def _take(place: Place, claim: dict[str, Any]) -> None:
    while not place.create(CLAIM, _signed(claim)):
        try:
            other = json.loads(place.read_text(CLAIM))
        except (BadInput, ValueError):  # just gone, or just being written
            time.sleep(0.1)
            continue
        if _lives(other):
            raise BadInput(
                f"another job writes here: {other['doing']}, process {other['process']} on "
                f"{other['host']}",
                where=Span(place.path),
                mend="let it end, or name another folder",
            )
        place.remove(CLAIM)


def _lives(claim: dict[str, Any]) -> bool:
    if claim["host"] != socket.gethostname():
        return time.time() - float(claim["at"]) < _DEAD_AFTER
    try:
        os.kill(claim["process"], 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs under another user
        return True
    return True


def _beat(place: Place, claim: dict[str, Any], over: threading.Event) -> None:
    while not over.wait(_BEAT):
        try:
            place._put(CLAIM, _signed(claim), over=True)
        except Exception:  # noqa: S112  (a sign of life missed is no reason to stop a job)
            continue


def _signed(claim: dict[str, Any]) -> str:
    return json.dumps({**claim, "at": time.time()})


@contextmanager
def _refusals(path: str) -> Iterator[None]:
    """What a file system says, as our own error."""
    try:
        yield
    except BadInput:
        raise
    except Exception as error:
        if not type(error).__module__.startswith(("py4j.", "pyspark.")):
            raise
        raise _refused(path, _java_words(error)) from error


def _refused(path: str, why: str) -> BadInput:
    return BadInput(
        f"the folder cannot be used: {why}",
        where=Span(path),
        mend="name one that the session may read and write",
    )


def _java_class(error: Exception) -> str:
    cause = getattr(error, "java_exception", None)
    return "" if cause is None else str(cause.getClass().getName())


def _java_words(error: Exception) -> str:
    cause = getattr(error, "java_exception", None)
    return str(cause if cause is not None else error).strip().splitlines()[0][:300]
