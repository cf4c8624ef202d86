"""A Spark session: the one that there is, else one of our own."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.cluster.java import refuse_without_java
from equipoise.errors import BadInput

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
# what HotSpot compiles: a longer method, as Catalyst makes of a strategy's wide layers, is
# interpreted for ever, while layers by themselves are short methods
SHORT_METHODS: Mapping[str, str] = {"spark.sql.codegen.hugeMethodLimit": "8000"}
# of a session of our own; `conf` goes before each of them
_USUAL = {
    **SHORT_METHODS,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # batches from and to Python are whole blocks of the solver, and large enough for the kernels
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
}
_ON_THIS_MACHINE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def session_for(
    master: str | None = None, conf: Mapping[str, str] | None = None, *, name: str = "equipoise"
) -> SparkSession:
    """The active session, or a new one on `master` with Spark's settings `conf`.

    `master` is as spark-submit knows it; without one it is spark-submit's, else all processors of
    this machine. Workers elsewhere are sent this package, but not what it needs. Raises BadInput
    without pyspark, without Java and with a Java that is too old,
    where another master is asked for than the active session has, and for a setting that Spark
    refuses.
    """
    session_class = _session_class()
    active = session_class.getActiveSession()
    if active is not None:
        return _as_asked(active, master, conf or {})
    refuse_without_java()
    chosen = master or ("" if _submitted() else LOCAL)
    on_this_machine = chosen == "local" or chosen.startswith("local[")
    if on_this_machine:  # elsewhere this program's path means nothing
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    usual = {**_USUAL, **(_ON_THIS_MACHINE if on_this_machine else {})}
    builder = session_class.builder.appName(name)
    if chosen:
        builder = builder.master(chosen)
    try:
        for key, value in {**_unsettled(usual), **(conf or {})}.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
    except Exception as error:
        raise BadInput(
            f"Spark does not start{f' on {chosen}' if chosen else ''}: {_first_line(error)}",
            field="--master",
            mend="see Spark's own messages; --master and --conf are as spark-submit has them",
        ) from error
    if chosen and not on_this_machine:
        _send_package(session)
    # what fails is told by the error itself: see `telling`
    session.sparkContext.setLogLevel("FATAL")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return session


@contextmanager
def session_of_a_command(
    master: str | None, conf: Mapping[str, str] | None
) -> Iterator[SparkSession]:
    """`session_for`, stopped in the end where it was begun here."""
    had = _session_class().getActiveSession() is not None
    session = session_for(master, conf)
    try:
        yield session
    finally:
        if not had:
            session.stop()


@contextmanager
def within(session: SparkSession, settings: Mapping[str, str]) -> Iterator[None]:
    """These settings of a session while a job is planned and run; its own return afterwards."""
    before = {name: session.conf.get(name, None) for name in settings}
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, own in before.items():
            if own is None:
                session.conf.unset(name)
            else:
                session.conf.set(name, own)


def _session_class() -> type[SparkSession]:
    try:
        from pyspark.sql import SparkSession as Session
    except ModuleNotFoundError as error:
        raise BadInput(
            f"Spark is not installed here: there is no package '{error.name}'",
            field="--engine",
            mend="install equipoise with the extra 'spark'",
        ) from None
    return Session  # type: ignore[no-any-return]  # pyspark's types are not read


def _as_asked(session: SparkSession, master: str | None, conf: Mapping[str, str]) -> SparkSession:
    has = session.conf.get("spark.master", "")
    if master is not None and master != has:
        raise BadInput(
            f"a session on '{has}' is active, and another master is asked for",
            field="--master",
            mend="stop the session, or leave the master out",
        )
    for key, value in conf.items():
        _set(session, key, value)
    return session


def _set(session: SparkSession, key: str, value: str) -> None:
    if session.conf.get(key, None) == value:
        return
    try:
        session.conf.set(key, value)
    except Exception as error:
        raise BadInput(
            f"the active session does not take '{key}': {_first_line(error)}",
            field="--conf",
            mend="give it where the session is begun",
        ) from error


def _send_package(session: SparkSession) -> None:
    """This very package to workers that have none, or another version of it."""
    from equipoise.cluster.packing import pack

    zipped = Path(session.sparkContext._temp_dir) / "equipoise.zip"
    pack(zipped)
    session.sparkContext.addPyFile(str(zipped))


def _submitted() -> bool:
    """Whether spark-submit began this program, and has chosen the master.

    It hands the program the port of its JVM, in client and in cluster mode alike; a program that
    is to connect to a Spark elsewhere is told so by SPARK_REMOTE.
    """
    return "PYSPARK_GATEWAY_PORT" in os.environ or "SPARK_REMOTE" in os.environ


def _unsettled(usual: Mapping[str, str]) -> dict[str, str]:
    """Of our settings those that spark-submit was not told."""
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        return dict(usual)
    from pyspark import SparkConf, SparkContext

    SparkContext._ensure_initialized()  # else the settings of the JVM cannot be seen
    settled = SparkConf()
    return {key: value for key, value in usual.items() if not settled.contains(key)}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
