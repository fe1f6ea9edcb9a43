#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The program as its user meets it: exit codes, wrong usage, the forms of a report."""

import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ASSAY = os.environ.get("ASSAY", "")
SHARED = os.environ.get("ASSAY_SHARED_DIR", "")
SESSION = os.path.join(SHARED, "captures", "pana-eap-psk.pcapng")
PSK_KEY = '"eap-psk","user1","text:SecretPassphrase"\n'
AUTH_KEY = "19ef102fad32a90720b6805280a4b2bb441dc5cd"

if not os.access(ASSAY, os.X_OK):
    print("skipped: no program")
    sys.exit(77)

folder = tempfile.TemporaryDirectory()
passed = failed = skipped = 0


# ---- captures made here ----


def pcap(name, *payloads, port=716, cut=0):
    """A capture of UDP datagrams; the last `cut` octets of each frame are not kept."""
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for i, (source, destination, payload) in enumerate(payloads):
        udp = struct.pack(">HHHH", source or 1024, destination or 1024, 8 + len(payload), 0)
        length = 20 + len(udp) + len(payload)
        addresses = (b"\x0a\0\0\1", b"\x0a\0\0\2")
        ip = struct.pack(">BBHHHBBH", 0x45, 0, length, 0, 0, 64, 17, 0)
        ip += addresses[source == port] + addresses[source != port]
        frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + udp + payload
        data += struct.pack("<IIII", 1700000000, i * 1000, len(frame) - cut, len(frame))
        data += frame[: len(frame) - cut]
    return write(name, data)


def write(name, data):
    path = os.path.join(folder.name, name)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


def avp(code, value):
    return struct.pack(">HHHH", code, 0, len(value), 0) + value + b"\0" * (-len(value) % 4)


def message(flags, kind, session, sequence, *avps):
    body = b"".join(avps)
    header = struct.pack(">HHHHII", 0, 16 + len(body), flags, kind, session, sequence)
    return header + body


ALGORITHMS = (avp(6, b"\0\0\0\2"), avp(3, b"\0\0\0\7"))
PCI = (1024, 716, message(0, 1, 0, 0))
PAR = (716, 1024, message(0xC000, 2, 7, 9, *ALGORITHMS))
PAN = (1024, 716, message(0x4000, 2, 7, 9, *ALGORITHMS))

GOOD = pcap("good.pcap", PCI, PAR, PAN)
BAD = pcap("bad.pcap", PCI, PAR, PAN, (716, 1024, message(0xF000, 2, 7, 10, avp(9, b"\0\1\0\0"))))
OTHER = pcap("other.pcap", (53, 1024, b"no protocol of ours"))
CUT = pcap("cut.pcap", PCI, PAR, PAN, cut=6)
KEYS = write("keys", PSK_KEY)
# A PCI off port 716 breaks a SHOULD; a Success before any method breaks what is OPEN.
OFF_PORT = pcap("off-port.pcap", (1024, 4000, PCI[2]))
ACCEPT = struct.pack(">BBH16sBB4s", 2, 9, 26, b"", 79, 6, b"\3\1\0\4")
IDENTITY = struct.pack(">BBH16sBB6s", 1, 9, 28, b"", 79, 8, b"\2\1\0\6\1u")
CANNED = pcap("canned.pcap", (1024, 1812, IDENTITY), (1812, 1024, ACCEPT), port=1812)


# ---- running and judging ----


def run(*arguments, env=None, stdin=None):
    return subprocess.run(
        [ASSAY, *arguments],
        capture_output=True,
        text=True,
        errors="strict",
        timeout=120,
        env={**os.environ, **(env or {})},
        stdin=stdin,
    )


def check(name, right, told=""):
    global passed, failed
    if right:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name}: {str(told)[-1500:]}")


