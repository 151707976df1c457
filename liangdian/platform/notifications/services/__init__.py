"""The verbs of the room: the bell, the outbox, sending, the words."""

from liangdian.platform.notifications.services.bell import Notice, mark_read, notify_many
from liangdian.platform.notifications.services.delivery import deliver_due, mark_stuck, report, retry
from liangdian.platform.notifications.services.outbox import Address, Draft, quiet_hours, send, send_many
from liangdian.platform.notifications.services.wording import back_to_default, change_wording, in_force

__all__ = [
    "Address",
    "Draft",
    "Notice",
    "back_to_default",
    "change_wording",
    "deliver_due",
    "in_force",
    "mark_read",
    "mark_stuck",
    "notify_many",
    "quiet_hours",
    "report",
    "retry",
    "send",
    "send_many",
]
