"""Files of a request, read one after the other before the prompt is committed."""

from collections.abc import Sequence

from django.conf import settings
from ninja.files import UploadedFile

from apps.core.errors import InvalidInput, PayloadTooLarge
from apps.core.text import check_text
from apps.documents.extraction.pool import extract
from apps.documents.extraction.results import ExtractedDocument

FILENAME_MAX_CHARS = 200


async def read_uploads(files: Sequence[UploadedFile]) -> tuple[ExtractedDocument, ...]:
    """Extract the text of each file. Raises: ApiError that names the file; nothing is stored then."""
    if len(files) > settings.UPLOAD_MAX_FILES:
        raise PayloadTooLarge(f"At most {settings.UPLOAD_MAX_FILES} files are taken at once.", code="too_many_files")
    extracted = []
    for file in files:
        try:
            filename = check_text(file.name or "file")[-FILENAME_MAX_CHARS:]
        except ValueError as error:
            raise InvalidInput("A file's name cannot be stored; rename the file.", code="filename_invalid") from error
        media_type = file.content_type or "application/octet-stream"
        extracted.append(await extract(filename=filename, media_type=media_type, content=file))
    return tuple(extracted)
