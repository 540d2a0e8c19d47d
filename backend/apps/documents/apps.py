from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate

from apps.accounts.services.belongings import Belongings, register


class DocumentsConfig(AppConfig):
    name = "apps.documents"

    def ready(self) -> None:
        from apps.documents.retrieval import pgvector  # noqa: PLC0415  the same
        from apps.documents.services.absorbing import documents_absorb  # noqa: PLC0415  models are loaded only now
        from apps.documents.signals import remember_the_bytes  # noqa: PLC0415  the same

        register(Belongings(name="documents", absorb=documents_absorb))
        post_delete.connect(remember_the_bytes, sender=self.get_model("Document"))
        post_migrate.connect(pgvector.prepare, sender=self)
