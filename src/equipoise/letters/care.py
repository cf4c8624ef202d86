"""Letters to a customer whose loan is in trouble: what is proposed, that nothing is asked without
their say, and where help is. Drafts that a person reads, changes and sends."""

from __future__ import annotations

from equipoise.texts.saying import marked, say, speaking

_PROPOSED = {
    "collateral_call": marked(
        "The security for your loan no longer covers it. We would like to agree with you on further"
        " security, and on how long you need to bring it."
    ),
    "restructure": marked(
        "We would like to change your loan so that you can carry it: smaller instalments, a pause"
        " or a longer term. Nothing changes before you agree."
    ),
    "guarantee": marked(
        "We would like to talk with you and whoever vouches for your loan about how it is paid from"
        " now on. We tell nobody else of your debt."
    ),
    "sale": marked(
        "We intend to hand your loan over to another lender. Your rights stay as they are, and we"
        " tell you before it happens who they are and how to reach them."
    ),
    "preservation": marked(
        "We ask a court to keep things as they are until your debt is settled. You will be heard,"
        " and you can still agree with us at any time."
    ),
    "litigation": marked(
        "We intend to have a court settle your debt. Before we do, and at any time after, you can"
        " agree with us on another way."
    ),
}


def care_letter(measure: str, loan: str, language: str) -> str:
    """What the customer of a loan is told about a measure, in that language; empty where the
    measure changes nothing for them (a risk accepted, a write-off proposed)."""
    if measure not in _PROPOSED:
        return ""
    with speaking(language):
        return "\n\n".join(
            (
                say("About your loan {loan}", loan=loan),
                say(_PROPOSED[measure]),
                say(
                    "If illness, loss of work or anything else makes this hard for you, tell us:"
                    " we will take it into account, and you may name somebody who speaks for you."
                ),
                say(
                    "You can ask us to write instead of calling, and you can complain at any time."
                    " Free advice on debt is given by people who do not work for us."
                ),
            )
        )
