from apps.chat.tests.conftest import caller

__all__ = ["caller"]
