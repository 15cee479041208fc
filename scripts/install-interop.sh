#!/bin/bash
# Installs the mail servers of the interop tests on Debian 12, as root; quick if they are there already. Nothing is started.
# Exim is only unpacked, since its package conflicts with Postfix's. Haraka comes from npm.
set -euo pipefail
here=$(cd "$(dirname "$0")/../test/interop" && pwd)
cache=/var/cache/postseal-interop
exim=exim4-daemon-light
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

apt() { apt-get -q -o DPkg::Lock::Timeout=600 "$@"; }

bash "$(dirname "$0")/install-packages.sh" "$here/packages.txt"

# The name of this user is compiled into Exim, which does not start without it.
getent passwd Debian-exim >/dev/null ||
  useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin Debian-exim

if [ ! -x $cache/exim/usr/sbin/exim4 ]; then
  download=$(mktemp -d)
  chown _apt "$download"
  apt update
  (cd "$download" && apt download $exim)
  rm -rf $cache/exim{,.part}
  mkdir -p $cache
  dpkg -x "$download"/$exim*.deb $cache/exim.part
  mv $cache/exim.part $cache/exim
  rm -r "$download"
fi

if ! cmp -s "$here/haraka/package-lock.json" $cache/haraka/package-lock.json || [ ! -d $cache/haraka/node_modules ]; then
  rm -rf $cache/haraka.part
  mkdir -p $cache/haraka.part
  cp "$here"/haraka/package{,-lock}.json $cache/haraka.part
  (cd $cache/haraka.part && npm ci --omit=optional --ignore-scripts --no-audit --no-fund)
  rm -rf $cache/haraka
  mv $cache/haraka.part $cache/haraka
fi
