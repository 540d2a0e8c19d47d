from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        from apps.accounts.signals import keep_what_the_guest_made  # noqa: PLC0415  models are loaded only now

        user_logged_in.connect(keep_what_the_guest_made)
