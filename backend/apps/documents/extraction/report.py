"""What a child says of a file, collected in the gateway. The child read hostile input, so its words are bounded."""

import json
from logging import getLogger

from apps.documents.extraction.results import MEDIA_TYPES, ExtractedDocument, ExtractedPage, Kind, Refused

log = getLogger(__name__)


class Report:
    """The lines of one child; `is_whole` once it has said that it ended."""

    def __init__(self, *, max_bytes: int) -> None:
        self._bytes_left = max_bytes
        self._kind: Kind = "text"
        self._size_bytes = 0
        self._sha256 = ""
        self._pages: list[ExtractedPage] = []
        self._notes: list[str] = []
        self.is_whole = False

    def add(self, line: bytes) -> None:
        """Take one line. Raises: Refused, when the child refuses the file or says more than it may."""
        self._bytes_left -= len(line)
        if self._bytes_left < 0:
            raise Refused("too_large")
        try:
            record = json.loads(line)
        except ValueError:  # the last line of a child that died while it wrote
            return
        if "refused" in record:
            if detail := record.get("detail"):
                log.warning("extraction failed: %s", detail)
            raise Refused(record["refused"])
        if "page" in record:
            self._pages.append(ExtractedPage(**record["page"]))
        elif "document" in record:
            self._kind, self._size_bytes, self._sha256 = (
                record["document"][name] for name in ("kind", "size_bytes", "sha256")
            )
        elif "end" in record:
            self._notes, self.is_whole = record["end"]["notes"], True

    def document(self, filename: str) -> ExtractedDocument:
        """The whole, under the name that its sender gave."""
        return ExtractedDocument(
            filename=filename,
            media_type=MEDIA_TYPES[self._kind],
            kind=self._kind,
            size_bytes=self._size_bytes,
            sha256=self._sha256,
            pages=tuple(self._pages),
            notes=tuple(self._notes),
        )
