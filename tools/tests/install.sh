#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `cmake --install` puts where: below DESTDIR; for root, so that tshark lists the plugin; for
# anyone else, below their home, so that their tshark does.
set -euo pipefail

build=${ASSAY_PLUGIN_BUILD:-}
if [ -z "$build" ] || ! [ -x "$build/tools/assay" ]; then
	echo "no build to install from"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

check()
{
	local what=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok: $what"
		passed=$((passed + 1))
	else
		cat "$work/log"
		echo "FAILED: $what"
		failed=$((failed + 1))
	fi
}

skip()
{
	echo "skipped: $*"
	skipped=$((skipped + 1))
}

plugins=$(pkg-config --variable=plugindir wireshark)

below_destdir()
{
	DESTDIR=$work/root cmake --install "$build" --prefix /usr
	for file in usr/bin/assay usr/share/man/man1/assay.1 \
		usr/share/bash-completion/completions/assay "${plugins#/}/epan/assay.so"; do
		test -s "$work/root/$file" || { echo "absent: $file"; return 1; }
	done
	# Nothing of the build folder stays in what is installed.
	! grep -q "$build" "$work/root/${plugins#/}/epan/assay.so" "$work/root/usr/bin/assay" ||
		! readelf -d "$work/root/usr/bin/assay" | grep -E 'R(UN)?PATH'
}
check "DESTDIR takes all of it" below_destdir

# In a mount namespace of its own, with empty folders where root's install would go.
as_root()
{
	unshare --mount bash -euc '
		build=$1 plugins=$2
		mount -t tmpfs none /usr/local
		mount -t tmpfs none "$plugins"
		cmake --install "$build"
		/usr/local/bin/assay --version
		tshark -G plugins | grep "assay.so.*dissector.*$plugins/epan"
	' as_root "$build" "$plugins"
}

# The install manifest in the build folder is root's: it is covered by a file that nobody may write.
as_nobody()
{
	mkdir -m 755 "$work/home"
	: >"$work/manifest"
	chown -R 65534:65534 "$work/home" "$work/manifest"
	chmod 755 "$work"
	unshare --mount bash -euc '
		build=$1 work=$2
		touch "$build/install_manifest.txt"
		mount --bind "$work/manifest" "$build/install_manifest.txt"
		nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$work/home")
		"${nobody[@]}" cmake --install "$build"
		"${nobody[@]}" "$work/home/.local/bin/assay" --version
		"${nobody[@]}" tshark -G plugins | grep "assay.so.*dissector.*$work/home/.local/lib/"
	' as_nobody "$build" "$work"
}

if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	check "root's install is found by root's tshark" as_root
	if setpriv --reuid=65534 --regid=65534 --clear-groups test -r "$build/cmake_install.cmake"; then
		check "anyone's install is found by their tshark" as_nobody
	else
		skip "anyone's install: nobody may not read $build"
	fi
else
	skip "the installs of root and of anyone else: they take a mount namespace, and root"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
