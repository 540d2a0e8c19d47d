"""Where the bytes of files lie: a folder by default, S3 by variable. All of it blocks: call it in a thread.

A name is never written twice with different bytes, so whoever finds one there has all of it.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from apps.core.errors import NotFound, Unavailable

log = logging.getLogger("lamla.storage")
RETRY_AFTER_SECONDS = 30
FOLDER_TRIES = 5


class ContentFolder(FileSystemStorage):
    """A folder. A file is written without a name and gets one when it is whole: a kill leaves nothing of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_overwrite=True, **options)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # generic in its stubs alone
        root, path = Path(self.location), Path(self.path(name))
        root.mkdir(parents=True, exist_ok=True)
        with _nameless(root) as (file, source):
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            _link(source, path, handle=file.fileno())
        return name

    def delete(self, name: str) -> None:
        """And its folder, when that is empty then."""
        super().delete(name)
        with suppress(OSError):
            Path(self.path(name)).parent.rmdir()


@contextmanager
def _nameless(folder: Path) -> Iterator[tuple[BinaryIO, str]]:
    """A file to write to, and the path by which it can be linked."""
    try:
        handle = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    except (AttributeError, OSError):  # of Linux alone, and not of every file system
        with NamedTemporaryFile(dir=folder, prefix=".arriving-") as file:
            yield cast(BinaryIO, file), file.name
        return
    with os.fdopen(handle, "w+b") as file:
        yield file, f"/proc/self/fd/{handle}"


def _link(source: str, path: Path, *, handle: int) -> None:
    """Give the file a name. Raises: FileNotFoundError."""
    for _ in range(FOLDER_TRIES):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Any handle: without one, Python asks the system in a way that does not follow links.
            os.link(source, path, src_dir_fd=handle, follow_symlinks=True)
        except FileExistsError:
            return  # the same bytes, by its name
        except FileNotFoundError:
            continue  # somebody deleted the last file of this folder, and it
        return
    raise FileNotFoundError(path)


def new_name(*, user_id: UUID, sha256: str) -> str:
    """Under which a file of this content is to be stored: never the same twice.

    So a file that comes again while its document is being deleted does not lose its bytes with that.
    """
    return f"documents/{user_id}/{sha256}-{uuid4().hex[:8]}"


def bytes_keep(name: str, content: BinaryIO) -> None:
    """Store all of `content` under `name`. Raises: Unavailable."""
    content.seek(0)
    try:
        default_storage.save(name, File(content))
    except Exception as error:
        raise _away(error) from error


def bytes_remove(name: str) -> bool:
    """Whether nothing is left under `name`."""
    try:
        default_storage.delete(name)
    except Exception as error:
        log.warning("a file cannot be removed just now: %s", type(error).__name__)
        return False
    return True


def bytes_open(name: str) -> BinaryIO:
    """To be read, and closed. Raises: NotFound when it is not there; Unavailable."""
    try:
        return cast(BinaryIO, default_storage.open(name))
    except FileNotFoundError as error:
        raise file_missing() from error
    except Exception as error:
        raise _away(error) from error


def file_missing() -> NotFound:
    return NotFound(
        "The file itself is not kept here, only what was read of it. Upload it again to have both.",
        code="document_file_missing",
    )


def _away(error: Exception) -> Unavailable:
    """Named and not quoted: a storage may put addresses and keys into its words."""
    log.error("the storage of files is away or full: %s", type(error).__name__)
    return Unavailable(
        "The storage of files is away or full just now. Nothing was saved; please try again later.",
        code="storage_unavailable",
        retry_after_s=RETRY_AFTER_SECONDS,
    )
