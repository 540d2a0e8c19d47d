from django.apps import AppConfig

from apps.accounts.services.belongings import Belongings, register
from apps.usage.services.streams import streams_register


class ChatConfig(AppConfig):
    name = "apps.chat"

    def ready(self) -> None:
        from apps.chat.services.absorbing import chat_absorb  # noqa: PLC0415  models are loaded only now
        from apps.chat.services.metering import streams_live  # noqa: PLC0415

        register(Belongings(name="chat", absorb=chat_absorb))
        streams_register(streams_live)
