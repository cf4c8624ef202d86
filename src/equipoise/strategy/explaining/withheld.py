"""What an auditor is told who may not read facts: how it was decided, without anything measured."""

from __future__ import annotations

from equipoise.strategy.content import Content
from equipoise.strategy.decision import Decision
from equipoise.strategy.explaining.auditor import Step

_WITHHELD = (
    "withheld: facts, features, scores, figures and offers; reading them needs the right to "
    "personal facts"
)


def without_facts(decision: Decision, content: Content) -> Step:
    """The trace as far as it is the lender's: which strategy, rule, treatment and reasons."""
    trace, document = decision.trace, content.strategy
    conditions = {rule.name: rule.when for rule in document.rules}
    rule = f"{trace.fired}  [{conditions[trace.fired]}]" if trace.fired in conditions else "none"
    owed = ", ".join(each.name for each in decision.conditions) or "none"
    said = (
        f"strategy {document.name} v{document.version}, {decision.digest}",
        f"decided on {trace.decided_on}",
        f"doubt: {trace.doubt or 'none'}",
        f"model {trace.model}, {trace.model_digest}",
        f"grade {decision.grade or 'none'}",
        f"rule that decided: {rule}",
        f"chosen by {trace.way}: {trace.treatment or 'none'}",
        f"served with chance {trace.propensity!r}, explored: {trace.explored}",
        f"next check {trace.next_check or 'none'}",
        f"conditions owed: {owed}",
        f"authority {decision.level or 'none'}, {decision.signatures} signatures",
        f"reasons: {', '.join(each.code for each in decision.reasons) or 'none'}",
        _WITHHELD,
    )
    return Step(f"application: {decision.outcome}", tuple(Step(each) for each in said))
