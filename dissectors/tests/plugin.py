# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the plugin share: running tshark with it, writing captures to run it on."""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("ASSAY_SOURCE_DIR", HERE.parent.parent))
SHARED = pathlib.Path(os.environ.get("ASSAY_SHARED_DIR", SOURCE.parent / "shared"))
CAPTURES = SHARED / "captures"
BUILD = os.environ.get("ASSAY_PLUGIN_BUILD", "")
WORK = tempfile.TemporaryDirectory()

results = {"passed": 0, "failed": 0, "skipped": 0}


def check(what, condition, detail=""):
    results["passed" if condition else "failed"] += 1
    print(f"{'ok' if condition else 'FAILED'}: {what}")
    if not condition and detail != "":
        print(f"  {detail}")


def check_equal(what, found, wanted):
    check(what, found == wanted, f"wanted {wanted!r}, found {found!r}")


def skip(what):
    results["skipped"] += 1
    print(f"skipped: {what}")


def main(*tests):
    if not BUILD:
        print("no plugin that an ordinary tshark can load")
        sys.exit(77)
    for test in tests:
        test()
    print(", ".join(f"{count} {word}" for word, count in results.items() if count or
                    word != "skipped"))
    sys.exit(1 if results["failed"] else 0)


def capture(name):
    """A capture of the shared folder, or None, said so, if it is not there."""
    path = CAPTURES / name
    if path.exists():
        return path
    skip(f"no {path}")
    return None


def tshark(*arguments, keys=None, plugin=True, environment=None):
    """Runs tshark; `keys` are rows of a key file. Returns exit code, output, errors."""
    env = dict(os.environ, **(environment or {}))
    if keys is not None:
        handle, env["ASSAY_KEYS"] = tempfile.mkstemp(dir=WORK.name)
        with open(handle, "w") as file:
            file.write("\n".join(keys) + "\n")
    run = subprocess.run([str(SOURCE / "tools" / "tshark-with-plugin"), BUILD if plugin else "none",
                          *map(str, arguments)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    errors = "\n".join(line for line in run.stderr.decode().splitlines()
                       if "Running as user" not in line)
    return run.returncode, run.stdout.decode(), errors


def fields(path, *names, arguments=(), **options):
    """For each frame, the values of each field, each a list."""
    command = ["-r", path, *arguments, "-T", "fields", "-E", "aggregator=;"]
    for name in names:
        command += ["-e", name]
    code, output, errors = tshark(*command, **options)
    if code or errors:
        raise SystemExit(f"tshark {command}: {code}, {errors}")
    return [[value.split(";") if value else [] for value in line.split("\t")]
            for line in output.splitlines()]


def column(path, name, **options):
    """The values of one field that has one value in a frame, of the frames that have it."""
    return [row[0][0] for row in fields(path, name, **options) if row[0]]


# ---- messages ----

def avp(code, value):
    return struct.pack(">HHHH", code, 0, len(value), 0) + value + bytes(-len(value) % 4)


def pana(flags, kind, session, sequence, *avps):
    body = b"".join(avps)
    return struct.pack(">HHHHII", 0, 16 + len(body), flags, kind, session, sequence) + body


def udp(source, destination, payload):
    return struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload


def ipv4(protocol, source, destination, payload):
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                         bytes(source), bytes(destination))
    total = sum(struct.unpack(">10H", header))
    total = ~((total & 0xffff) + (total >> 16)) & 0xffff
    return header[:10] + struct.pack(">H", total) + header[12:] + payload


PAC, PAA = (10, 0, 0, 2), (10, 0, 0, 1)


def from_pac(payload, port=716):
    return ipv4(17, PAC, PAA, udp(40000, port, payload))


def from_paa(payload, port=716):
    return ipv4(17, PAA, PAC, udp(port, 40000, payload))


def tag(code, value):
    return struct.pack(">HH", code, len(value)) + value


def exported(name_tag, name, payload, more=b""):
    """An exported PDU from the PaC to port 716 of the PAA."""
    return (tag(name_tag, name.encode() + bytes(-len(name) % 4)) + more + tag(20, bytes(PAC)) +
            tag(21, bytes(PAA)) + tag(24, struct.pack(">I", 3)) +
            tag(25, struct.pack(">I", 40000)) + tag(26, struct.pack(">I", 716)) + tag(0, b"") +
            payload)


LINKTYPE_RAW, LINKTYPE_ETHERNET, LINKTYPE_EXPORTED_PDU = 101, 1, 252


def write(name, packets, linktype=LINKTYPE_RAW):
    """A capture of these packets, a millisecond apart."""
    path = pathlib.Path(WORK.name) / name
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, linktype))
        for i, packet in enumerate(packets):
            file.write(struct.pack("<IIII", 1000, 1000 * i, len(packet), len(packet)) + packet)
    return path
