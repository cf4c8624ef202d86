"""The sentences a customer reads, by language; a strategy's own texts fill in the reasons."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.texts.languages import look_up

FALLBACK = "en"
PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "approve": "Yes: we can lend you what you asked for.",
        "approve_conditional": "Yes, once these checks are passed: {checks}.",
        "counter_offer": "We can make you another offer than you asked for.",
        "counter_offer_conditional": "We can make you another offer than you asked for, once these "
        "checks are passed: {checks}.",
        "refer": "A person at our company will decide, and will look at all of it.",
        "decline": "No: we cannot lend to you as things stand.",
        "ask_for_more": "We need one more thing before we decide: {check}.",
        "a_check": "a check",
        "a_fact": "a fact about you",
        "a_choice": "another choice",
        "between": ", ",
        "needed": "{check}: {need}",
        "to_follow": "After that we expect to ask for: {checks}.",
        "asked_only": "We ask for nothing else now. It takes about {minutes} minutes.",
        "nothing_more": "We need nothing more from you to decide.",
        "facts_to_come": "We need the rest of your answers before we decide: {check}.",
        "offer": "{amount} over {months} months at {apr} a year: {instalment} a month.",
        "reasons": "What stood in the way most:",
        "reasons_refer": "Why a person looks at it:",
        "right": "You may ask for a person to decide again, say how you see it, and ask which "
        "facts about you were used.",
        "label": "{label}: less favourable than with customers we lend to.",
    },
    "zh": {
        "approve": "可以：我们同意按您的申请放款。",
        "approve_conditional": "可以，完成以下核查后即可放款：{checks}。",
        "counter_offer": "我们可以提供与您申请不同的方案。",
        "counter_offer_conditional": "完成以下核查后，我们可以提供与您申请不同的方案：{checks}。",
        "refer": "将由我们的专员全面审阅并作出决定。",
        "decline": "很抱歉，目前我们无法向您放款。",
        "ask_for_more": "作出决定前还需要一项：{check}。",
        "a_check": "一项核查",
        "a_fact": "一项信息",
        "a_choice": "其他选项",
        "between": "、",
        "needed": "{check}：{need}",
        "to_follow": "之后预计还需要：{checks}。",
        "asked_only": "目前无需其他材料，大约需要 {minutes} 分钟。",
        "nothing_more": "无需您再提供任何材料即可作出决定。",
        "facts_to_come": "作出决定前还需要您补充其余信息：{check}。",
        "offer": "{amount}，分 {months} 个月，年利率 {apr}，每月还款 {instalment}。",
        "reasons": "主要原因：",
        "reasons_refer": "由专员处理的原因：",
        "right": "您可以要求由专员重新审核，陈述您的意见，并查询我们使用了您的哪些信息。",
        "label": "{label}：不如我们放款的客户。",
    },
}


def spoken(language: str) -> str:
    """The language of our own sentences where a strategy speaks `language`."""
    return look_up(language, PHRASES) or FALLBACK


def phrase(name: str, language: str) -> str:
    """A sentence in a language; in English where that language has none."""
    return PHRASES[spoken(language)][name]


def money(value: float, currency: str) -> str:
    """An amount as a person reads it."""
    text = f"{value:z,.2f}".removesuffix(".00")
    return f"{text} {currency}".strip()


def percent(value: float) -> str:
    """A share as a person reads it."""
    return f"{100 * value:z.2f} %"
