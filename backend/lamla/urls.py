"""All addresses of the gateway."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from apps.accounts.async_views import router as accounts
from apps.archive.async_views import router as archive
from apps.chat.async_views import router as chat
from apps.chat.feedback_views import router as feedback
from apps.chat.live_views import router as live
from apps.core import health, user_interface
from apps.core.api import make_api
from apps.core.problems import page_not_found
from apps.courses.async_views import router as courses
from apps.documents.async_views import router as documents
from apps.sharing.async_views import router as sharing
from apps.usage.async_views import router as usage

api = make_api(
    title="Lamla AI",
    version="1",
    description="The gateway's API. Errors are problem documents (RFC 9457); lists are paged by cursor.",
    openapi_url="/openapi.json",
    docs_url="/docs",
)
for router in (accounts, usage, archive, sharing, feedback, courses, documents):
    api.add_router("", router)
api.add_router("", live)  # before the conversations' own addresses: `live` is no name of one
api.add_router("", chat)

# The admin's own form knows no second factor: who is not signed in goes to the page's sign-in.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("api/", api.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/", admin.site.urls),
    path("_allauth/", include("allauth.headless.urls")),
    # A way in without a CSRF token, which the page does not use.
    path("accounts/google/login/token/", page_not_found),
    # Where other sign-in services send the browser back to.
    *([path("accounts/", include("allauth.urls"))] if settings.SIGN_IN_PROVIDERS else []),
    re_path(r"^(?!api/|admin|_allauth/|accounts/|health/|static/|assets/).*$", user_interface.page),
]
handler400 = "apps.core.problems.bad_request"
handler404 = "apps.core.problems.page_not_found"
handler500 = "apps.core.problems.server_error"
