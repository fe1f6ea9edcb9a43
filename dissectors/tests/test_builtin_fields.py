#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every value of a field of Wireshark's own that tshark shows without the plugin, it shows with it:
on every capture there is, frame by frame, but for the defects that known_defects.txt lists.

Usage: test_builtin_fields.py [CAPTURE...]"""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("ASSAY_SOURCE_DIR", HERE.parent.parent))
SHARED = pathlib.Path(os.environ.get("ASSAY_SHARED_DIR", SOURCE.parent / "shared"))
PLUGIN = os.environ.get("ASSAY_PLUGIN_BUILD", "")
TSHARK = SOURCE / "tools" / "tshark-with-plugin"
KEYS = '\n'.join(['"eap-psk","*","text:SecretPassphrase"',
                  '"eap-psk","*","00112233445566778899aabbccddeeff"',
                  '"eap-gpsk","*","text:0123456789abcdef0123456789abcdef"', ''])


def captures():
    for folder in (SHARED / "captures", SOURCE / "pcaps"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".pcap", ".pcapng"):
                yield path


def known_defects():
    """Rows of capture pattern, field, value without the plugin (each may be *), reason."""
    rows = []
    for line in (HERE / "known_defects.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            rows.append([part.strip() for part in line.split("|")])
    return rows


def matches(pattern, text):
    return re.fullmatch(pattern.replace(".", r"\.").replace("*", ".*"), text) is not None


def frames(build, capture, keys):
    """For each frame: how often each (field, value) is there."""
    environment = dict(os.environ, ASSAY_KEYS=keys) if keys else dict(os.environ)
    command = [str(TSHARK), build, "-2", "-r", str(capture), "-T", "pdml"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    if run.returncode != 0 or b"issector bug" in run.stderr:
        raise SystemExit(f"{' '.join(command)}: {run.stderr.decode()}")
    result = []
    for packet in ElementTree.fromstring(run.stdout).iter("packet"):
        values = collections.Counter()
        for node in packet.iter():
            name = node.get("name")
            if not name or node.tag not in ("proto", "field") or name == "geninfo":
                continue
            value = node.get("show", "") if node.tag == "field" else ""
            values[(name, node.get("value", value) if value == "" else value)] += 1
        result.append(values)
    return result


def main():
    if not PLUGIN:
        print("no plugin that an ordinary tshark can load")
        return 77
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]] or list(captures())
    if not paths:
        print(f"no captures in {SHARED / 'captures'} and {SOURCE / 'pcaps'}")
        return 77
    defects = known_defects()
    passed = failed = 0
    with tempfile.NamedTemporaryFile("w", suffix=".keys") as keys:
        keys.write(KEYS)
        keys.flush()
        for path in paths:
            missing = []
            without = frames("none", path, None)
            for with_keys in (None, keys.name):
                shown = frames(PLUGIN, path, with_keys)
                if len(shown) != len(without):
                    missing.append(f"{len(without)} frames, {len(shown)} with the plugin")
                for number, (old, new) in enumerate(zip(without, shown), 1):
                    for (name, value), count in old.items():
                        if new[(name, value)] >= count:
                            continue
                        if not any(matches(row[0], path.name) and matches(row[1], name)
                                   and matches(row[2], value) for row in defects):
                            there = [v for n, v in new if n == name]
                            missing.append(f"frame {number}: {name} {value!r} is gone"
                                           f" ({count} without, {new[(name, value)]} with;"
                                           f" there: {there})")
            if missing:
                failed += 1
                print(f"FAILED: {path.name}")
                for line in missing[:20]:
                    print(f"  {line}")
                if len(missing) > 20:
                    print(f"  and {len(missing) - 20} more")
            else:
                passed += 1
                print(f"ok: {path.name}: every field value of {len(without)} frames")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