def exits(name, code, *arguments, out="", err="", **more):
    """The program exits so, and these words are in its output."""
    result = run(*arguments, **more)
    told = f"exit {result.returncode}, wanted {code}; stdout {result.stdout[-600:]!r}; "
    told += f"stderr {result.stderr[-600:]!r}"
    right = result.returncode == code and out in result.stdout and err in result.stderr
    check(name, right, told)
    return result


# ---- usage ----


def usage():
    exits("no command", 2, err="Try 'assay --help'")
    exits("an unknown command", 2, "chek", err="did you mean check?")
    exits("an unknown option of the program", 2, "--frobnicate", err="--frobnicate")
    exits("--version", 0, "--version", out="assay 0.")
    exits("--help", 0, "--help", out="check")
    exits("help of a command", 0, "help", "check", out="--strict")
    for command in ("check", "decode", "keys", "list", "explain", "vectors"):
        exits(f"{command} --help", 0, command, "--help", out="Usage:")
        exits(
            f"an unknown option of {command}",
            2,
            command,
            "--frobnicate",
            err=f"Try 'assay {command} --help'",
        )
    for command in ("check", "decode", "keys", "explain", "list"):
        exits(f"{command} without operands", 2, command, err="wanted")
    exits("an unknown format", 2, "check", "--format", "yaml", GOOD, err="'yaml'")
    exits("a decode format that is check's", 2, "decode", "--format", "tap", GOOD, err="'tap'")
    exits("a file and an interface", 2, "check", "-i", "lo", GOOD, err="found both")
    exits("a filter that is none", 2, "check", "--filter", "not a filter", GOOD, err="filter")


def inputs():
    exits("no such file", 2, "check", "/nonexistent.pcap", err="/nonexistent.pcap")
    exits("an empty file", 2, "check", write("empty", ""), err="empty")
    exits("a file of text", 2, "check", write("text", "Dear reader,\n" * 9), err="text")
    exits("a folder", 2, "check", folder.name, err=folder.name)
    exits("no known protocol", 2, "check", OTHER, err="no known protocol")
    exits("decode: no known protocol", 2, "decode", OTHER, err="no known protocol")
    exits("known in one of two files", 0, "check", OTHER, GOOD, err="no known protocol")
    exits("one of two files missing", 2, "check", GOOD, "/nonexistent.pcap", out="3 messages")
    with open(GOOD, "rb") as file:
        exits("standard input", 0, "check", "-", stdin=file, out="3 messages")
    with open(GOOD, "rb") as file:
        broken = write("broken.pcap", file.read()[:-9])
    exits("a broken capture is reported to its break", 2, "check", broken, out="2 messages")
    exits("a broken capture is said to be", 2, "check", broken, err="broken.pcap")
    exits("cut by the snapshot length", 0, "check", CUT, out="3 messages were not judged")
    exits("a filter", 0, "check", "--filter", "src port 716", GOOD, out="1 message,")
    bad_key = write("bad-keys", '# fine\n"eap-psk","user1","xyz"\n')
    exits("a broken key file", 2, "check", "--keys", bad_key, GOOD, err=f"{bad_key}:2:")
    exits("no key file", 2, "check", "--keys", "/nonexistent", GOOD, err="/nonexistent")


def verdicts():
    exits("nothing broken", 0, "check", GOOD, out="PANA session 1")
    exits("a MUST broken", 1, "check", BAD, out="rfc5191-")
    result = run("check", BAD)
    check("each rule once", result.stdout.count("rfc5191-flag-a") <= 1, result.stdout)
    exits("a SHOULD broken", 0, "check", OFF_PORT, out="1 SHOULD")
    exits("a SHOULD broken, strictly", 1, "check", "--strict", OFF_PORT, out="1 SHOULD")
    exits("an OPEN rule never fails", 0, "check", "--strict", CANNED, out="1 OPEN")
    exits("quiet leaves out what is right", 0, "check", "-q", GOOD, out="3 frames")
    check("quiet", "PANA session" not in run("check", "-q", GOOD).stdout)
    check("no colour where there is no terminal", "\033" not in result.stdout)
    with open("/dev/full", "w") as full:
        lost = subprocess.run([ASSAY, "check", GOOD], stdout=full, stderr=subprocess.PIPE)
    check("results that cannot be written", lost.returncode == 4, str(lost))


