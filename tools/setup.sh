# Sourced by tools/test, tools/demo and .ci/run: finds out what is missing and installs it from Debian's packages.
# shellcheck shell=bash

export DEBIAN_FRONTEND=noninteractive
started_at=$SECONDS

say() { printf '[%3d:%02d] %s\n' $(((SECONDS - started_at) / 60)) $(((SECONDS - started_at) % 60)) "$*"; }

build_jobs() { echo "${HYPERACTOR_BUILD_JOBS:-$(nproc)}"; }

# is_there PACKAGE: is what we want from this package usable here, wherever it came from?
is_there() {
  case "$1" in
    g++) command -v g++ > /dev/null && [ "$(g++ -dumpversion | cut -d. -f1)" -ge 12 ] ;;
    cmake) command -v cmake > /dev/null &&
      printf '3.25\n%s\n' "$(cmake --version | sed -n 's/^cmake version \([0-9.]*\).*/\1/p')" | sort -CV ;;
    ninja-build) command -v ninja > /dev/null ;;
    python3) command -v python3 > /dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' ;;
    python3-venv) python3 -c 'import ensurepip, venv' > /dev/null 2>&1 ;;
    libboost1.81-dev) can_include boost/version.hpp 'BOOST_VERSION >= 108100' ;;
    libasio-dev) can_include asio/version.hpp 'ASIO_VERSION >= 102201' ;;
    libfmt-dev) can_include fmt/core.h 'FMT_VERSION >= 90100' ;;
    libcatch2-dev) can_include catch2/catch_version_macros.hpp 'CATCH_VERSION_MAJOR >= 3' ;;
    libclang-rt-*-dev)
      local clang=${1#libclang-rt-}
      clang=clang-${clang%-dev}
      command -v "$clang" > /dev/null && [ -n "$(find "$("$clang" -print-resource-dir)/lib" -name 'libclang_rt.asan*' 2> /dev/null)" ] ;;
    clang-19 | clang-16) command -v "clang++-${1#clang-}" > /dev/null ;;
    llvm-19) command -v llvm-symbolizer-19 > /dev/null ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

can_include() {
  command -v g++ > /dev/null &&
    printf '#include <%s>\n#if !(%s)\n#error too old\n#endif\n' "$1" "$2" | g++ -std=c++20 -E -x c++ - > /dev/null 2>&1
}

# Catch2 3 is in Debian 12's backports only; safe to run twice, whichever form the sources are written in.
add_backports() {
  apt-get indextargets --format '$(RELEASE)' | grep -qx bookworm-backports && return 0
  local uri
  uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Release: bookworm' | head -n 1)
  [ -n "$uri" ] || return 1
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: %s\n' "$uri" \
    /usr/share/keyrings/debian-archive-keyring.gpg | as_root tee /etc/apt/sources.list.d/backports.sources > /dev/null
  as_root apt-get update -qq
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -E "$@"; fi
}

# cannot_install PACKAGES... says what is missing and how to get it, and ends the program.
cannot_install() {
  local reason=$1
  shift
  {
    echo
    echo "Missing: $*"
    echo "They could not be installed: $reason."
    echo "On Debian 12, with a network, as root:"
    case " $* " in
      *" libcatch2-dev "*)
        echo "  (Catch2 3 is in bookworm-backports: add that suite to the package sources first)" ;;
    esac
    echo "  apt-get update && apt-get install --no-install-recommends $*"
    case " $* " in
      *" libboost1.81-dev "*)
        echo "  (libboost-dev is Boost 1.74, too old, and cannot stay beside libboost1.81-dev: apt removes it)" ;;
    esac
    echo "Elsewhere: g++ 12, CMake 3.25, Ninja, Boost 1.81, Asio 1.22.1 (standalone), fmt 9.1 and, for the tests,"
    echo "Catch2 3.4 and Python 3.9, or later versions, where the compiler and CMake find them."
  } >&2
  return 1
}

# need PACKAGES...: installs those that are missing.
need() {
  local missing=() package log
  for package in "$@"; do is_there "$package" || missing+=("$package"); done
  if [ ${#missing[@]} -eq 0 ]; then
    say "everything that is needed is installed"
    return 0
  fi
  command -v apt-get > /dev/null || { cannot_install "there is no apt-get here" "${missing[@]}"; return 1; }
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || { cannot_install "this takes root, and there is no sudo" "${missing[@]}"; return 1; }
    if [ -t 0 ]; then sudo -v; else sudo -n true 2> /dev/null; fi ||
      { cannot_install "this takes root, and sudo did not let us" "${missing[@]}"; return 1; }
  fi
  say "installing ${missing[*]}"
  log=$(mktemp)
  # old lists may do where an update is not possible; the install tells
  as_root apt-get update -qq > "$log" 2>&1 < /dev/null || say "apt-get update failed; trying with the lists that are here"
  case " ${missing[*]} " in
    *" libcatch2-dev "*)
      if ! apt-cache show libcatch2-dev > /dev/null 2>&1; then
        say "adding bookworm-backports for Catch2 3"
        add_backports >> "$log" 2>&1 || say "bookworm-backports could not be added"
      fi ;;
  esac
  # Boost 1.74's and Catch2 2's packages conflict with the ones that we need: name them for removal where they are installed
  local conflicting=()
  case " ${missing[*]} " in
    *" libboost1.81-dev "*)
      for package in libboost-dev libboost1.74-dev; do is_installed "$package" && conflicting+=("$package-"); done ;;
  esac
  case " ${missing[*]} " in
    *" libcatch2-dev "*) is_installed catch2 && conflicting+=("catch2-") ;;
  esac
  [ ${#conflicting[@]} -eq 0 ] || say "to be removed, since they conflict: ${conflicting[*]%-}"
  if ! as_root apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 \
      "${missing[@]}" "${conflicting[@]}" >> "$log" 2>&1 < /dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    cannot_install "apt-get failed, see above" "${missing[@]}"
    return 1
  fi
  rm -f "$log"
  for package in "${missing[@]}"; do
    is_there "$package" || { cannot_install "$package was installed and is still not usable (is it too old?)" "$package"; return 1; }
  done
  say "installed"
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }
