#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""assay import as its user meets it: the cases pass unedited against the reference role, and fail
against a faulty one."""

import os
import subprocess
import sys
import tempfile

ASSAY = os.environ.get("ASSAY", "")
SOURCE = os.environ.get("ASSAY_SOURCE_DIR", ".")
SHARED = os.environ.get("ASSAY_SHARED_DIR", "")
PCAPS = os.path.join(SOURCE, "pcaps")
KEYS = os.path.join(PCAPS, "keys")

# Whose peers are correct and have a method that the roles have.
PANA = [
    "pana-by-paa", "pana-eap-gpsk-1", "pana-eap-gpsk-2", "pana-eap-in-par", "pana-eap-psk",
    "pana-encrypted-avps", "pana-ipv6", "pana-ipv6-fragments", "pana-linux-cooked", "pana-moved",
    "pana-reauth", "pana-reauth-by-paa", "pana-relay", "pana-retransmissions", "pana-sha1",
    "pana-two-sessions", "pana-unauthorized",
]
# The RADIUS secret of these is of another address than the simulated one: `*` fits any.
RADIUS = ["eap-psk-radius", "eap-gpsk-radius"]

if not os.access(ASSAY, os.X_OK):
    print("skipped: no program")
    sys.exit(77)

folder = tempfile.TemporaryDirectory()
passed = failed = skipped = 0


def check(name, right, told=""):
    global passed, failed
    if right:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name}: {str(told)[-2500:]}")


def assay(*arguments):
    return subprocess.run([ASSAY, *arguments], capture_output=True, text=True, timeout=120)


def exits(name, code, words, *arguments):
    r = assay(*arguments)
    right = r.returncode == code and words in r.stdout + r.stderr
    check(name, right, f"exit {r.returncode}, wanted {code} and {words!r}: {r.stdout}{r.stderr}")
    return r


def write(name, text):
    path = os.path.join(folder.name, name)
    with open(path, "w") as out:
        out.write(text)
    return path


def import_case(capture, role, keys):
    r = assay("import", capture, "--as", role, "--keys", keys)
    name = os.path.basename(capture).removesuffix(".pcapng")
    check(f"{name} as {role} is imported", r.returncode == 0 and r.stdout, r.stderr)
    return write(f"{name}-{role}.case", r.stdout), r.stdout.count("\ncase ")


def passes(capture, own, other, keys):
    case, count = import_case(capture, own, keys)
    exits(f"{capture} as {own} passes unedited", 0, f"{count} passed, 0 failed, 0 inconclusive, "
          "0 errors, 0 not applicable", "test", case, "--against", other, "--keys", keys)
    return case


def refusals():
    capture = os.path.join(PCAPS, "pana-eap-psk.pcapng")
    exits("help", 0, "--as", "import", "--help")
    exits("no capture", 2, "wanted one capture", "import")
    exits("no side", 2, "wanted --as", "import", capture)
    exits("a side that is none", 2, "wanted --as", "import", capture, "--as", "pana.pre")
    exits("no such conversation", 2, "found 1 of them", "import", capture, "--as", "pana.pac",
          "--conversation", "3")
    exits("a method that no role has", 2, "EAP-TLS", "import", os.path.join(
        PCAPS, "pana-eap-tls.pcapng"), "--as", "pana.pac")


def ours():
    keys = write("keys", open(KEYS).read() + '"radius","*","text:testing123"\n')
    for names, sides in ((PANA, ("pana.pac", "pana.paa")), (RADIUS, ("eap.peer", "eap.server"))):
        for name in names:
            for own, other in (sides, sides[::-1]):
                passes(os.path.join(PCAPS, name + ".pcapng"), own, other, keys)
    r = assay("import", os.path.join(PCAPS, "pana-two-sessions.pcapng"), "--as", "pana.pac",
              "--keys", KEYS)
    check("a case per conversation", r.stdout.count("\ncase ") == 2, r.stdout)


def faults():
    """The constraints are worth something: what a peer does otherwise fails the case."""
    case, _ = import_case(os.path.join(PCAPS, "pana-eap-psk.pcapng"), "pana.pac", KEYS)
    for fault in ("auth-wrong", "auth-absent"):
        exits(f"{fault} fails the case", 1, "1 failed", "test", case, "--against", "pana.paa",
              "--fault", fault, "--keys", KEYS)


def theirs():
    """Captures of independent implementations."""
    global skipped
    captures = os.path.join(SHARED, "captures")
    if not os.path.exists(os.path.join(captures, "pana-eap-psk.pcapng")):
        skipped += 1
        print(f"skipped: no {captures}")
        return
    keys = write("their-keys", '"eap-psk","user1","text:SecretPassphrase"\n'
                 '"eap-psk","psk.user@lab.example","00112233445566778899aabbccddeeff"\n'
                 '"eap-gpsk","gpsk.user@lab.example","text:0123456789abcdef0123456789abcdef"\n'
                 '"radius","*","text:radius"\n')
    case = passes(os.path.join(captures, "pana-eap-psk.pcapng"), "pana.pac", "pana.paa", keys)
    # RFC 5191 8.9: whatever the captured PAA did, one that keeps the rules discards the PTR.
    text = open(case).read()
    check("a message that breaks a MUST is to be discarded",
          "pana.termination_cause = 65536" in text and text.rstrip().endswith("alive s"), text)
    passes(os.path.join(captures, "eap-psk.pcapng"), "eap.peer", "eap.server", keys)
    passes(os.path.join(captures, "eap-gpsk.pcapng"), "eap.peer", "eap.server", keys)


refusals()
ours()
faults()
theirs()
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
