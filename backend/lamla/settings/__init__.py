"""The gateway's settings, typed from the environment: the only package of the gateway that reads it.

Every limit has its unit in its name. What a variable means stands in `.env.example` and ASYNC_PROXY_SETUP.md.
"""

from lamla.settings.accounts import *  # noqa: F403
from lamla.settings.archive import *  # noqa: F403
from lamla.settings.base import *  # noqa: F403
from lamla.settings.documents import *  # noqa: F403
from lamla.settings.extraction import *  # noqa: F403
from lamla.settings.security import *  # noqa: F403
from lamla.settings.usage import *  # noqa: F403
