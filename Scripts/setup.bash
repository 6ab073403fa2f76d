# What the scripts need before they can build. To be sourced, from the root of the repository.

say() { printf '\n== %s, after %s s\n' "$*" "$SECONDS"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# Runs a command as root, or fails where that takes a password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

has_zstd() {
  pkg-config --exists libzstd 2>/dev/null && return
  echo '#include <zstd.h>' | clang -E -x c - >/dev/null 2>&1 || [ -e /usr/include/zstd.h ]
}

# pkg-config only spares the user a warning of the build.
install_zstd() {
  command -v apt-get >/dev/null || return
  say 'Installing libzstd-dev' >&3
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq libzstd-dev pkg-config
}

require_tools() {
  command -v swift >/dev/null || fail 'Swift 6.3 or later is needed: https://www.swift.org/install'
  has_zstd && return
  install_zstd 3>&1 >/dev/null 2>&1 && has_zstd && return
  fail "The development files of zstd are needed and could not be installed: package \
libzstd-dev with apt, libzstd-devel with dnf, zstd with brew."
}
