"""E-mail through the mail server of the installation, by Django's SMTP backend."""

from __future__ import annotations

import smtplib
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from liangdian.platform.notifications.gateways import Accepted, GiveUp, NotSent, Outgoing, TryLater, Uncertain
from liangdian.platform.notifications.states import Problem


class EmailGateway:
    """One connection a message: what the server said belongs to this message and to no other."""

    def send(self, message: Outgoing) -> Accepted:
        """Hand the message to the mail server.

        Before the server has the text, every fault means "not sent". 4xx is worth another attempt, 5xx is
        not (RFC 5321, 4.2.1). A connection that breaks while the text travels leaves it unknown.
        """
        number = make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or None)
        mail = EmailMessage(
            subject=message.subject, body=message.body, to=[message.to],
            headers={"Message-ID": number, "Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        connection = get_connection(fail_silently=False)
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            # A wrong password or certificate too concerns the server and every message, not this one.
            raise TryLater(Problem.DOWN) from error
        try:
            connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _answer in error.recipients.values()]
            raise _by_code(max(codes, default=0), Problem.ADDRESS) from error
        except smtplib.SMTPSenderRefused as error:  # the sender is the installation itself
            raise TryLater(Problem.DOWN) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code, Problem.REFUSED) from error
        except ValueError as error:  # a line break in an address or subject; Django refuses before sending
            raise GiveUp(Problem.ADDRESS) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(Problem.LOST) from error
        finally:
            _close(connection)
        return Accepted(number)


def _by_code(code: int, permanent: Problem) -> NotSent:
    return TryLater(Problem.LATER) if 400 <= code < 500 else GiveUp(permanent)


def _close(connection: object) -> None:
    """Saying goodbye can fail; the message was taken or refused before."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except (smtplib.SMTPException, OSError):
        return
