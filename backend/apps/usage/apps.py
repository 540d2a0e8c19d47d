from django.apps import AppConfig

from apps.accounts.services.belongings import Belongings, register


class UsageConfig(AppConfig):
    name = "apps.usage"

    def ready(self) -> None:
        from apps.usage.services.absorbing import usage_absorb  # noqa: PLC0415  models are loaded only now

        register(Belongings(name="usage", absorb=usage_absorb))
