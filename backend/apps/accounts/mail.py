"""Where e-mail goes while no SMTP server is set: into files, so that a code can be found on one's own machine."""

import logging
from pathlib import Path
from typing import Any

from django.core.mail.backends.filebased import EmailBackend
from django.core.mail.message import EmailMessage

log = logging.getLogger("lamla.mail")


class KeptMail(EmailBackend):
    """One file per message, which the log names."""

    def write_message(self, message: EmailMessage) -> None:
        # Their subjects hold no secret; the codes stand in the text, which only the file has.
        name = Path(self._get_filename()).name  # type: ignore[attr-defined]  # missing in its stubs
        log.warning("no SMTP server is set (EMAIL_HOST); the e-mail is kept in %s of DATA_DIR/mail", name)
        super().write_message(message)

    def send_messages(self, messages: Any) -> int:
        """A new file for each call, readable by us alone."""
        self._fname = None
        sent = super().send_messages(messages)
        if self._fname:
            Path(self._fname).chmod(0o600)
        return int(sent or 0)
