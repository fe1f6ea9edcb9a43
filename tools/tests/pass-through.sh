#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# PaCs before a PAA that passes EAP through to a RADIUS server that others wrote, Debian's hostapd:
# every method, another key, re-authentication in full and by ERP. Loopback alone, as whoever runs it.
set -uo pipefail

ASSAY=${ASSAY:-}
PATH=$PATH:/usr/sbin:/sbin
if ! [ -x "$ASSAY" ]; then
	echo "skipped: no program"
	exit 77
elif ! command -v hostapd >/dev/null; then
	echo "skipped: no hostapd (Debian package hostapd)"
	exit 77
fi
work=$(mktemp -d)
passed=0 failed=0
declare -A running=()
finish()
{
	for pid in "${running[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap finish EXIT

judge()
{
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "FAILED: $what"
		tail -n 25 "$work"/{hostapd,paa,pac,check} 2>/dev/null
		failed=$((failed + 1))
	fi
}

# told FILE COUNT WORDS: within ten seconds.
told()
{
	for _ in {1..100}; do
		[ "$(grep -cF -e "$3" "$work/$1")" -ge "$2" ] && return
		sleep 0.1
	done
	return 1
}

ended()
{
	kill "${running[$1]}" 2>/dev/null
	wait "${running[$1]}"
	local code=$?
	unset "running[$1]"
	return $code
}

keys()
{
	printf '"radius","127.0.0.1","text:testing123"\n"eap-psk","%s","text:%s"\n' \
		psk.user@lab.example "$1"
	printf '"eap-gpsk","gpsk.user@lab.example","text:%s"\n' "$2"
}
keys SecretPassphrase 0123456789abcdef0123456789abcdef >"$work/keys"
keys PassphraseSecret fedcba9876543210fedcba9876543210 >"$work/wrong-keys"

# The PAA knows the RADIUS secret alone.
head -n 1 "$work/keys" >"$work/paa-keys"

cat >"$work/users" <<END
"psk.user@lab.example" PSK "SecretPassphrase"
radius_accept_attr=27:d:1234
"gpsk.user@lab.example" GPSK "0123456789abcdef0123456789abcdef"
END
echo "127.0.0.1/32 testing123" >"$work/clients"

# At the ports at which a capture's reader takes UDP for RADIUS.
hostapd_starts()
{
	for port in 1812 1645; do
		cat >"$work/hostapd.conf" <<-END
		driver=none
		interface=none0
		logger_stdout=-1
		logger_stdout_level=0
		eap_server=1
		eap_user_file=$work/users
		server_id=server@lab.example
		radius_server_clients=$work/clients
		radius_server_auth_port=$port
		eap_server_erp=1
		erp_domain=lab.example
		END
		hostapd -ddK "$work/hostapd.conf" >"$work/hostapd" 2>&1 </dev/null &
		running[hostapd]=$!
		for _ in {1..50}; do
			grep -q AP-ENABLED "$work/hostapd" && return
			kill -0 "${running[hostapd]}" 2>/dev/null || break
			sleep 0.1
		done
		ended hostapd
	done
	return 1
}

# paa_starts SETTING...
paa_starts()
{
	local set=()
	for setting; do
		set+=(--set "$setting")
	done
	: >"$work/paa"
	"$ASSAY" serve pana.paa --listen udp://127.0.0.1:0 --keys "$work/paa-keys" --verbose \
		--capture "$work/capture" --set pass-through="radius://127.0.0.1:$port" "${set[@]}" \
		>"$work/paa" 2>&1 </dev/null &
	running[paa]=$!
	told paa 1 "EAP is passed through to radius://127.0.0.1:$port" || return 1
	at=$(sed -n 's/^pana.paa at \(udp:.*\)$/\1/p' "$work/paa")
}

# pac_starts METHOD KEYS SETTING...; commands go to descriptor 3
pac_starts()
{
	local method=$1 keys=$2 set=()
	shift 2
	for setting; do
		set+=(--set "$setting")
	done
	: >"$work/pac"
	rm -f "$work/input"
	mkfifo "$work/input"
	"$ASSAY" serve pana.pac --target "$at" --keys "$work/$keys" --verbose \
		--set methods="$method" --set identity="${method%-?}.user@lab.example" "${set[@]}" \
		>"$work/pac" 2>&1 <"$work/input" &
	running[pac]=$!
	exec 3>"$work/input"
}

# What our two ends and hostapd have said keeps every rule, and all of it is verified.
capture_passes()
{
	"$ASSAY" check "$work/capture" --keys "$work/keys" >"$work/check" 2>&1 &&
		grep -qE '[1-9][0-9]* verified, 0 wrong key, 0 forged or damaged, 0 not checked' \
			"$work/check"
}

# hostapd's newest key of this kind is among those that the capture yields.
same_key()
{
	local key
	key=$(sed -n "s/.*$1 - hexdump(len=64): //p" "$work/hostapd" | tail -n 1 | tr -d ' ')
	[ -n "$key" ] && "$ASSAY" keys "$work/capture" --keys "$work/keys" | grep -q "\"$key\""
}

session()
{
	local method=$1
	judge "$method: the PAA serves" paa_starts || return
	pac_starts "$method" keys
	judge "$method: authenticated" told pac 1 "  authenticated "
	judge "$method: the PAA has keys of the server's" told paa 1 ", protected"
	echo ping >&3
	judge "$method: alive" told pac 1 "  alive "
	echo reauth >&3
	judge "$method: authenticated again" told pac 2 "  authenticated "
	judge "$method: one MSK" same_key 'EAP-G\?PSK: MSK'
	echo terminate >&3
	exec 3>&-
	judge "$method: the PaC ends with its session" wait "${running[pac]}"
	unset 'running[pac]'
	judge "$method: the PAA ends" ended paa
	judge "$method: the capture keeps every rule" capture_passes
}

refusal()
{
	judge "another key, $1: the PAA serves" paa_starts
	pac_starts "$1" wrong-keys
	exec 3>&-
	wait "${running[pac]}"
	judge "another key, $1: refused, says the PaC" [ $? = 1 ]
	unset 'running[pac]'
	judge "another key, $1: refused, says the PAA" told paa 1 "Result-Code 1"
	ended paa
}

lifetime()
{
	"$ASSAY" decode "$work/capture" --keys "$work/keys" 2>/dev/null | grep -A3 Session-Lifetime |
		grep -q 1234
}

erp()
{
	judge "ERP: the PAA serves" paa_starts erp=yes
	pac_starts psk keys erp=yes
	judge "ERP: authenticated" told pac 1 "  authenticated "
	for count in 2 3; do
		echo reauth >&3
		judge "ERP: authenticated again, $count" told pac $count "  authenticated "
		judge "ERP: the PAA has its key, $count" told paa $count ", protected"
		judge "ERP: one rMSK, $count" same_key 'ERP rMSK'
	done
	judge "ERP: two Finishes" [ "$(grep -c "sent .*PANA-Auth-Request \[C\]" "$work/paa")" = 3 ]
	judge "ERP: hostapd has granted it twice" [ "$(grep -c "ERP rMSK - hex" "$work/hostapd")" = 2 ]
	echo terminate >&3
	exec 3>&-
	judge "ERP: the PaC ends with its session" wait "${running[pac]}"
	unset 'running[pac]'
	ended paa
	judge "ERP: the capture keeps every rule" capture_passes
}

if ! hostapd_starts; then
	echo "skipped: something else is at the UDP ports 1812 and 1645"
	exit 77
fi
for method in psk gpsk-1 gpsk-2; do
	session $method
	[ $method != psk ] || judge "Session-Timeout is Session-Lifetime" lifetime
done
refusal gpsk-2
erp
judge "hostapd ends" ended hostapd

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
