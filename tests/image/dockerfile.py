"""As much of the Dockerfile's language as the project's own file uses: read into stages of steps, without an engine."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Stage:
    """One `FROM`: the base's or an earlier stage's name, and the instructions that follow as (keyword, rest of the line)."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)


KNOWN = {"WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


def read(text: str, **arguments: str) -> list[Stage]:
    """The stages in order; `arguments` are those of `--build-arg`. Raises ValueError for an instruction that is not understood."""
    values: dict[str, str] = {}
    stages: list[Stage] = []
    for keyword, rest in _instructions(text):
        match keyword:
            case "ARG":
                name, _, default = rest.partition("=")
                values[name] = arguments.get(name, default)
            case "FROM":
                base, _, name = _filled(rest, values).partition(" AS ")
                stages.append(Stage(base.strip(), name.strip()))
            case known if known in KNOWN:
                stages[-1].steps.append((keyword, rest))
            case _:
                raise ValueError(f"{keyword}: not an instruction that is understood here")
    return stages


def command(rest: str) -> list[str]:
    """The words of an instruction in the form that names no shell, `["a", "b"]`, whatever flags stand before it."""
    found: list[str] = json.loads(rest[rest.index("[") :])
    return found


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        keyword, _, rest = line.partition(" ")
        yield keyword.upper(), rest.strip()


def _filled(rest: str, values: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], rest)
