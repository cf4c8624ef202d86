"""`--shuffle SEED` runs files, and the tests of each, in another order: none may need another to
have run before it."""

from __future__ import annotations

import random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The seed of the order."""
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run tests in another order")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files stay whole, so that what a file makes once is made once."""
    seed = config.getoption("--shuffle")
    if seed is None:
        return
    draw = random.Random(seed)  # noqa: S311 - a repeatable order
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(str(item.path), []).append(item)
    for tests in files.values():
        draw.shuffle(tests)
    order = sorted(files)
    draw.shuffle(order)
    items[:] = [item for path in order for item in files[path]]
