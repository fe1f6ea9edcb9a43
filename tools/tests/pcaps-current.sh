#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The captures in the tree are those that tools/regenerate-pcaps writes, octet for octet.
set -euo pipefail

gencap=$ASSAY_BUILD_DIR/tools/gencap/gencap
if [ ! -x "$gencap" ]; then
	echo "gencap is not built"
	exit 77
fi
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$gencap" "$made"
if ! diff -rq "$made" "$ASSAY_SOURCE_DIR/pcaps"; then
	echo "pcaps/ is not what tools/regenerate-pcaps makes"
	exit 1
fi
echo "$(ls "$made" | wc -l) passed, 0 failed"
