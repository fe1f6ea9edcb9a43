#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""In every capture of pcaps/, a check with the keys finds the rules that pcaps/expected lists and no
others; where nothing is wrong, every cryptographic check comes out as verified."""

import json
import os
import subprocess
import sys

ASSAY, TOP = os.environ["ASSAY"], os.environ["ASSAY_SOURCE_DIR"]
PCAPS = os.environ.get("ASSAY_PCAPS", os.path.join(TOP, "pcaps"))
if not ASSAY:
    print("the program is not built")
    sys.exit(77)


def check(name):
    path = os.path.join(PCAPS, name + ".pcapng")
    keys = os.path.join(PCAPS, "keys")
    return subprocess.run(
        [ASSAY, "check", "--keys", keys, "--format", "jsonl", path],
        capture_output=True,
        text=True,
    )


# Where nothing is wrong and yet not all can be verified: what there is instead.
EXCEPTIONS = {
    "pana-from-the-middle": {"not checked: authentication not in the capture"},
    "pana-no-key": set(),
}


def compare(done, name, wanted):
    """What is not as it should be."""
    told = [json.loads(line) for line in done.stdout.splitlines()]
    found = {line["rule"] for line in told if line["type"] == "note"}
    statuses = {line["status"] for line in told if line["type"] == "verdict"}
    yield from (f"not found: {rule}" for rule in sorted(wanted - found))
    yield from (f"not expected: {rule}" for rule in sorted(found - wanted))
    if not name.startswith("wrong-") and statuses != EXCEPTIONS.get(name, {"verified"}):
        yield f"verdicts: {', '.join(sorted(statuses)) or 'none'}"
    if done.returncode not in (0, 1) or done.stderr:
        yield f"exit code {done.returncode}: {done.stderr.strip()}"


passed = failed = 0
with open(os.path.join(PCAPS, "expected")) as table:
    rows = [line.strip().split(":") for line in table if not line.startswith("#")]
for name, wanted in rows:
    problems = list(compare(check(name), name, set(wanted.split())))
    for problem in problems:
        print(f"{name}: {problem}")
    passed, failed = passed + (not problems), failed + bool(problems)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
