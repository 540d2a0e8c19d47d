from django.apps import AppConfig

from apps.accounts.services.belongings import Belongings, register


class CoursesConfig(AppConfig):
    name = "apps.courses"

    def ready(self) -> None:
        from apps.courses.services import courses_absorb  # noqa: PLC0415  models are loaded only now

        register(Belongings(name="courses", absorb=courses_absorb))
