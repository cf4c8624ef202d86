"""Applicants' keys as the record tells of them: gone where they were erased, and only there. An
older backup of the table that is put back would make those readable again who were erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from equipoise.service.platform.record.deriving import (
    AT_ONCE,
    DIFFERS,
    STRAY,
    Difference,
    Tale,
    follow,
)
from equipoise.service.platform.record.events import SubjectErased
from equipoise.service.platform.record.models import BlindIndex, Chain
from equipoise.service.platform.record.reading import chains_with

TABLE = Chain._meta.db_table
_INDEX = BlindIndex._meta.db_table


class Erased:
    """Each erasure leaves no key and no index of its applicant."""

    kind = SubjectErased.kind
    table = TABLE

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Where something stands again that these events destroyed."""
        chains = [tale.chain for tale in tales]
        rows = Chain.objects.filter(chain__in=chains).order_by("chain")
        for chain, wrapped, blind in rows.values_list("chain", "wrapped", "blind"):
            names = [name for name, value in (("wrapped", wrapped), ("blind", blind)) if value]
            if names:
                yield Difference(TABLE, chain, DIFFERS, tuple(names))
        indexed = BlindIndex.objects.filter(chain__in=chains).order_by("pk")
        for key in indexed.values_list("pk", flat=True):
            yield Difference(_INDEX, str(key), STRAY)

    def made_by(self, tales: Sequence[Tale]) -> int:
        """How many keys these events destroy."""
        return len(tales)

    def count(self) -> int:
        """How many keys are gone."""
        return Chain.objects.filter(version__isnull=False, wrapped__isnull=True).count()

    def strays(self) -> Iterator[Difference]:
        """Keys that are gone though nobody was erased: facts are lost, or hidden."""
        gone = Chain.objects.filter(version__isnull=False, wrapped__isnull=True).order_by("chain")
        last = ""
        while chains := list(gone.filter(chain__gt=last).values_list("chain", flat=True)[:AT_ONCE]):
            erased = chains_with(chains, SubjectErased)
            for chain in chains:
                if chain not in erased:
                    yield Difference(TABLE, chain, DIFFERS, ("wrapped",))
            last = chains[-1]


follow(Erased())
