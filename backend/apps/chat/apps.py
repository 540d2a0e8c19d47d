from django.apps import AppConfig

from apps.accounts.services.belongings import Belongings, register


class ChatConfig(AppConfig):
    name = "apps.chat"

    def ready(self) -> None:
        from apps.chat.services.absorbing import chat_absorb  # noqa: PLC0415  models are loaded only now

        register(Belongings(name="chat", absorb=chat_absorb))
