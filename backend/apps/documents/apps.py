from django.apps import AppConfig

from apps.accounts.services.belongings import Belongings, register


class DocumentsConfig(AppConfig):
    name = "apps.documents"

    def ready(self) -> None:
        from apps.documents.services import documents_absorb  # noqa: PLC0415  models are loaded only now

        register(Belongings(name="documents", absorb=documents_absorb))
