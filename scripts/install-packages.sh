#!/bin/bash
# Installs the Debian packages that the given files list, one a line, as root; quick if they are there already. No daemon is started.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

apt() { apt-get -q -o DPkg::Lock::Timeout=600 "$@"; }
is_installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }

mapfile -t packages < <(cat "$@")
missing=()
for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
[ ${#missing[@]} != 0 ] || exit 0

# Debian starts a daemon when it installs it, unless this program forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
fi
apt update
apt install -y --no-install-recommends "${missing[@]}"
