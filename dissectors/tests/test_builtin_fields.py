#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every value of a field of Wireshark's own that tshark shows without the plugin, it shows with it:
on every capture there is, frame by frame, but for the defects that known_defects.txt lists.

Usage: test_builtin_fields.py [CAPTURE...]"""

import collections
import concurrent.futures
import os
import pathlib
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree

import plugin
from plugin import avp, check, from_paa, from_pac, tshark

KEYS = ['"eap-psk","*","text:SecretPassphrase"',
        '"eap-psk","*","00112233445566778899aabbccddeeff"',
        '"eap-gpsk","*","text:0123456789abcdef0123456789abcdef"']


def every_avp():
    """What the other captures lack: each AVP, a relayed message, a vendor's AVP, crossed pings,
    retransmissions, PANA off its port."""
    pana = plugin.pana
    number = [avp(code, struct.pack(">I", value)) for code, value in
              ((3, 12), (4, 0x9c8e4872), (6, 5), (8, 900), (9, 1), (13, 1))]
    vendor = struct.pack(">HHHHI", 1, 0x8000, 18, 0, 37244) + bytes(range(18)) + bytes(2)
    par = pana(0x8000, 2, 7, 2, avp(2, bytes([1, 9, 0, 5, 1])), avp(5, b"n" * 16))
    relay = pana(0, 5, 0, 0, avp(10, bytes([10, 0, 0, 9, 2, 204])), avp(11, par))
    relay6 = pana(0, 5, 0, 0, avp(10, bytes(16) + bytes([2, 204])), avp(11, par))
    ping = [pana(0x8800, 4, 7, 5), pana(0x0800, 4, 7, 5)]
    return plugin.write("every-avp.pcap", [
        from_pac(pana(0, 1, 0, 0)), from_paa(pana(0xc000, 2, 7, 1, *number)), from_paa(par),
        from_paa(par), from_pac(pana(0, 2, 7, 2, number[1], vendor, avp(12, b"e" * 24))),
        from_paa(relay), from_paa(relay6), from_pac(pana(0x0400, 4, 7, 3, avp(1, b"a" * 20)), 9999),
        from_pac(ping[0]), from_paa(ping[0]), from_paa(ping[1]), from_pac(ping[1])])


def captures():
    for folder in (plugin.CAPTURES, plugin.SOURCE / "pcaps"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".pcap", ".pcapng"):
                yield path
    yield every_avp()


def known_defects():
    """Rows of capture pattern, field, value without the plugin (each may be *), reason."""
    rows = []
    for line in (plugin.HERE / "known_defects.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            rows.append([part.strip() for part in line.split("|")])
    return rows


def matches(pattern, text):
    return re.fullmatch(pattern.replace(".", r"\.").replace("*", ".*"), text) is not None


def frames(capture, **options):
    """For each frame: how often each (field, value) is there."""
    code, output, errors = tshark("-2", "-r", capture, "-T", "pdml", **options)
    if code or errors:
        raise SystemExit(f"{capture}: {code}, {errors}")
    result = []
    for packet in ElementTree.fromstring(output).iter("packet"):
        values = collections.Counter()
        for node in packet.iter():
            name = node.get("name")
            if not name or node.tag not in ("proto", "field") or name == "geninfo":
                continue
            value = node.get("show", "") if node.tag == "field" else ""
            values[(name, node.get("value", value) if value == "" else value)] += 1
        result.append(values)
    return result


def gone(capture, defects, **options):
    """Lines that say what is not shown any more, and is no known defect."""
    without = frames(capture, plugin=False)
    shown = frames(capture, **options)
    if len(shown) != len(without):
        yield f"{len(without)} frames, {len(shown)} with the plugin"
    for number, (old, new) in enumerate(zip(without, shown), 1):
        for (name, value), count in old.items():
            if new[(name, value)] >= count or any(
                    matches(row[0], capture.name) and matches(row[1], name) and
                    matches(row[2], value) for row in defects):
                continue
            there = [v for n, v in new if n == name]
            yield (f"frame {number}: {name} {value!r}: {count} without, {new[(name, value)]} with"
                   f" the plugin; there: {there}")


def every_value():
    """All with keys, those of other implementations without, too; a tshark per processor."""
    defects = known_defects()
    given = [pathlib.Path(argument) for argument in sys.argv[1:]]
    work = []
    for capture in given or captures():
        work.append((capture, " with keys", {"keys": KEYS}))
        if capture.parent == plugin.CAPTURES:
            work.append((capture, "", {}))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda row: list(gone(row[0], defects, **row[2])), work)
        for (capture, words, _), lines in zip(work, found):
            check(f"{capture.name}{words}: every value is shown", not lines,
                  "\n  ".join(lines[:20] + [f"{len(lines)} in all"]))


plugin.main(every_value)
