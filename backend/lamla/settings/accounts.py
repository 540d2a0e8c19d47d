"""Sign-in: django-allauth without pages of its own, under /_allauth/browser/v1/; e-mail, passwords, second factors."""

from typing import Any

from environment import ConfigurationError
from lamla.settings.base import DATA_DIR, HTTPS, PUBLIC_HOST, PUBLIC_URL, RATE_LIMITS, env

SIGNUP: Any = env.text("SIGNUP", "open").lower()  # open, invite or closed
if SIGNUP not in {"open", "invite", "closed"}:
    raise ConfigurationError(f"SIGNUP is {SIGNUP!r}; write open, invite or closed.")

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The first one makes new hashes; the other still reads old ones, which are renewed at the next login.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login"
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS")

# E-mail -----------------------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, at_least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", f"Lamla <no-reply@{PUBLIC_HOST}>")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "apps.accounts.mail.KeptMail"

# allauth ----------------------------------------------------------------------------------------------------
ACCOUNT_USER_DISPLAY = "apps.accounts.adapters.name_of"
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes rather than links: the message may be read on another device than the one that waits for it.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Lamla: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if RATE_LIMITS else False  # {}: allauth's own
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{PUBLIC_URL}/account/verify",
    "account_reset_password": f"{PUBLIC_URL}/account/reset",
    "account_reset_password_from_key": f"{PUBLIC_URL}/account/reset",
    "account_signup": f"{PUBLIC_URL}/account/signup",
    "socialaccount_login_error": f"{PUBLIC_URL}/account/login",
}
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "apps.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lamla"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it on localhost alone
# allauth's limits and used codes, shared by all gateway processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "lamla_cache"}}

# Sign-in through others -------------------------------------------------------------------------------------
SOCIALACCOUNT_ADAPTER = "apps.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}
SIGN_IN_PROVIDERS: list[dict[str, str]] = []  # as the page offers them
if env.text("GOOGLE_CLIENT_ID"):
    SOCIALACCOUNT_PROVIDERS["google"] = {
        "APPS": [{"client_id": env.text("GOOGLE_CLIENT_ID"), "secret": env.text("GOOGLE_CLIENT_SECRET")}],
        "SCOPE": ["openid", "email"],
        "OAUTH_PKCE_ENABLED": True,
    }
    SIGN_IN_PROVIDERS.append({"id": "google", "name": "Google"})
if env.text("OIDC_ISSUER"):
    _oidc = {
        "provider_id": "oidc",
        "name": env.text("OIDC_NAME", "Single sign-on"),
        "client_id": env.text("OIDC_CLIENT_ID"),
        "secret": env.text("OIDC_CLIENT_SECRET"),
        "settings": {"server_url": env.text("OIDC_ISSUER")},
    }
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {"APPS": [_oidc], "OAUTH_PKCE_ENABLED": True}
    SIGN_IN_PROVIDERS.append({"id": "oidc", "name": str(_oidc["name"])})
