"""The gateway's settings for tests: no .env of the developer, no key, a folder of its own."""

import os
import tempfile

_folder = tempfile.mkdtemp(prefix="lamla-tests-")
os.environ.update(
    LAMLA_ENV_FILE=os.path.join(_folder, "none.env"),
    FASTAPI_SECRET="a-secret-of-the-tests",
    SECRET_KEY="of-the-tests",
    DATA_DIR=_folder,
    RATE_LIMITS="off",  # tests are quick, and all of one address; those of the limits turn them on
    QUOTA_GUEST_TOKENS_PER_DAY="0",
)

from lamla.settings import *  # noqa: E402, F403  the environment must be set before it is read
