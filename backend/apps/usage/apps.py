from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from apps.accounts.services.belongings import Belongings, register


class UsageConfig(AppConfig):
    name = "apps.usage"

    def ready(self) -> None:
        from apps.usage.services.absorbing import usage_absorb  # noqa: PLC0415  models are loaded only now
        from apps.usage.signals import go_on_with_what_was_used  # noqa: PLC0415  the same

        register(Belongings(name="usage", absorb=usage_absorb))
        user_logged_in.connect(go_on_with_what_was_used)
