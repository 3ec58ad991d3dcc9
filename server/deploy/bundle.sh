#!/usr/bin/env bash
# Everything an installation without a network needs, in one file: bundle.sh WHEEL OUT.tar.gz
# Pythons of the target machines: PYTHONS="3.11 3.12 3.13"; their processor: ARCH=x86_64 or aarch64.
set -euo pipefail
wheel=$1 out=$2
PYTHONS=${PYTHONS:-3.11 3.12 3.13} ARCH=${ARCH:-$(uname -m)}
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/$(basename "$out" .tar.gz)
mkdir -p "$folder/wheels" "$folder/deploy"

for version in $PYTHONS; do
  "$root/.venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest "$folder/wheels" \
    --python-version "$version" --implementation cp --platform "manylinux_2_28_$ARCH" --platform "manylinux_2_17_$ARCH" \
    --platform "manylinux2014_$ARCH" --platform "linux_$ARCH" --requirement "$root/requirements.lock"
done
cp "$wheel" "$folder/wheels/"
cp "$here/install.sh" "$root/requirements.lock" "$root/LICENSE" "$root/CHANGELOG.md" "$root/docs/operations.md" "$root/docs/settings.md" "$folder/"
cp "$here/haproxy.cfg" "$here/zlahoda@.service" "$root/docker-compose.yml" "$root/Dockerfile" "$folder/deploy/"
echo "$PYTHONS" > "$folder/PYTHONS"
(cd "$folder" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
mkdir -p "$(dirname "$out")"
tar --create --gzip --file "$out" --directory "$work" --owner 0 --group 0 "$(basename "$folder")"
echo "$out: $(du -h "$out" | cut -f1), for Python $PYTHONS on $ARCH"
