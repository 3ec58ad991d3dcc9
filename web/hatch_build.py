"""Builds the web front end into `server/static` when a wheel is made, unless it is there already (an sdist carries it)."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's hook is generic over its own configuration class
    """`npm ci && npm run build`; an editable install is left alone (`make` builds there)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel is put together."""
        root = Path(self.root)
        if version == "editable" or (root / "server" / "static" / "index.html").exists():
            return
        for command in (["npm", "ci"], ["npm", "run", "build"]):
            subprocess.run(command, cwd=root / "web", check=True)  # noqa: S603 - fixed commands
