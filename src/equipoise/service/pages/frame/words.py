"""Words of the record's closed lists, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.texts.saying import marked, say

WORDS: Mapping[str, str] = {
    # what was decided
    "approve": marked("approve"),
    "counter_offer": marked("another offer"),
    "refer": marked("to a person"),
    "decline": marked("decline"),
    "ask_for_more": marked("ask for more"),
    # how the strategy was chosen
    "champion": marked("in force"),
    "challenger": marked("on trial"),
    "shadow": marked("in the shadow"),
    # over what
    "web": marked("the web"),
    "branch": marked("the branch"),
    "telephone": marked("the telephone"),
    "program": marked("a program"),
    "email": marked("e-mail"),
    "sms": marked("text message"),
    "letter": marked("letter"),
    # what came of it
    "upheld": marked("upheld"),
    "partly_upheld": marked("partly upheld"),
    "not_upheld": marked("not upheld"),
    "overturned": marked("overturned"),
    "cleared": marked("cleared"),
    "stands": marked("it stands"),
    "decided_anew": marked("decided anew without it"),
    "deleted": marked("deleted by the person"),
    "expired": marked("its time was over"),
    "over": marked("they ended it"),
    "idle": marked("nothing was done"),
    "correction": marked("a fact to be corrected"),
    "complaint": marked("a complaint"),
    "erased": marked("the person was erased"),
    # what an applicant was asked besides
    "fact": marked("a fact"),
    "document": marked("a document"),
    "question": marked("a question"),
    # why somebody was erased
    "request": marked("the person asked for it"),
    "objection": marked("the person objected"),
    "consent_withdrawn": marked("consent was withdrawn"),
    "retention_over": marked("the time to keep it is over"),
    "unlawful": marked("it should never have been kept"),
    # how the pointer moved
    "publish": marked("published"),
    "roll_back": marked("rolled back"),
    "withdraw": marked("taken out of force"),
    # where a message stands
    "queued": marked("queued"),
    "sent": marked("sent"),
    "delivered": marked("delivered"),
    "bounced": marked("bounced"),
    "failed": marked("failed"),
    "suppressed": marked("suppressed"),
    "kept": marked("kept"),
    # why somebody is written to
    "code": marked("code"),
    "notice": marked("notice"),
    "progress": marked("progress"),
    "reminder": marked("reminder"),
    "feedback": marked("feedback"),
    "duty": marked("duty"),
    "phone": marked("phone"),
    # where a delivery or an erasure stands
    "waiting": marked("waiting"),
    "dead": marked("dead"),
    "running": marked("running"),
    "done": marked("done"),
    # where a plan's switch stands, what kind it is, and the plan's class of risk
    "unprepared": marked("not prepared"),
    "stale": marked("stale"),
    "waits": marked("waits for approval"),
    "ready": marked("ready"),
    "on": marked("on"),
    "freeze": marked("declines everybody"),
    "tighten": marked("declines where its condition holds"),
    "people": marked("people decide"),
    "relief": marked("relief"),
    "credit": marked("credit"),
    "market": marked("market"),
    "operational": marked("operational"),
    "policy": marked("policy"),
    # of an incident: how bad, who has what, what it touches, and how far what is learned is
    "minor": marked("minor"),
    "major": marked("major"),
    "critical": marked("critical"),
    "lead": marked("lead"),
    "scribe": marked("scribe"),
    "operations": marked("operations"),
    "customers": marked("care of customers"),
    "regulator": marked("contact of the regulator"),
    "alert": marked("alert"),
    "loan": marked("loan"),
    "customer": marked("customer"),
    "plan": marked("run of a plan"),
    "nothing": marked("not written yet"),
    "written": marked("waits for a second person"),
    "accepted": marked("accepted"),
    # what happened to an incident, by kind of event
    "incident.reported": marked("reported it"),
    "incident.noted": marked("added a line to the timeline"),
    "incident.regraded": marked("graded it anew"),
    "incident.role_taken": marked("handed over a role"),
    "incident.role_given_back": marked("gave a role back"),
    "incident.task_added": marked("added a task"),
    "incident.task_done": marked("did a task"),
    "incident.linked": marked("linked something to it"),
    "incident.notice_given": marked("told the regulator"),
    "incident.stabilised": marked("said that it is stable"),
    "incident.chased": marked("told somebody that they are late"),
    "incident.closed": marked("closed it"),
    "post_mortem.written": marked("wrote the post-mortem"),
    "post_mortem.replayed": marked("replayed a threshold on history"),
    "post_mortem.not_replayed": marked("could not replay a threshold"),
    "post_mortem.returned": marked("handed the post-mortem back"),
    "post_mortem.accepted": marked("accepted the post-mortem"),
    "post_mortem.action_done": marked("did an action"),
    # what a rule says
    "holds": marked("holds"),
    "does_not_hold": marked("does not hold"),
    "unknown": marked("unknown"),
    "none": marked("none"),
}


def said_word(code: str) -> str:
    """The code in words, in the language spoken now; itself where it is none of the lists."""
    word = WORDS.get(code)
    return code if word is None else say(word)
