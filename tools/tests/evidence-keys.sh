#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Evidence with keys opens without a key file, in Wireshark and in `assay`; evidence without them
# holds none, and then nothing is verified.
set -uo pipefail

ASSAY=${ASSAY:-}
PLUGIN_BUILD=${ASSAY_PLUGIN_BUILD:-}
if ! [ -x "$ASSAY" ]; then
	echo "skipped: no program"
	exit 77
fi
tshark=$ASSAY_SOURCE_DIR/tools/tshark-with-plugin
keys=$ASSAY_SOURCE_DIR/pcaps/keys
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

judge()
{
	local what=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		passed=$((passed + 1))
	else
		echo "FAILED: $what"
		tail -n 20 "$work/out"
		failed=$((failed + 1))
	fi
}

# Verdicts on AUTH, each with how often it was told.
by_tshark()
{
	"$tshark" "$PLUGIN_BUILD" -n -T fields -e pana.auth.status "${@:2}" -r "$1" \
		2>"$work/err" | grep . | sort | uniq -c | sed 's/^ *//'
}
by_check()
{
	"$ASSAY" check --format jsonl "${@:2}" "$1" | grep '"field":"pana.auth.status"' |
		sed 's/.*"status":"\([^"]*\)".*/\1/' | sort | uniq -c | sed 's/^ *//'
}

# says WANTED COMMAND...: all that the command tells.
says()
{
	local wanted=$1 found
	shift
	found=$("$@")
	[ "$found" = "$wanted" ] && return
	printf 'wanted: %s\nfound: %s\n' "$wanted" "$found"
	return 1
}

tells()
{
	"${@:2}" >"$work/told" 2>&1
	grep -qF -e "$1" "$work/told" && return
	cat "$work/told"
	return 1
}

# Keys of the evidence, in digits, that its capture holds as octets or in digits.
keys_in_capture()
{
	local digits octets
	octets=$(od -An -v -tx1 "$1.pcapng" | tr -d ' \n')
	sed -n 's/^"[^"]*","[^"]*","\([0-9a-f]*\)"$/\1/p' "$1.keys" | while read -r digits; do
		case $octets in
		*$digits* | *$(printf %s "$digits" | od -An -v -tx1 | tr -d ' \n')*)
			echo "$digits"
			;;
		esac
	done
}

count_keys_in_capture()
{
	keys_in_capture "$1" | grep -c .
}

play()
{
	"$ASSAY" test pana.paa --against pana.paa -k =happy --keys "$keys" --out "$@"
}

judge "a run whose evidence holds keys" play "$work/with" --secrets
judge "a run whose evidence holds none" play "$work/without"
with=$work/with/pana.paa/happy
without=$work/without/pana.paa/happy
rows=$(grep -c '"[0-9a-f]*"$' "$with.keys")
auth=$(by_check "$without.pcapng" --keys "$without.keys" | cut -d ' ' -f 1)

judge "keys stand in it" says "$rows" count_keys_in_capture "$with"
judge "no key stands in it" says 0 count_keys_in_capture "$without"
judge "messages have AUTH" [ "${auth:-0}" -gt 0 ]
judge "check, with them" says "$auth verified" by_check "$with.pcapng"
judge "check, though their frame is left out" says "$auth verified" by_check "$with.pcapng" \
	--filter "udp[14:2] != 1"
judge "check, without" says "$auth not checked: no key" by_check "$without.pcapng"
judge "decode, with them" tells "verified" "$ASSAY" decode "$with.pcapng"
judge "keys tells them" tells '"msk","user1"' "$ASSAY" keys "$with.pcapng"
judge "keys of one capture do not serve the next" tells "$auth of $auth not checked: no key" \
	"$ASSAY" check "$with.pcapng" "$without.pcapng"

if command -v editcap >/dev/null; then
	editcap -a '1:assay-keys: "eap-psk","user1","0x"' "$without.pcapng" "$work/wrong.pcapng"
	wrong="frame 1: line 1 of the comment: key: wanted hexadecimal digits or text:..., found 'x'"
	judge "check tells a wrong row" tells "$wrong" "$ASSAY" check "$work/wrong.pcapng"
	judge "decode tells it" tells "$wrong" "$ASSAY" decode "$work/wrong.pcapng"
	judge "keys tells it" tells "$wrong" "$ASSAY" keys "$work/wrong.pcapng"
	judge "it is no failure" "$ASSAY" check "$work/wrong.pcapng"
else
	echo "skipped: a wrong row, for there is no editcap"
fi

if [ -n "$PLUGIN_BUILD" ] && command -v tshark >/dev/null; then
	judge "tshark, with them" says "$auth verified" by_tshark "$with.pcapng"
	judge "tshark in two passes, with them" says "$auth verified" by_tshark "$with.pcapng" -2
	judge "tshark, with them unwanted" says "$auth not checked: no key" \
		by_tshark "$with.pcapng" -o assay.comment_keys:FALSE
	judge "tshark, without" says "$auth not checked: no key" by_tshark "$without.pcapng"
else
	echo "skipped: tshark, for there is no plugin that it can load"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
