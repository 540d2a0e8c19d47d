"""Where the gateway is reached, its worker, answers, bodies, database, and Django itself."""

import logging
import platform
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.management.utils import get_random_secret_key

from environment import REPOSITORY, ConfigurationError, Environment

log = logging.getLogger("lamla.settings")
env = Environment.load()


def is_loopback(url: str) -> bool:
    """Whether only this machine reaches the host of `url`."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def secret_key(*, data_dir: Path, exposed: bool) -> str:
    """SECRET_KEY, or on one's own machine a key made once and kept, so that sessions outlive a restart."""
    if key := env.text("SECRET_KEY"):
        return key
    if exposed:
        raise ConfigurationError("SECRET_KEY is not set. Put a long random value into .env; sessions depend on it.")
    kept = data_dir / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
        log.warning("SECRET_KEY is not set; a random one was made and is kept in %s", kept)
    return kept.read_text()


# Where we are reached ---------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
GATEWAY_PORT = env.integer("GATEWAY_PORT", 8000, at_least=1)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://localhost:{GATEWAY_PORT}")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname
if not PUBLIC_HOST or urlsplit(PUBLIC_URL).scheme not in {"http", "https"}:
    raise ConfigurationError(f"PUBLIC_URL is {PUBLIC_URL!r}; write an address like https://lamla.example.")
