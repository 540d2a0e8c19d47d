"""Files of students: where their bytes lie, and how much of that each may have."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from environment import ConfigurationError
from lamla.settings.base import DATA_DIR, FILE_UPLOAD_MAX_MEMORY_SIZE, env

# Bytes of the files of one user. Above it, nothing more is taken.
DOCUMENTS_MAX_BYTES_PER_USER = env.integer("DOCUMENTS_MAX_BYTES_PER_USER", 2**30, at_least=1)
DOCUMENTS_MAX_BYTES_PER_GUEST = env.integer("DOCUMENTS_MAX_BYTES_PER_GUEST", 100 * 2**20, at_least=1)
# How long a prompt waits for its files to be read, before it goes on with what there is.
DOCUMENT_WAIT_SECONDS = env.seconds("DOCUMENT_WAIT_SECONDS", 60)


def object_storage(url: str) -> dict[str, Any]:
    """The storage behind `s3://bucket/prefix?endpoint=…&region=…`; its keys are boto3's own AWS_* variables.

    Any: options of django-storages. Raises: ConfigurationError.
    """
    parts, options = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
    if parts.scheme != "s3" or not parts.netloc or options.keys() - {"endpoint", "region"}:
        raise ConfigurationError(
            f"DOCUMENT_STORAGE_URL is {url!r}; write s3://bucket?endpoint=https://host&region=name, the last two if "
            "your storage needs them."
        )
    # Large, and of no use to a folder; it ships no types.
    from botocore.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "file_overwrite": True,  # a name is that of its content
            "max_memory_size": FILE_UPLOAD_MAX_MEMORY_SIZE,  # of a file that is read; beyond it, on disk
            "client_config": Config(
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 3},
                request_checksum_calculation="when_required",  # which not every compatible storage knows
            ),
        },
    }


_url = env.text("DOCUMENT_STORAGE_URL")
_folder: dict[str, Any] = {
    "BACKEND": "apps.documents.storage.ContentFolder",
    "OPTIONS": {"location": DATA_DIR / "files"},
}
STORAGES = {
    "default": object_storage(_url) if _url else _folder,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
