#!/bin/sh
# Installs Zlahoda, or a newer version over an older one, from this folder and without a network: ./install.sh [/opt/zlahoda]
set -eu
target=${1:-/opt/zlahoda}
here=$(cd "$(dirname "$0")" && pwd)

(cd "$here" && sha256sum --quiet --check SHA256SUMS) || { echo "install.sh: this copy is damaged: bring it again" >&2; exit 1; }
python3 - "$here/PYTHONS" <<'CHECK' || exit 1
import sys
have, fit = "%d.%d" % sys.version_info[:2], open(sys.argv[1]).read().split()
if have not in fit:
    sys.exit(f"install.sh: python3 is {have}; this bundle is for Python {', '.join(fit)}")
try:
    import ensurepip, venv
except ImportError:
    sys.exit("install.sh: Python's venv module is missing (Debian: the package python3-venv)")
CHECK

[ -x "$target/bin/python" ] || python3 -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" --requirement "$here/requirements.lock"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$here"/wheels/zlahoda-*.whl
echo "Zlahoda is installed: $target/bin/zlahoda serve --help"
echo "Next: $here/operations.md"
