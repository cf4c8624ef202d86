"""Query parameters that an endpoint does not know are refused: a filter with a slip in its name
would otherwise be no filter at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.operation import Operation
from ninja.params.models import QueryModel

from equipoise.errors import BadInput, did_you_mean


class UnknownParameter(BadInput):
    """A query parameter that there is not, or one given twice that is one."""


def refuse_others(router: Router) -> None:
    """Have every endpoint of the router refuse query parameters other than its own."""
    for view in router.path_operations.values():
        for operation in view.operations:
            # First, so that it is told before what is wrong with the values.
            operation.models = [_nothing_else(operation), *operation.models]


def checked(request: HttpRequest, known: Collection[str], lists: Collection[str]) -> None:
    """Raises UnknownParameter where the address has another one, or one twice that is no list."""
    for name, values in request.GET.lists():
        shown = name[:80].encode(errors="replace").decode()
        if name not in known:
            raise UnknownParameter(
                f"there is no parameter '{shown}' here",
                field=shown,
                mend=did_you_mean(name, known) if known else "leave it out",
            )
        if len(values) > 1 and name not in lists:
            raise UnknownParameter(
                f"the parameter '{shown}' is given twice", field=shown, mend="give it once"
            )


def _nothing_else(operation: Operation) -> type[QueryModel]:
    """To ninja a set of parameters like the endpoint's own, which is always empty."""
    own: list[Any] = [m for m in operation.models if m.__ninja_param_source__ == "query"]
    known = frozenset(name for each in own for name in each.__ninja_flatten_map__)
    lists = frozenset(name for each in own for name in each.__ninja_collection_fields__)

    def resolve(_cls: type[QueryModel], request: HttpRequest, *_: Any) -> Any:
        checked(request, known, lists)
        return {}

    members: dict[str, Any] = {
        "__module__": __name__,
        "__ninja_param_source__": "query",
        "__ninja_flatten_map__": {},
        "__ninja_collection_fields__": [],
        "resolve": classmethod(resolve),
    }
    return type("NothingElse", (QueryModel,), members)
