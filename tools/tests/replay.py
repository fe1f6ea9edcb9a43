#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""assay replay as its user meets it: captured sides re-enacted against reference roles, simulated
and over loopback."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

ASSAY = os.environ.get("ASSAY", "")
SOURCE = os.environ.get("ASSAY_SOURCE_DIR", ".")
SHARED = os.environ.get("ASSAY_SHARED_DIR", "")
SESSION = os.path.join(SHARED, "captures", "pana-eap-psk.pcapng")
PCAPS = os.path.join(SOURCE, "pcaps")
KEYS = os.path.join(PCAPS, "keys")

if not os.access(ASSAY, os.X_OK):
    print("skipped: no program")
    sys.exit(77)

folder = tempfile.TemporaryDirectory()
running = []
passed = failed = skipped = 0


def check(name, right, told=""):
    global passed, failed
    if right:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name}: {str(told)[-2500:]}")


def replay(*arguments, timeout=60):
    return subprocess.run(
        [ASSAY, "replay", *arguments], capture_output=True, text=True, timeout=timeout
    )


def exits(name, code, words, *arguments):
    """The program exits so, and these words are told."""
    r = replay(*arguments)
    right = r.returncode == code and words in r.stdout + r.stderr
    check(name, right, f"exit {r.returncode}, wanted {code} and {words!r}: {r.stdout}{r.stderr}")
    return r


