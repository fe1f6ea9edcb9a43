#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The bash completion offers the subcommands, their options, and requirement ids from `assay list`.
set -uo pipefail

passed=0 failed=0 skipped=0

# What the completion uses of the package bash-completion.
_init_completion()
{
	cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
}
_filedir()
{
	COMPREPLY=("file:${1-}")
}
_available_interfaces()
{
	COMPREPLY=(interface)
}
# shellcheck source=../completion/assay
source "$ASSAY_SOURCE_DIR/tools/completion/assay"

# offers WANTED WORD...: completing the last WORD offers WANTED and nothing else.
offers()
{
	local wanted=$1
	shift
	COMP_WORDS=("${ASSAY:-assay}" "$@") COMP_CWORD=$# COMPREPLY=()
	_assay
	if [ "${COMPREPLY[*]-}" = "$wanted" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED: assay $*: wanted '$wanted', found '${COMPREPLY[*]-}'"
		failed=$((failed + 1))
	fi
}

offers "check" ch
offers "decode" de
offers "--secrets --strict" check --s
offers "jsonl junit" check --format j
offers "json" decode --format j
offers "file:" check --keys ""
offers "file:json" vectors ""
offers "interface" check -i ""
offers "requirements roles" list r
offers "faults" list fa
offers "--listen" serve --l
offers "replay" rep
offers "--target --trigger --timing" replay --t
offers "pana.pac pana.paa" replay --as pana
offers "--as" import --a
offers "--real --retry --report --reset" test --re
offers "must" test --level mu
offers "file:" serve pana.paa --capture ""
offers "" serve pana.paa --listen ud
offers "fields" list fi
if [ -x "${ASSAY:-}" ]; then
	offers "pana" decode --hex pan
	offers "rfc5191-auth-verify" explain rfc5191-auth-verif
	offers "pana.pre" serve pana.pr
	offers "lifetime=" serve pana.paa --set life
	offers "header-cut" serve pana.paa --fault header-c
else
	echo "no program to list requirements"
	skipped=$((skipped + 1))
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
