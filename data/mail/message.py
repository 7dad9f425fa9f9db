"""A mail as it goes over the wire: plain text in UTF-8, in the form of RFC 5322 and MIME."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from data.hostile import made_visible
from data.mail.model import Mail

_FORM = SMTP.clone(cte_type="7bit")
"""In ASCII alone: not every server takes more (RFC 6152)."""


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The message. What could begin another header, or drive a terminal, is shown in place of being sent."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_FORM)
    message["From"] = Address(made_visible(name), addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = made_visible(mail.subject)
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    # RFC 3834, section 5: nobody's holiday notice is to answer it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, charset="utf-8")
    return message
