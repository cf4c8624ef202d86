"""What a body says is taken as what it is: no text for a number, no number for a yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.project.api import api


def bodies(of: type[Refusing] = Refusing) -> Iterator[type[Refusing]]:
    """Every body that an endpoint takes, and every part of one."""
    assert api.urls  # or none of them is known
    for each in of.__subclasses__():
        yield each
        yield from bodies(each)


FIELDS = sorted(
    {(f"{body.__name__}.{name}", body, name) for body in bodies() for name in body.model_fields},
    key=lambda each: each[0],
)


@pytest.mark.parametrize(("body", "name"), [each[1:] for each in FIELDS],
                         ids=[each[0] for each in FIELDS])  # fmt: skip
def test_no_value_is_read_as_one_of_another_kind(body: type[Refusing], name: str) -> None:
    field = body.model_fields[name]
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[field.annotation, field])
    for given in ("1", "0.5", "true", 1, 0, True):
        try:
            read = adapter.validate_python(given)
        except ValidationError:
            continue
        assert isinstance(read, bool) == isinstance(given, bool), given
        assert isinstance(read, int | float) == isinstance(given, int | float), given
