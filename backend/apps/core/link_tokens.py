"""Keeps the tokens of links out of logs: who may read a log may not read what somebody shares."""

import logging
import re

TOKEN = re.compile(r"(/s/|/shared/)[A-Za-z0-9_-]{20,}")


class LinkTokenFormatter(logging.Formatter):
    """Takes them out of the paths in a line, and in the traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub(r"\1…", super().format(record))