# ---- forms ----


def json_lines(name, *arguments):
    result = run("check", "--format", "jsonl", *arguments)
    try:
        return [json.loads(line) for line in result.stdout.splitlines()]
    except ValueError as error:
        check(name, False, f"{error}: {result.stdout[-500:]}")
        return []


def forms():
    rows = json_lines("JSON Lines parse", BAD)
    kinds = [row["type"] for row in rows]
    check("JSON Lines: kinds of rows", {"note", "conversation", "summary"} <= set(kinds), kinds)
    check("JSON Lines: one summary, last", kinds.count("summary") == 1 and kinds[-1] == "summary")
    note = next((row for row in rows if row["type"] == "note"), {})
    wanted = {"file", "frame", "protocol", "rule", "level", "field", "offset", "length"}
    wanted |= {"wanted", "found", "conversation"}
    check("JSON Lines: members of a note", wanted <= set(note), note)
    for capture, failures in ((BAD, True), (GOOD, False)):
        result = run("check", "--format", "junit", capture)
        suites = xml.etree.ElementTree.fromstring(result.stdout).findall("testsuite")
        check("JUnit: suites", len(suites) == 1, result.stdout)
        for suite in suites:
            cases = suite.findall("testcase")
            bad = [case for case in cases if case.find("failure") is not None]
            check("JUnit: tests counted", int(suite.get("tests")) == len(cases), result.stdout)
            check("JUnit: failures counted", int(suite.get("failures")) == len(bad))
            check("JUnit: failures as the exit code says", bool(bad) == failures)
        tap(capture, failures)
    broken = run("check", "--format", "junit", GOOD, "/nonexistent.pcap").stdout
    errors = xml.etree.ElementTree.fromstring(broken).findall(".//error")
    check("JUnit: an unreadable file is an error", len(errors) == 1, broken)


def tap(capture, failures):
    lines = run("check", "--format", "tap", capture).stdout.splitlines()
    points = [line for line in lines if line.startswith(("ok ", "not ok "))]
    check("TAP: version", lines[0] == "TAP version 13", lines[0])
    check("TAP: plan", lines[-1] == f"1..{len(points)}", lines[-1])
    numbers = [int(line.removeprefix("not ").split()[1]) for line in points]
    check("TAP: numbers", numbers == list(range(1, len(points) + 1)), numbers)
    bad = [line for line in points if line.startswith("not ok") and "# TODO" not in line]
    check("TAP: failures as the exit code says", bool(bad) == failures, lines)


def hostile_text():
    """Octets that mean something to a terminal, to XML or to JSON stay in their place."""
    identity = b'\x1b[31m<&"\\\xff\x00]]>#'
    eap = struct.pack(">BBHB", 2, 1, 5 + len(identity), 1) + identity
    answer = (1024, 716, message(0, 2, 7, 9, avp(2, eap), avp(7, b"\0\0\0\3")))
    capture = pcap("hostile.pcap", PCI, PAR, PAN, answer)
    json_lines("JSON Lines of hostile text parse", capture)
    xml.etree.ElementTree.fromstring(run("check", "--format", "junit", capture).stdout)
    for arguments in (["check"], ["check", "--format", "tap"], ["decode"]):
        result = run(*arguments, capture)
        check(f"{arguments}: no escape sequence", "\033" not in result.stdout, result.stdout)
    for line in run("decode", "--format", "json", capture).stdout.splitlines():
        json.loads(line)


# ---- the other commands ----


