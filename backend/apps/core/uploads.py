"""Uploaded files that are too large for memory, on disk without a name: a process that is killed leaves nothing."""

import os
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessUploadHandler(FileUploadHandler):
    """In the place of Django's handler for large files, whose temporary files outlive a kill."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Any: as Django's parser passes them on."""
        super().new_file(*args, **kwargs)
        self._kept = TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  its request closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:  # type: ignore[type-arg]  # generic in its stubs alone
        self._kept.seek(0, os.SEEK_SET)
        return UploadedFile(
            file=self._kept,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "_kept"):
            self._kept.close()
