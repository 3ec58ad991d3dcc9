"""The version after the one at hand, so that an upgrade can be drilled in any checkout: the same program with one more step of the schema,
whose nodes speak another language to each other."""

import re
import shutil
from pathlib import Path

_WIRE = Path("server") / "broker" / "wire.py"
_STEPS = Path("server") / "db" / "migrations" / "versions"
_STEP = '''"""A column in the tables that every edit is written into, and an index over one of them"""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("journal_rows", "documents"):  # not in the order in which an edit takes them
        op.add_column(table, sa.Column("drill_{number}", sa.Text(), nullable=False, server_default="ґ"))
    op.create_index("drill_{number}_at", "journal_rows", ["at"])
'''


def next_version(program: Path, folder: Path) -> Path:
    """A copy of `program`, made in `folder`, that brings a database one step further."""
    before = max(step.name.partition("_")[0] for step in (program / _STEPS).glob("[0-9]*.py"))
    number = f"{int(before) + 1:04}"
    made = folder / f"версія-{number}"
    for part in ("server", "schema"):
        shutil.copytree(program / part, made / part)
    step = _STEP.format(number=number, before=before)
    (made / _STEPS / f"{number}_a_step_of_the_drill.py").write_text(step, encoding="utf-8")
    _speak_another_language(made / _WIRE)
    return made


def _speak_another_language(wire: Path) -> None:
    text = wire.read_text(encoding="utf-8")
    found = re.search(r"^VERSION = (\d+)$", text, re.MULTILINE)
    assert found is not None, "wire.py says no version"
    wire.write_text(text.replace(found[0], f"VERSION = {int(found[1]) + 1}"), encoding="utf-8")