def serve(*arguments):
    """A role of ours, and where it listens."""
    path = os.path.join(folder.name, f"served{len(running)}")
    with open(path, "w") as out:
        process = subprocess.Popen(
            [ASSAY, "serve", *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    running.append(process)
    for _ in range(100):
        with open(path) as out:
            found = re.search(r" at (\w+://127\.0\.0\.1:\d+)", out.read())
        if found:
            return process, found.group(1)
        time.sleep(0.1)
    raise RuntimeError("nothing listens: " + open(path).read())


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(timeout=10)


def fates(text):
    """What became of each frame."""
    return {
        int(frame): fate
        for frame, fate in re.findall(
            r"^ +(\d+)  (sent|not sent|same|different|repeated) ", text, re.MULTILINE
        )
    }


# ---- what it refuses ----


def refusals():
    psk = os.path.join(PCAPS, "pana-eap-psk.pcapng")
    exits("help", 0, "--as", "--help")
    exits("no capture", 2, "wanted one capture")
    exits("no side", 2, "wanted --as", psk, "--against", "pana.paa")
    exits("a side that is none", 2, "wanted --as", psk, "--as", "pana.pre", "--against", "pana.paa")
    exits("no peer", 2, "--target or --against", psk, "--as", "pana.pac")
    exits("two peers", 2, "--target or --against", psk, "--as", "pana.pac", "--against",
          "pana.paa", "--target", "udp://127.0.0.1")
    exits("a peer that is not opposite", 2, "wanted pana.paa", psk, "--as", "pana.pac",
          "--against", "pana.pac")
    exits("a file that is no capture", 2, "replay.py", __file__, "--as", "pana.pac", "--against",
          "pana.paa")
    exits("no such conversation", 2, "found 1 of them", psk, "--as", "pana.pac", "--against",
          "pana.paa", "--conversation", "2")
    exits("a session without its beginning", 2, "beginning", os.path.join(
        PCAPS, "pana-from-the-middle.pcapng"), "--as", "pana.pac", "--against", "pana.paa")
    exits("a method that no role has", 2, "EAP-TLS", os.path.join(PCAPS, "pana-eap-tls.pcapng"),
          "--as", "pana.pac", "--against", "pana.paa")
    exits("nothing of the protocol", 2, "found 0 of them", psk, "--as", "eap.peer", "--against",
          "eap.server")


# ---- every capture of ours whose peers are correct, in the simulated world ----

ALIKE = [
    "pana-by-paa", "pana-eap-gpsk-1", "pana-eap-gpsk-2", "pana-eap-in-par", "pana-eap-psk",
    "pana-ipv6", "pana-ipv6-fragments", "pana-linux-cooked", "pana-moved", "pana-reauth",
    "pana-relay", "pana-retransmissions", "pana-sha1", "pana-two-sessions", "pana-unauthorized",
]
RADIUS = ["eap-psk-radius", "eap-gpsk-radius", "eap-erp-radius"]


def simulated():
    for name, sides in [(n, ("pana.pac", "pana.paa")) for n in ALIKE] + [
        (n, ("eap.peer", "eap.server")) for n in RADIUS
    ]:
        for own, other in (sides, sides[::-1]):
            r = exits(f"{name} as {own}", 0, " 0 different", os.path.join(
                PCAPS, name + ".pcapng"), "--as", own, "--against", other, "--keys", KEYS)
            check(f"{name} as {own}: all frames told", "not sent" not in r.stdout, r.stdout)
            verified = re.search(r"verified: (\d+) of (\d+) sent, (\d+) of (\d+) rec", r.stdout)
            if own.startswith("pana"):
                check(f"{name} as {own}: AUTH", verified and verified[1] == verified[2]
                      and verified[3] == verified[4], r.stdout)


def the_same_twice():
    capture = os.path.join(PCAPS, "pana-reauth.pcapng")
    arguments = (capture, "--as", "pana.pac", "--against", "pana.paa", "--keys", KEYS)
    check("a seed gives the same run", replay(*arguments).stdout == replay(*arguments).stdout)


def second_conversation():
    exits("the second of two sessions", 0, "conversation 2 of 2", os.path.join(
        PCAPS, "pana-two-sessions.pcapng"), "--as", "pana.pac", "--against", "pana.paa", "--keys",
        KEYS, "--conversation", "2")


def differences():
    """What a faulty peer does otherwise is found, with field, captured and live value."""
    capture = os.path.join(PCAPS, "pana-eap-psk.pcapng")
    as_pac = ("--as", "pana.pac", "--against", "pana.paa", "--keys", KEYS)
    exits("a wrong AUTH", 1, "pana.auth.status: captured", capture, *as_pac, "--fault",
          "auth-wrong")
    exits("no AUTH", 1, "pana.avp.code: captured 1 (AUTH), came none", capture, *as_pac,
          "--fault", "auth-absent")
    exits("a live field that is wrong", 1, "rfc5191-session-id", capture, *as_pac, "--fault",
          "session-id-other")
    exits("an unknown fault", 2, "no-such", capture, *as_pac, "--fault", "no-such")
    exits("a session that is not refused", 1, "came", os.path.join(
        PCAPS, "pana-refused.pcapng"), *as_pac)
    exits("a key that is wrong", 1, "different", capture, "--as", "pana.pac", "--against",
          "pana.paa", "--keys", wrong_keys())


def wrong_keys():
    path = os.path.join(folder.name, "wrong-keys")
    with open(path, "w") as out:
        out.write('"eap-psk","user1","text:AnotherPassphras"\n')
    return path


# ---- over loopback ----


def silent():
    start = time.monotonic()
    r = exits("nobody there", 3, "is not there", os.path.join(PCAPS, "pana-eap-psk.pcapng"), "--as",
              "pana.pac", "--target", "udp://127.0.0.1:9", "--keys", KEYS)
    check("nobody is not waited for", time.monotonic() - start < 10, r.stdout)


def on_loopback():
    """The capture of independent implementations: alike up to frame 21; frame 22 has a
    Termination-Cause that RFC 5191 8.9 does not define, so a correct PAA discards it."""
    paa, at = serve("pana.paa", "--listen", "udp://127.0.0.1:0", "--keys", KEYS)
    r = exits("the capture of real implementations", 0, "1 different (1 as expected)", SESSION,
              "--as", "pana.pac", "--target", at, "--keys", KEYS)
    told = fates(r.stdout)
    check("every frame of the session is told", sorted(told) == [
        1, 2, 3, 4, 5, 8, 9, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23], told)
    own = (1, 3, 5, 9, 13, 17, 18, 20, 22)
    check("its side is sent", all(told[f] == "sent" for f in own), told)
    check("through frame 21 the same comes", all(
        fate == "same" for f, fate in told.items() if f not in own and f <= 21), told)
    check("frame 23 does not come", told.get(23) == "different", told)
    check("the rule is named", "rfc5191-cause-defined" in r.stdout, r.stdout)
    check("frame 22 is why", "as expected: frame 22" in r.stdout, r.stdout)
    check("AUTH is right in both directions", "AUTH verified: 4 of 4 sent, 3 of 3 received"
          in r.stdout, r.stdout)
    exits("strictly, that is a difference", 1, "1 as expected", SESSION, "--as", "pana.pac",
          "--target", at, "--keys", KEYS, "--strict", "--wait", "1")
    end(paa)


def waiting_for_a_client():
    """As the PAA, against a PaC that begins."""
    listening = subprocess.Popen(
        [ASSAY, "replay", os.path.join(PCAPS, "pana-eap-psk.pcapng"), "--as", "pana.paa",
         "--target", "udp://127.0.0.1:47161", "--keys", KEYS, "--wait", "8"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    running.append(listening)
    time.sleep(0.5)
    pac, _ = serve("pana.pac", "--target", "udp://127.0.0.1:47161", "--keys", KEYS, "--set",
                   "ping-interval=1")
    output = ""
    for line in listening.stdout:
        output += line
        if " 12  same" in line or " 13  sent" in line:
            break
    check("a PaC that begins is waited for", re.search(r"11  same +PANA-Auth-Answer \[C\]", output),
          output)
    listening.send_signal(signal.SIGINT)
    output += listening.stdout.read()
    check("interrupted", listening.wait(timeout=10) == 130 and "messages sent" in output, output)
    end(pac)


def eap_in_radius():
    """EAP in RADIUS, of hostapd and eapol_test."""
    keys = os.path.join(folder.name, "radius-keys")
    with open(keys, "w") as out:
        out.write('"eap-psk","psk.user@lab.example","00112233445566778899aabbccddeeff"\n'
                  '"eap-gpsk","gpsk.user@lab.example","text:0123456789abcdef0123456789abcdef"\n'
                  '"radius","*","text:testing123"\n')
    server, at = serve("eap.server", "--listen", "radius://127.0.0.1:0", "--keys", keys, "--set",
                       "methods=psk")
    exits("EAP-PSK in RADIUS", 0, "3 answers the same", os.path.join(
        SHARED, "captures", "eap-psk.pcapng"), "--as", "eap.peer", "--target", at, "--keys", keys)
    end(server)


def shared(test):
    global skipped
    if os.path.exists(SESSION):
        test()
    else:
        skipped += 1
        print(f"skipped: {test.__name__}: no {SESSION}")


try:
    refusals()
    simulated()
    the_same_twice()
    second_conversation()
    differences()
    silent()
    shared(on_loopback)
    waiting_for_a_client()
    shared(eap_in_radius)
finally:
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()

print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
