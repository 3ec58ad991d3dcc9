"""What the Dockerfile says, as far as that can be read without building it (`python -m tests.image` builds and runs it)."""

from pathlib import Path

import pytest

from tests.image import dockerfile

TEXT = (Path(__file__).resolve().parent.parent.parent / "Dockerfile").read_text(encoding="utf-8")


def test_stages_stand_on_their_bases_and_the_last_has_an_own_user() -> None:
    web, build, image = dockerfile.read(TEXT, NODE="вузол", PYTHON="пітон")
    assert [stage.base for stage in (web, build, image)] == ["вузол", "пітон", "пітон"]
    assert [stage.name for stage in (web, build)] == ["web", "build"]
    last = dict(image.steps)
    assert last["USER"].split(":")[0] not in {"", "0", "root"}
    assert dockerfile.command(last["ENTRYPOINT"]) == ["/opt/zlahoda/bin/zlahoda"]
    assert dockerfile.command(last["HEALTHCHECK"])[0] == "/opt/zlahoda/bin/python"


def test_lines_are_joined_and_comments_left_out() -> None:
    (stage,) = dockerfile.read("FROM основа\n# примітка\nRUN перше \\\n && друге\n")
    assert stage.steps == [("RUN", "перше && друге")]


def test_what_is_not_understood_is_said() -> None:
    with pytest.raises(ValueError, match="ONBUILD"):
        dockerfile.read("FROM основа\nONBUILD RUN щось\n")
