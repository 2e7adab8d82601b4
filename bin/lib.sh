# Shared by bin/run and bin/test: what the machine must have, and where builds go.

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

fail() {
  printf '%s\n' "$*" >&2
  exit 69
}

# Puts the build outside the clone when CI is set, so that clones share it.
choose_target_dir() {
  if [ -n "${CI:-}" ] && [ -z "${CARGO_TARGET_DIR:-}" ]; then
    export CARGO_TARGET_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/setwise/target"
  fi
  target_dir="${CARGO_TARGET_DIR:-$PWD/target}"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need_commands "COMMAND=PACKAGE"...: installs by apt what is not there.
need_commands() {
  local missing=() pair
  for pair in "$@"; do
    case ${pair%%=*} in
      postgres) ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || missing+=("${pair#*=}") ;;
      *) command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    fail "Missing: ${missing[*]} (Debian's package names). Install them with your system's package manager, then run this again."
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "Missing: ${missing[*]}. Run as root: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  # Debian would otherwise make and start a cluster of its own.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' |
      as_root tee /etc/postgresql-common/createcluster.d/setwise.conf >/dev/null
  fi
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_rust() {
  command -v cargo >/dev/null ||
    fail "Rust is missing: install it with rustup (https://rustup.rs), then run this again."
}
