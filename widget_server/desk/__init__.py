"""The desk: what staff and customers do to a case, one command each. `from widget_server import desk; desk.claim(…)`.

Beside `pipeline.py`, which tells what happens by itself. Commands flush; the view that calls them commits.
"""

from widget_server.desk.cases import (
    assign,
    change_severity,
    claim,
    document_and_close,
    hand_over,
    not_a_failure,
    note,
    resolve,
    understand,
)
from widget_server.desk.customer import (
    answer_followup,
    ask_a_person,
    mail_receipt,
    rate_recovery,
    say_what_is_fair,
    write_again,
)
from widget_server.desk.erasing import erase, erase_staff_words
from widget_server.desk.gestures import BeyondBudget, Gift, ask_to_give, decide
from widget_server.desk.replies import Promise, reply
from widget_server.desk.responses import archive_response, keep_response, mark_spam, open_by_hand

__all__ = [
    "BeyondBudget",
    "Gift",
    "Promise",
    "answer_followup",
    "archive_response",
    "ask_a_person",
    "ask_to_give",
    "assign",
    "change_severity",
    "claim",
    "decide",
    "document_and_close",
    "erase",
    "erase_staff_words",
    "hand_over",
    "keep_response",
    "mail_receipt",
    "mark_spam",
    "not_a_failure",
    "note",
    "open_by_hand",
    "rate_recovery",
    "reply",
    "resolve",
    "say_what_is_fair",
    "understand",
    "write_again",
]
