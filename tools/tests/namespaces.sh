#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two hosts, in network namespaces made here, over a bad line: 5 % loss and 200 ms of delay in each
# direction. The happy paths pass: authentication by each method, a liveness test, a
# re-authentication, a termination; over IPv4, IPv6 between link-local addresses, a relay, RADIUS.
set -uo pipefail

skip()
{
	echo "skipped: $*"
	exit 77
}

ASSAY=${ASSAY:-}
[ -x "$ASSAY" ] || skip "no program"
[ "$(id -u)" = 0 ] || skip "network namespaces are root's to make"
for tool in ip tc; do
	command -v "$tool" >/dev/null || skip "no iproute2"
done

work=$(mktemp -d)
near=assay-$$-a far=assay-$$-b
passed=0 failed=0
started=()

finish()
{
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	ip netns del "$near" 2>/dev/null
	ip netns del "$far" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# ---- the hosts and the line between them ----

for host in "$near" "$far"; do
	ip netns add "$host" 2>"$work/log" ||
		skip "no network namespaces here: $(tail -n 1 "$work/log")"
done

# The kernel's netem.
netem_line()
{
	ip link add line netns "$near" type veth peer name line netns "$far" &&
		tc -n "$near" qdisc add dev line root netem delay 200ms loss 5% &&
		tc -n "$far" qdisc add dev line root netem delay 200ms loss 5%
}

# Kernels without it get a line of our own.
own_line()
{
	ip -n "$near" link del line 2>/dev/null
	: >"$work/line"
	python3 "$ASSAY_SOURCE_DIR/tools/tests/bad_line.py" "$near" "$far" 200 5 >"$work/line" 2>&1 &
	started+=($!)
	for _ in {1..50}; do
		grep -q ready "$work/line" && return
		sleep 0.1
	done
	return 1
}

if netem_line 2>"$work/log"; then
	echo "the line: netem"
elif own_line; then
	echo "the line: tun devices, for there is no netem ($(tail -n 1 "$work/log"))"
else
	skip "neither netem ($(tail -n 1 "$work/log")) nor tun ($(tail -n 1 "$work/line"))"
fi
number=1
for host in "$near" "$far"; do
	ip -n "$host" link set lo up
	ip -n "$host" addr add "192.0.2.$number/24" dev line
	ip -n "$host" addr add "fe80::$number/64" dev line nodad
	ip -n "$host" link set line up
	number=$((number + 1))
done

: >"$work/pac"
: >"$work/paa"
cat >"$work/keys" <<END
"eap-psk","user1","text:SecretPassphrase"
"eap-gpsk","user1","text:0123456789abcdef0123456789abcdef"
"radius","*","text:testing123"
END

# ---- running ----

# serve NAME HOST ROLE OPTION...: in the background; its output is in $work/NAME, $! its id.
serve()
{
	local name=$1 host=$2
	shift 2
	ip netns exec "$host" "$ASSAY" serve "$@" --keys "$work/keys" >"$work/$name" 2>&1 \
		<"${input:-/dev/null}" &
	started+=($!)
}

# told NAME COUNT WORD SECONDS: within this time the role has said WORD so many times.
told()
{
	local until=$((SECONDS + $4))
	while [ "$(grep -c "  $3 " "$work/$1")" -lt "$2" ]; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}

judge()
{
	local what=$1
	shift
	if "$@"; then
		echo "ok: $what"
		passed=$((passed + 1))
	else
		echo "FAILED: $what"
		tail -n 30 "$work"/pac "$work"/paa "$work"/pre 2>/dev/null
		failed=$((failed + 1))
		return 1
	fi
}

# A PaC's session with whoever listens at URI, from beginning to end.
live()
{
	local uri=$1 pac code
	shift
	rm -f "$work/input"
	mkfifo "$work/input"
	input=$work/input serve pac "$near" pana.pac --target "$uri" "$@"
	pac=$!
	exec {commands}>"$work/input"
	told pac 1 authenticated 60 && echo ping >&"$commands" &&
		told pac 1 alive 60 && echo reauth >&"$commands" &&
		told pac 2 authenticated 90 && echo terminate >&"$commands" &&
		told pac 1 closed 60
	code=$?
	exec {commands}>&-
	[ "$code" = 0 ] || return 1
	wait "$pac" # it has ended with its session
}

# path WHAT LISTEN TARGET OPTION...: the PAA on one host, the PaC on the other.
path()
{
	local what=$1 listen=$2 target=$3 paa
	shift 3
	serve paa "$far" pana.paa --listen "$listen" "$@"
	paa=$!
	sleep 0.3
	judge "$what" live "$target" "$@"
	judge "$what: the PAA knows that it is over" told paa 1 closed 10
	kill -INT "$paa"
	judge "$what: the PAA ends as asked" wait "$paa"
}

roles=$("$ASSAY" list roles | cut -f 2)
has_role()
{
	grep -qx "$1" <<<"$roles"
}

if has_role pana.pac && has_role pana.paa; then
	path "EAP-PSK" udp://192.0.2.2 udp://192.0.2.2 --set methods=psk
	path "EAP-GPSK with CSuite 1, from all addresses" udp://0.0.0.0 udp://192.0.2.2 \
		--set methods=gpsk-1
	path "EAP-GPSK with CSuite 2, IPv6 link-local" 'udp://[::]' 'udp://[fe80::2%line]' \
		--set methods=gpsk-2
fi
if has_role pana.pre; then
	serve pre "$far" pana.pre --listen udp://192.0.2.2 --target udp://127.0.0.1
	path "relayed" udp://127.0.0.1 udp://192.0.2.2
fi

# An EAP conversation in RADIUS is over when it has succeeded.
authenticate()
{
	serve pac "$near" eap.peer --target radius://192.0.2.2 --set methods="$1"
	wait $!
}
if has_role eap.peer && has_role eap.server; then
	serve paa "$far" eap.server --listen radius://192.0.2.2
	sleep 0.3
	for method in psk gpsk-1 gpsk-2; do
		judge "$method in RADIUS" authenticate "$method"
	done
fi

echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] || skip "no roles"
[ "$failed" = 0 ]
