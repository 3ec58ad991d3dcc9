#!/usr/bin/env bash
# What the tests need besides Python and Node: Chromium, Redis, PostgreSQL, HAProxy. Installs them where it is root, else says what is missing.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-liberation)
command -v redis-server >/dev/null || missing+=(redis-server)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || missing+=(postgresql)
PATH=$PATH:/usr/sbin command -v haproxy >/dev/null || missing+=(haproxy)
# The drill of a clock that jumps is part of the long runs only.
[ -z "${SOAK:-}" ] || ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || missing+=(libfaketime)
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" != 0 ]; then
  echo "The tests need: ${missing[*]}. Install them: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
echo "installing ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
