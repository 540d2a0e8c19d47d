"""One id and one log line per request. What is logged never holds a key, a prompt or an answer."""

import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
logger = logging.getLogger("fastapi_service.request")

current_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_facts: ContextVar[dict[str, Any] | None] = ContextVar("request_facts", default=None)


def request_id_from(header: bytes) -> str:
    """The given id where it is well-formed, else a new one."""
    return header.decode("ascii") if WELL_FORMED.fullmatch(header) else uuid4().hex


def begin_request(request_id: str) -> dict[str, Any]:
    """Name the request of this context; the returned facts end up in its log line."""
    current_request_id.set(request_id)
    facts: dict[str, Any] = {}
    _facts.set(facts)
    return facts


def note(**facts: Any) -> None:
    """Add facts (numbers, short names) to the log line of the request of this context."""
    current = _facts.get()
    if current is not None:
        current.update(facts)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, request id, and the record's `facts`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": current_request_id.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure_logging() -> None:
    """Send everything to standard error as JSON lines, uvicorn's own messages with it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # These speak at INFO of every request, by its URL; our own line has what matters.
    for chatty in ("httpx", "openai"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