def decoding():
    exits("decode", 0, "decode", GOOD, out="Frame 1: ")
    exits("decode: names", 0, "decode", GOOD, out="PRF_HMAC_SHA1")
    exits("decode: cut", 0, "decode", CUT, out="cut short by the capture")
    check("decode: nothing cut is judged", "! rfc" not in run("decode", CUT).stdout)
    rows = [json.loads(row) for row in run("decode", "--format", "json", GOOD).stdout.splitlines()]
    check("decode: an object per message", [row["frame"] for row in rows] == [1, 2, 3], rows)
    digits = PAR[2].hex(":")
    exits("decode --hex", 0, "decode", "--hex", "pana", digits, out="Session Identifier")
    exits("decode --hex, split", 0, "decode", "--hex", "eap", "0301", "0004", out="Success")
    exits("decode --hex: no digits", 2, "decode", "--hex", "pana", err="digits")
    exits("decode --hex: other signs", 2, "decode", "--hex", "pana", "00xy", err="xy")
    exits("decode --hex: half an octet", 2, "decode", "--hex", "pana", "000", err="half")
    exits("decode --hex: no such protocol", 2, "decode", "--hex", "pnaa", "00", err="pnaa")


def catalogue():
    exits("list protocols", 0, "list", "protocols", out="pana")
    rows = run("list", "requirements").stdout.splitlines()
    check("120 requirements", len(rows) >= 120, len(rows))
    check("three columns", all(row.count("\t") == 2 for row in rows))
    ids = [row.split("\t")[1] for row in rows]
    check("ids are unique", len(ids) == len(set(ids)))
    exits("list fields", 0, "list", "fields", out="pana.seq")
    exits("list suites", 0, "list", "suites", out="pana.paa")
    exits("list cases", 0, "list", "cases", out="happy-again")
    exits("explain a case", 0, "explain", "pana.paa:auth-wrong", out="rfc5191-auth-verify")
    exits("list nonsense", 2, "list", "socks", err="socks")
    exits("explain", 0, "explain", "rfc5191-auth-verify", out="RFC 5191")
    exits("explain a field", 0, "explain", "pana.seq", out="number")
    exits("explain: near miss", 2, "explain", "rfc5191-auth-verfy", err="did you mean rfc5191-auth-verify")
    exits("explain: nothing like it", 2, "explain", "x", err="assay list requirements")
    exits("all requirements explained", 0, "explain", *ids, out="Section")


def vectors():
    exits("the tree's own vectors", 0, "vectors", out=" 0 differ")
    wrong = write("wrong.json", '[{"no": "format"}]')
    exits("vectors of no known format", 2, "vectors", wrong, err="wrong.json")
    exits("no such vectors", 2, "vectors", "/nonexistent.json", err="/nonexistent.json")


def derived_keys():
    exits("keys: nothing to derive from", 2, "keys", GOOD, err="--keys")
    if not os.path.exists(SESSION):
        return
    result = exits("keys", 0, "keys", "--keys", KEYS, SESSION, out='"msk","user1","2c8bc173')
    write("derived", result.stdout)
    exits("derived keys are a key file", 0, "keys", "-k", KEYS, SESSION, "-o", folder.name + "/k")
    mode = stat.S_IMODE(os.stat(folder.name + "/k").st_mode)
    check("keys --output is its owner's alone", mode == 0o600, oct(mode))
    exits("an MSK row verifies", 1, "check", "-k", folder.name + "/k", SESSION, out="8 verified")


METHODS = {
    "eap-psk": (
        '"eap-psk","psk.user@lab.example","00112233445566778899aabbccddeeff"\n',
        ("f02c0705", "8501fa62"),
    ),
    "eap-gpsk": (
        '"eap-gpsk","gpsk.user@lab.example","text:0123456789abcdef0123456789abcdef"\n',
        ("6bb9f899", "8aeccbf7"),
    ),
}


