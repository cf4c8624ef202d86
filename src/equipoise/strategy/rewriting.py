"""A sealed strategy with another document in it: rules, bands, tables, authority and words may
change, the fitted parts stay as they were sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from equipoise.documents import Loaded, parse_document, to_yaml
from equipoise.errors import BadInput, EquipoiseError, Faults, Span
from equipoise.strategy.content import Content
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import Sealed, seal

NAME = "strategy.yaml"
_COMPILED = f"{NAME}: "
_FITTED = "seal it from the workspace, where the models are: `equipoise strategy seal`"


def document_text(content: Content) -> str:
    """The document of a sealed strategy as YAML; it has lost the comments of whoever wrote it."""
    plain = content.strategy.model_dump(mode="json", exclude_defaults=True)
    return to_yaml({"name": content.strategy.name, "version": content.strategy.version, **plain})


def read_text(text: str) -> Loaded[StrategyDocument]:
    """The document that a text holds. Raises BadInput or Faults, with line, field and mend."""
    return parse_document(text, StrategyDocument, Path(NAME))


def resealed(content: Content, text: str) -> Sealed:
    """The strategy sealed anew with the document of that text, once it compiles.

    Raises BadInput or Faults with the lines of the text: also where what changes takes the models
    that were fitted, which are not in a sealed file.
    """
    loaded = read_text(text)
    _refuse_unfitted(content, loaded)
    sealed = seal(content.model_copy(update={"strategy": loaded.value}))
    try:
        Strategy(sealed)
    except Faults as faults:
        raise Faults([_placed(each, loaded) for each in faults.faults]) from None
    except BadInput as error:
        raise _placed(error, loaded) from None
    return sealed


def _refuse_unfitted(content: Content, loaded: Loaded[StrategyDocument]) -> None:
    before, after = content.strategy, loaded.value
    asked = before.product.asks_first if before.product else ()
    asks = after.product.asks_first if after.product else ()
    for keys, what, same in (
        (("name",), "its name", before.name == after.name),
        (("contract",), "its contract", before.contract == after.contract),
        (("model",), "its model", before.model == after.model),
        (("checks_shift",), "checks_shift", before.checks_shift == after.checks_shift),
        (("asking",), "how it asks", before.asking == after.asking),
        (("product", "asks_first"), "what it asks first", asked == asks),
    ):
        if not same:
            raise BadInput(
                f"{what} cannot be changed in a sealed strategy",
                where=loaded.span(*keys),
                field=keys[0],
                mend=_FITTED,
            )


def _placed(error: EquipoiseError, loaded: Loaded[StrategyDocument]) -> BadInput:
    """The error at the line of the text that its part stands on."""
    where = error.where
    if where is not None and where.file.startswith(_COMPILED):
        section, _, name = where.file.removeprefix(_COMPILED).partition(".")
        where = loaded.span(*_keys(loaded.value, section, name))
    return BadInput(
        error.message, where=where or Span(NAME), field=error.field or "", mend=error.mend or ""
    )


def _keys(document: StrategyDocument, section: str, name: str) -> tuple[str | int, ...]:
    parts: Any = getattr(document, section, None)
    if isinstance(parts, tuple):
        names = [getattr(each, "name", None) for each in parts]
        return (section, names.index(name), "when") if name in names else (section,)
    return (section, name) if name else (section,)
