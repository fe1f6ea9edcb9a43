#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that link our code with libwireshark run one function per name: where both define a name,
# libwireshark would call ours. So no global name of our libraries may be one of Wireshark's.
set -euo pipefail

mapfile -t ours < <(find "$ASSAY_BUILD_DIR" -name 'libassay_*.a')
libraries=$(pkg-config --variable=libdir wireshark) || exit 77
mapfile -t theirs < <(compgen -G "$libraries/libw*.so.*" | grep -E 'lib(wireshark|wiretap|wsutil)\.')
if [ ${#ours[@]} = 0 ] || [ ${#theirs[@]} = 0 ]; then
	echo "no libraries to compare"
	exit 77
fi

names()
{
	awk 'NF == 3 && $2 ~ /^[A-Z]$/ { print $3 }' | grep -vE '^_|^__|^\.|@|^asan|^ubsan' | sort -u
}
clashes=$(comm -12 <(nm --defined-only "${ours[@]}" 2>/dev/null | names) \
	<(nm -D --defined-only "${theirs[@]}" | sed 's/@.*//' | names))
if [ -n "$clashes" ]; then
	echo "also defined by Wireshark:"
	echo "$clashes"
	exit 1
fi
