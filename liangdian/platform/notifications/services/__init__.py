"""The verbs of the room: the bell, the outbox, sending, the words."""

from liangdian.platform.notifications.services.bell import Notice, mark_read, notify_many
from liangdian.platform.notifications.services.delivery import (
    centre_name,
    deliver_due,
    mark_stuck,
    may_retry,
    report,
    retry,
    send_test,
)
from liangdian.platform.notifications.services.outbox import (
    Address,
    Draft,
    Message,
    quiet_hours,
    rows_of,
    send,
    send_many,
)
from liangdian.platform.notifications.services.wording import back_to_default, change_wording, in_force

__all__ = [
    "Address",
    "Draft",
    "Message",
    "Notice",
    "back_to_default",
    "centre_name",
    "change_wording",
    "deliver_due",
    "in_force",
    "mark_read",
    "mark_stuck",
    "may_retry",
    "notify_many",
    "quiet_hours",
    "report",
    "retry",
    "rows_of",
    "send",
    "send_many",
    "send_test",
]
