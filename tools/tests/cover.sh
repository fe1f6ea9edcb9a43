#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every MUST has a case, a passive rule, or a reason why it can have neither; and the command that
# says so notices when one falls out.
set -euo pipefail

passed=0 failed=0
check()
{
	if "${@:2}"; then
		passed=$((passed + 1))
	else
		echo "failed: $1"
		failed=$((failed + 1))
	fi
}

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

"$ASSAY" cover >"$folder/matrix" || { cat "$folder/matrix"; failed=$((failed + 1)); }
check "a row per requirement" test "$(grep -vc '^#' "$folder/matrix")" -gt 200
check "seven columns" test "$(grep -v '^#' "$folder/matrix" | awk -F '\t' '{print NF}' | sort -u)" = 7
for suite in pana.paa pana.pac pana.pre eap.server eap.peer; do
	check "cover $suite" "$ASSAY" cover "$suite" >/dev/null
done

# Without the cases of a receiver's rule, that rule falls out.
cp "$ASSAY_SOURCE_DIR"/conformance/suites/* "$folder/"
sed -i 's/ rfc4764-ext-support//; s/rfc4764-ext-support //' "$folder/eap.peer.case"
check "a MUST that falls out is told" \
	test "$(ASSAY_SUITES=$folder "$ASSAY" cover 2>&1 >/dev/null | grep -c rfc4764-ext-support)" = 1
check "and fails" bash -c "! ASSAY_SUITES=$folder '$ASSAY' cover >/dev/null 2>&1"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