EXPOSED = not is_loopback(PUBLIC_URL)
HTTPS = PUBLIC_URL.startswith("https://")
DATA_DIR = Path(env.text("DATA_DIR", str(REPOSITORY / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

RATE_LIMITS = env.flag("RATE_LIMITS", default=True)
if not RATE_LIMITS:
    log.warning("RATE_LIMITS is off: whoever reaches this server can ask as much and as often as he likes")

SECRET_KEY = secret_key(data_dir=DATA_DIR, exposed=EXPOSED)
ALLOWED_HOSTS = [*env.items("ALLOWED_HOSTS"), PUBLIC_HOST, "localhost", "127.0.0.1", "[::1]"]
CORS_ALLOWED_ORIGINS = env.items("CORS_ALLOWED_ORIGINS", "http://localhost:3000")
CORS_ALLOW_CREDENTIALS = True
CORS_URLS_REGEX = r"^/(api|_allauth)/"
CORS_EXPOSE_HEADERS = ["X-Request-ID", "Retry-After"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "x-csrftoken",
    "x-request-id",
    "x-reader-id",
    "last-event-id",
]
CSRF_TRUSTED_ORIGINS = [*CORS_ALLOWED_ORIGINS, f"{urlsplit(PUBLIC_URL).scheme}://{urlsplit(PUBLIC_URL).netloc}"]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.problems.csrf_failure"

# The worker -------------------------------------------------------------------------------------------------
FASTAPI_BASE_URL = env.text("FASTAPI_BASE_URL", "http://localhost:8001").rstrip("/")
FASTAPI_SECRETS = env.secrets("FASTAPI_SECRET", exposed=EXPOSED or not is_loopback(FASTAPI_BASE_URL))
WORKER_CONNECT_TIMEOUT_SECONDS = env.seconds("WORKER_CONNECT_TIMEOUT_SECONDS", 5)
# The worker sends a comment every 15 s, so a longer silence means that it hangs.
WORKER_READ_TIMEOUT_SECONDS = env.seconds("WORKER_READ_TIMEOUT_SECONDS", 45)
WORKER_PATIENCE_SECONDS = env.seconds("WORKER_PATIENCE_SECONDS", 60)
WORKER_MAX_CONNECTIONS = env.integer("WORKER_MAX_CONNECTIONS", 2000, at_least=1)
# Shorter than the worker's 75 s: an idle connection must never be reused while the other side closes it.
WORKER_KEEPALIVE_SECONDS = 30.0

# Answers ----------------------------------------------------------------------------------------------------
CHAT_MESSAGE_MAX_CHARS = env.integer("CHAT_MESSAGE_MAX_CHARS", 32_000, at_least=1)
CHAT_HISTORY_MAX_TOKENS = env.integer("CHAT_HISTORY_MAX_TOKENS", 8_000, at_least=200)
GENERATION_DEADLINE_SECONDS = env.seconds("GENERATION_DEADLINE_SECONDS", 300)
GENERATION_MAX_BYTES = env.integer("GENERATION_MAX_BYTES", 8 * 2**20, at_least=10_000)
GENERATION_LOG = env.flag("GENERATION_LOG", default=True)
GENERATION_LOG_COMMIT_SECONDS = env.seconds("GENERATION_LOG_COMMIT_SECONDS", 0.2)
GENERATION_LOG_KEEP_SECONDS = env.seconds("GENERATION_LOG_KEEP_SECONDS", 60)
GENERATION_LOG_UNSAVED_MAX_BYTES = env.integer("GENERATION_LOG_UNSAVED_MAX_BYTES", 64 * 2**20, at_least=100_000)
GENERATION_LEASE_SECONDS = env.seconds("GENERATION_LEASE_SECONDS", 10)
GATEWAY_HOST_NAME = env.text("GATEWAY_HOST_NAME", platform.node())
if GENERATION_LEASE_SECONDS < 1 or GENERATION_LOG_COMMIT_SECONDS > GENERATION_LEASE_SECONDS / 4:
    raise ConfigurationError(
        "GENERATION_LEASE_SECONDS must be at least 1, and at least four times GENERATION_LOG_COMMIT_SECONDS: a gateway "
        "that cannot renew its lease in time is taken for dead."
    )
GENERATION_MAX_EPOCHS = env.integer("GENERATION_MAX_EPOCHS", 20, at_least=1)
GENERATION_CONTINUE_MIN_CHARS = env.integer("GENERATION_CONTINUE_MIN_CHARS", 40, at_least=1)
GENERATIONS_MAX_RUNNING = env.integer("GENERATIONS_MAX_RUNNING", 2000, at_least=1)
READERS_PER_USER_MAX = env.integer("READERS_PER_USER_MAX", 16, at_least=1)
READER_STALL_SECONDS = env.seconds("READER_STALL_SECONDS", 60)
CHAT_TITLES = env.flag("CHAT_TITLES", default=True)
SSE_KEEPALIVE_SECONDS = env.seconds("SSE_KEEPALIVE_SECONDS", 15)
# Below the 5 s that the supervisor of `make run` leaves a process to end.
DRAIN_SECONDS = env.seconds("DRAIN_SECONDS", 3)

# Bodies and files -------------------------------------------------------------------------------------------
JSON_BODY_MAX_BYTES = env.integer("JSON_BODY_MAX_BYTES", 2 * 2**20, at_least=1024)
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", 50 * 2**20, at_least=1024)
UPLOAD_MAX_FILES = env.integer("UPLOAD_MAX_FILES", 5, at_least=1)
BODY_IDLE_SECONDS = env.seconds("BODY_IDLE_SECONDS", 20)
BODY_TOTAL_SECONDS = env.seconds("BODY_TOTAL_SECONDS", 900)
# A body of unknown length is only taken while it fits into memory, so nothing endless ever reaches the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "apps.core.uploads.NamelessUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES

# Database ---------------------------------------------------------------------------------------------------
UNIT_OF_WORK_THREADS = env.integer("UNIT_OF_WORK_THREADS", 8, at_least=1)
DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'lamla.sqlite3'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Threads of the pool keep their connection; IMMEDIATE, so that a write never fails by upgrading a read lock.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # The tests' units of work run in threads, which an in-memory database cannot serve without table locks.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 2, "max_size": UNIT_OF_WORK_THREADS + 1, "timeout": 2, "reconnect_timeout": 1},
        # A server that is gone without a word must not hold a thread for long.
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        # Nor may one that is paused in mid-transaction hold its locks for longer than its lease, or a lock be waited
        # for without end.
        "options": f"-c idle_in_transaction_session_timeout={GENERATION_LEASE_SECONDS * 1000:.0f} -c lock_timeout=5s",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Django -----------------------------------------------------------------------------------------------------
ROOT_URLCONF = "lamla.urls"
ASGI_APPLICATION = "lamla.asgi.application"
AUTH_USER_MODEL = "accounts.User"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.headless",
    "apps.accounts",
    "apps.usage",
    "apps.courses",
    "apps.documents",
    "apps.chat",
    "apps.sharing",
    "apps.archive",
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "apps.core.middleware.ApiMiddleware",
    "apps.usage.middleware.RateLimits",
    # Django's own are synchronous: a thread per request each. They run for sign-in and admin alone.
    "apps.core.django_middlewares.Connections",
    "apps.core.django_middlewares.Sessions",
    "apps.core.django_middlewares.Csrf",
    "apps.core.django_middlewares.Authentication",
    "apps.core.django_middlewares.Messages",
    "allauth.account.middleware.AccountMiddleware",  # of its own accord async: no thread
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
UI_DIR = Path(env.text("UI_DIR") or REPOSITORY / "frontend" / "dist")
# Without it, browsers that come by let go of the page that they kept for when there is no line.
UI_OFFLINE = env.flag("UI_OFFLINE", default=True)
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "apps.core.link_tokens.LinkTokenFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s request_id=%(request_id)s",
        }
    },
    "filters": {"request_id": {"()": "apps.core.request_id.RequestIdFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a wrong address is no event
        "httpx": {"level": "WARNING"},
    },
}
