"""Files of a request, read one after the other before the prompt is committed."""

from collections.abc import Sequence
from typing import BinaryIO, cast

from django.conf import settings
from ninja.files import UploadedFile

from apps.core.errors import PayloadTooLarge
from apps.documents.extraction.pool import extract
from apps.documents.extraction.results import ExtractedDocument


async def read_uploads(files: Sequence[UploadedFile]) -> tuple[ExtractedDocument, ...]:
    """Extract the text of each file. Raises: ApiError that names the file; nothing is stored then."""
    if len(files) > settings.UPLOAD_MAX_FILES:
        raise PayloadTooLarge(f"At most {settings.UPLOAD_MAX_FILES} files are taken at once.", code="too_many_files")
    extracted = []
    for file in files:
        media_type = file.content_type or "application/octet-stream"
        content = cast(BinaryIO, file)  # Django's wrapper passes the methods of a file on
        extracted.append(await extract(filename=file.name or "file", media_type=media_type, content=content))
    return tuple(extracted)
