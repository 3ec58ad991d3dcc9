"""What `make bundle` writes installs without a network, and a copy that was damaged on its way does not install at all."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_NETWORK = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull}


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = os.environ  # noqa: TID251 - PATH and HOME of the machine
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**inherited, **environment}, check=False)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked bundle for the Python that runs the tests, with a wheel of the product as it stands."""
    folder = tmp_path_factory.mktemp("пакунок")
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "built", ".")
    assert built.returncode == 0, built.stderr
    (wheel,) = (folder / "built").glob("zlahoda-*.whl")
    out = folder / "zlahoda-offline.tar.gz"
    made = run("bash", "server/deploy/bundle.sh", wheel, out, PYTHONS="{}.{}".format(*sys.version_info[:2]))
    assert made.returncode == 0, made.stderr
    with tarfile.open(out) as archive:
        archive.extractall(folder, filter="data")
    return folder / "zlahoda-offline"


@pytest.mark.slow
def test_it_installs_without_a_network_and_serves_its_pages(bundle: Path, tmp_path: Path) -> None:
    installed = run(bundle / "install.sh", tmp_path / "злагода", **NO_NETWORK)
    assert installed.returncode == 0, installed.stderr
    again = run(bundle / "install.sh", tmp_path / "злагода", **NO_NETWORK)
    assert again.returncode == 0, again.stderr
    told = run(tmp_path / "злагода" / "bin" / "python", "-I", "-c", "import server, pathlib; print(pathlib.Path(server.__file__).parent)")
    package = Path(told.stdout.strip())
    assert package.is_relative_to(tmp_path)
    assert (package / "static" / "index.html").exists()
    assert run(tmp_path / "злагода" / "bin" / "zlahoda", "serve", "--help").returncode == 0


@pytest.mark.slow
def test_a_damaged_copy_is_told_and_nothing_is_installed(bundle: Path, tmp_path: Path) -> None:
    wheel = next((bundle / "wheels").glob("alembic-*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        refused = run(bundle / "install.sh", tmp_path / "злагода", **NO_NETWORK)
    finally:
        wheel.write_bytes(whole)
    assert refused.returncode == 1
    assert "this copy is damaged" in refused.stderr
    assert not (tmp_path / "злагода").exists()