def methods():
    """Both conversations of a capture verified from the key alone; MSKs as its README has them."""
    global skipped
    for name, (key, msks) in METHODS.items():
        capture = os.path.join(SHARED, "captures", name + ".pcapng")
        if not os.path.exists(capture):
            skipped += 1
            print(f"skipped: {capture} is absent")
            continue
        keys = write(name + ".keys", key)
        for msk in msks:
            exits(f"{name}: MSK", 0, "keys", "--keys", keys, capture, out=f'"{msk}')
        rows = json_lines(name, "--keys", keys, capture)
        status = {row["status"] for row in rows if row["type"] == "verdict"}
        check(f"{name}: all verified", status == {"verified"}, status)
        conversations = [row for row in rows if row["type"] == "conversation"]
        check(f"{name}: two conversations", len(conversations) == 2, conversations)
        check(f"{name}: each verified", all(row["verdicts"] for row in conversations))


# ---- live ----


def interrupted_file():
    """A signal while a file is read: what was read is reported."""
    process = subprocess.Popen(
        [ASSAY, "check", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False
    )
    with open(GOOD, "rb") as file:
        process.stdin.write(file.read())
    process.stdin.flush()
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    check("interrupted file", process.returncode == 130, process.returncode)
    check("interrupted file: reported", b"; interrupted" in out, out)


def live():
    """Traffic on the loopback interface, then the signal of a person's Ctrl-C."""
    process = subprocess.Popen(
        [ASSAY, "check", "-i", "lo", "--filter", "udp port 716", "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1)
    if process.poll() is not None:
        global skipped
        skipped += 1
        print(f"skipped: live capture: {process.stderr.read().strip()}")
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(3):
            sender.sendto(PCI[2], ("127.0.0.1", 716))
            time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    check("interrupted", process.returncode == 130, f"{process.returncode}: {err}")
    rows = [json.loads(line) for line in out.splitlines()]
    summary = rows[-1] if rows else {}
    check("interrupted: the report is whole", summary.get("type") == "summary", out)
    check("interrupted: and says so", summary.get("interrupted") is True, summary)
    check("live messages are seen", summary.get("messages", 0) >= 1, summary)


# ---- a real session ----


def real_session():
    global skipped
    if not os.path.exists(SESSION):
        skipped += 1
        print(f"skipped: {SESSION} is absent")
        return
    result = exits("a real session", 1, "check", "--keys", KEYS, SESSION, out="to termination")
    check("secrets are hidden", AUTH_KEY not in result.stdout)
    check("the key itself is hidden", "SecretPassphrase" not in result.stdout)
    exits("secrets on demand", 1, "check", "--secrets", "-k", KEYS, SESSION, out=AUTH_KEY)
    rows = json_lines("a real session in JSON Lines", "--keys", KEYS, SESSION)
    sessions = [row for row in rows if row.get("kind") == "PANA session"]
    check("one session", len(sessions) == 1, sessions)
    notes = {row["rule"]: row for row in rows if row["type"] == "note"}
    check("both nonces are equal", "rfc5191-nonce-random" in notes, list(notes))
    check("the cause is not defined", "rfc5191-cause-defined" in notes, list(notes))
    check("nothing is found wrong but these", len(notes) == 2, list(notes))
    checks = [row for row in rows if row["type"] == "verdict"]
    of_auth = [row for row in checks if row["field"] == "pana.auth.status"]
    check("8 AUTH", len(of_auth) == 8, of_auth)
    check("8 of 8 verified", all(row["status"] == "verified" for row in of_auth), of_auth)
    of_pana = [row for row in checks if row["conversation"] == sessions[0]["id"]]
    check("all of it verified", all(row["status"] == "verified" for row in of_pana), of_pana)
    check("MAC_P, MAC_S and two PCHANNEL tags", len(of_pana) == 8 + 4, of_pana)
    wrong = write("wrong-keys", PSK_KEY.replace("Secret", "secret"))
    exits("a wrong key is one", 1, "check", "--keys", wrong, SESSION, out="wrong key")
    exits("no key is none", 1, "check", SESSION, out="not checked: no key")


usage()
inputs()
verdicts()
forms()
hostile_text()
decoding()
catalogue()
vectors()
derived_keys()
methods()
interrupted_file()
live()
real_session()
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed != 0)
