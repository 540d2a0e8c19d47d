"""How the secrets of second factors are kept."""

import pytest
from cryptography.fernet import InvalidToken
from pytest_django import Settings

from apps.accounts.adapters import SecondFactorAdapter


def test_a_kept_secret_is_read_back_and_does_not_stand_there(settings: Settings) -> None:
    kept = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert SecondFactorAdapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"


def test_a_changed_key_still_reads_what_the_former_one_has_written(settings: Settings) -> None:
    kept = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().decrypt(kept)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert SecondFactorAdapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"
