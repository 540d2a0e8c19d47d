"""Keeps the tokens of links out of logs: who may read a log may not read what somebody shares."""

import logging
import re

TOKEN = re.compile(r"(/s/|/shared/)[A-Za-z0-9_-]{20,}")


class LinkTokenFilter(logging.Filter):
    """Takes them out of the paths that a record tells."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (masked := TOKEN.sub(r"\1…", message)) != message:
            record.msg, record.args = masked, None
        return True
