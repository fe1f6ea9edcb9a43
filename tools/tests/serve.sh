#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `assay serve` as its user meets it: what it refuses, what it tells, how it ends. Loopback alone.
set -uo pipefail

ASSAY=${ASSAY:-}
if ! [ -x "$ASSAY" ]; then
	echo "skipped: no program"
	exit 77
fi
work=$(mktemp -d)
passed=0 failed=0
started=()
finish()
{
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap finish EXIT
cat >"$work/keys" <<END
"eap-psk","user1","text:SecretPassphrase"
"eap-gpsk","user1","text:0123456789abcdef0123456789abcdef"
END
: >"$work/paa"
: >"$work/pac"

judge()
{
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "FAILED: $what"
		tail -n 20 "$work"/out "$work"/err "$work"/pac "$work"/paa 2>/dev/null
		failed=$((failed + 1))
	fi
}

# exits CODE WORDS ARGUMENT...: the program ends so, and these words are told.
exits()
{
	local code=$1 words=$2 found
	shift 2
	timeout 20 "$ASSAY" "$@" >"$work/out" 2>"$work/err" </dev/null
	found=$?
	[ "$found" = "$code" ] && grep -qF -e "$words" "$work/out" "$work/err" && return
	echo "exit $found, wanted $code and '$words'"
	return 1
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

# ---- what it refuses ----

judge "help" exits 0 "--listen" serve --help
judge "no role" exits 2 "wanted one role" serve
judge "an unknown role" exits 2 "did you mean pana.pa" serve pana.pa --listen udp://127.0.0.1:0
judge "no address" exits 2 "wants --listen" serve pana.paa
judge "no target" exits 2 "wants --target" serve pana.pac
judge "a scheme of another protocol" exits 2 "wanted udp:// for pana.paa" \
	serve pana.paa --listen radius://127.0.0.1
judge "an address that is none" exits 2 "wanted" serve pana.paa --listen 127.0.0.1
judge "an address of someone else" exits 2 "192.0.2.77:716" serve pana.paa \
	--listen udp://192.0.2.77
judge "an unknown setting" exits 2 "no setting 'colour'" serve pana.paa \
	--listen udp://127.0.0.1:0 --set colour=red
judge "a wrong setting" exits 2 "lifetime: wanted SECONDS" serve pana.paa \
	--listen udp://127.0.0.1:0 --set lifetime=long
judge "a setting without value" exits 2 "wanted NAME=VALUE" serve pana.paa \
	--listen udp://127.0.0.1:0 --set lifetime
judge "an unknown fault" exits 2 "fault" serve pana.paa --listen udp://127.0.0.1:0 --fault no-such
judge "no key file" exits 2 "/nonexistent" serve pana.paa --listen udp://127.0.0.1:0 \
	--keys /nonexistent
judge "a capture that cannot be written" exits 2 "/nonexistent" serve pana.paa \
	--listen udp://127.0.0.1:0 --capture /nonexistent/x.pcapng

# ---- the lists ----

every_role_is_told()
{
	"$ASSAY" list roles | cut -f 2 | while read -r role; do
		exits 0 "Commands" explain "$role" || exit 1
	done
}
every_fault_has_a_rule()
{
	"$ASSAY" list requirements | cut -f 2 | sort >"$work/rules"
	"$ASSAY" list faults | cut -f 3 | cut -d : -f 1 | sort -u | comm -23 - "$work/rules" \
		>"$work/out"
	! [ -s "$work/out" ]
}
judge "each role is explained" every_role_is_told
judge "each fault breaks a requirement of the catalogue" every_fault_has_a_rule
judge "a fault is explained" exits 0 "Breaks" explain header-cut

# ---- a session ----

session()
{
	local paa pac port
	mkfifo "$work/input"
	"$ASSAY" serve pana.paa --listen udp://127.0.0.1:0 --keys "$work/keys" \
		--capture "$work/capture" >"$work/paa" 2>&1 </dev/null &
	paa=$!
	started+=("$paa")
	told paa 1 "pana.paa at udp://127.0.0.1:" || return 1
	port=$(sed -n 's/^pana.paa at udp:.*:\([0-9]*\)$/\1/p' "$work/paa")
	judge "the port is taken" exits 2 "in use" serve pana.paa --listen "udp://127.0.0.1:$port"
	"$ASSAY" serve pana.pac --target "udp://127.0.0.1:$port" --keys "$work/keys" --verbose \
		>"$work/pac" 2>&1 <"$work/input" &
	pac=$!
	started+=("$pac")
	exec {commands}>"$work/input"
	judge "begun" told paa 1 "  started "
	judge "authenticated" told paa 1 "  authenticated "
	judge "messages are told" told pac 1 "PANA-Auth-Request [C]"
	judge "authenticated, says the PaC" told pac 1 "  authenticated "
	echo state >&"$commands"
	judge "a state" told pac 1 "OPEN"
	printf 'pi' >&"$commands"
	sleep 0.1
	printf 'ng\nnonsense\n' >&"$commands"
	judge "a command in two parts" told pac 1 "  alive "
	judge "an unknown command" told pac 1 "no command 'nonsense'"
	echo terminate >&"$commands"
	judge "the PaC ends with its session" wait "$pac"
	exec {commands}>&-
	judge "closed" told paa 1 "  closed "
	kill -INT "$paa"
	judge "interrupted as wanted" wait "$paa"
	judge "counted" told paa 1 "datagrams received"
	judge "the capture is its owner's alone" [ "$(stat -c %a "$work/capture")" = 600 ]
	judge "the capture keeps every rule" exits 0 "0 MUST" check "$work/capture" \
		--keys "$work/keys"
}
judge "a session" session

# ---- EAP in RADIUS ----

radius()
{
	local server port
	echo '"radius","127.0.0.1","text:testing123"' >>"$work/keys"
	"$ASSAY" serve eap.server --listen radius://127.0.0.1:0 --keys "$work/keys" --set erp=yes \
		>"$work/paa" 2>&1 </dev/null &
	server=$!
	started+=("$server")
	told paa 1 "eap.server at radius://127.0.0.1:" || return 1
	port=$(sed -n 's/^eap.server at radius:.*:\([0-9]*\)$/\1/p' "$work/paa")
	judge "a peer is authenticated" exits 0 "third message" serve eap.peer --verbose \
		--target "radius://127.0.0.1:$port" --keys "$work/keys"
	sed 's/0123/3210/' "$work/keys" >"$work/other-keys"
	judge "a peer with another key is refused" exits 1 "  refused " serve eap.peer \
		--set methods=gpsk-2 --target "radius://127.0.0.1:$port" --keys "$work/other-keys"
	kill -TERM "$server"
	judge "terminated as wanted" wait "$server"
}
judge "EAP in RADIUS" radius

# ---- nobody there ----

silence()
{
	local pac
	"$ASSAY" serve pana.pac --target udp://127.0.0.1:9 >"$work/pac" 2>&1 </dev/null &
	pac=$!
	started+=("$pac")
	told pac 1 "  unreachable " && kill -TERM "$pac" && wait "$pac"
}
judge "whom nobody answers is told so, and terminated as wanted" silence

# ---- a full device ----

full()
{
	local pac
	[ -e /dev/full ] || return 0
	"$ASSAY" serve pana.pac --target udp://127.0.0.1:9 >/dev/full 2>"$work/err" </dev/null &
	pac=$!
	started+=("$pac")
	sleep 0.3
	kill -INT "$pac"
	wait "$pac"
	[ $? = 4 ]
}
judge "what cannot be told is an error" full

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
