"""Every variable that is read is said, in .env.example and in the page that explains them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READERS = [
    *sorted(str(file.relative_to(ROOT)) for file in (ROOT / "backend/lamla/settings").glob("*.py")),
    "backend/fastapi_service/core/config.py",
    "backend/local_model/settings.py",
    "backend/embedding_model/settings.py",
]
READ = re.compile(r'env\.(?:text|items|flag|integer|seconds|secrets)\(\s*"([A-Z_]+)"')


@pytest.mark.parametrize("document", [".env.example", "ASYNC_PROXY_SETUP.md"])
def test_no_variable_is_secret(document: str) -> None:
    read = {name for reader in READERS for name in READ.findall((ROOT / reader).read_text())}
    said = set(re.findall(r"[A-Z][A-Z_]+", (ROOT / document).read_text()))
    assert sorted(read - said) == []
