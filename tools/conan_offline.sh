#!/usr/bin/env bash
# tools/conan_offline.sh [profile]: `conan create` without any remote, on the distribution's Boost, Asio and fmt, and
# the test package. Conan comes from the PATH or from build/venv.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
[ -x "$root/build/venv/bin/conan" ] && PATH="$root/build/venv/bin:$PATH"
command -v conan > /dev/null || {
  echo "Conan 2.4 or later is missing; python3 -m venv build/venv && build/venv/bin/pip install 'conan>=2.4,<3'" >&2
  exit 1
}
export CONAN_HOME="$root/build/conan-home"  # a stale, higher stub version in a shared cache would win the range
rm -rf "$CONAN_HOME"
conan profile detect --force > /dev/null 2>&1  # the build profile
for package in boost asio fmt; do conan export "$root/tools/conan/system/$package" > /dev/null 2>&1 ||
  { echo "system $package: cannot be exported; is it installed?" >&2; exit 1; }; done
for package in openssl catch2; do  # wanted only with TLS or tests: they may be missing
  conan export "$root/tools/conan/system/$package" > /dev/null 2>&1 || echo "system $package: not installed, left out"
done
conan create "$root" --no-remote -pr:h "$root/tools/conan/profiles/${1:-gcc12}"
