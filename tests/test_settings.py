"""Settings from the environment and from files of secrets."""

from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.settings import Settings


def test_a_setting_may_stand_in_a_file_whose_last_line_break_is_left_out(tmp_path: Path) -> None:
    secret = tmp_path / "адреса бази"
    secret.write_text("postgresql://zlahoda:п%40роль@database:5432/zlahoda\n", encoding="utf-8")
    settings = Settings.from_environment({"ZLAHODA_DATABASE_URL_FILE": str(secret), "ZLAHODA_REDIS_URL": "redis://redis:6379/0"})
    assert settings.database_url == "postgresql://zlahoda:п%40роль@database:5432/zlahoda"
    assert settings.redis_url == "redis://redis:6379/0"


def test_a_file_of_a_number_is_read_as_a_number_and_an_empty_name_of_a_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("8123\r\n", encoding="ascii")
    assert Settings.from_environment({"ZLAHODA_PORT_FILE": str(file), "ZLAHODA_REDIS_URL_FILE": ""}).port == 8123


def test_a_setting_given_twice_and_a_file_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ZLAHODA_REDIS_URL and ZLAHODA_REDIS_URL_FILE are both set"):
        Settings.from_environment({"ZLAHODA_REDIS_URL": "redis://here", "ZLAHODA_REDIS_URL_FILE": "there"})
    with pytest.raises(ConfigurationError, match=r"ZLAHODA_REDIS_URL_FILE: .*немає cannot be read: No such file or directory"):
        Settings.from_environment({"ZLAHODA_REDIS_URL_FILE": str(tmp_path / "немає")})
    binary = tmp_path / "двійковий"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="it is not text"):
        Settings.from_environment({"ZLAHODA_REDIS_URL_FILE": str(binary)})
