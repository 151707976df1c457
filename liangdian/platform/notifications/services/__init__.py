"""The verbs of the room: the bell, the outbox."""

from liangdian.platform.notifications.services.bell import Notice, mark_read, notify_many
from liangdian.platform.notifications.services.outbox import Address, Draft, send, send_many

__all__ = ["Address", "Draft", "Notice", "mark_read", "notify_many", "send", "send_many"]
