#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two readers, one truth: frame by frame, tshark with the plugin and `assay check` report the same
broken rules and the same cryptographic verdicts. Every capture is read with its keys, without any,
and with wrong ones, and once more with its keys in damaged copies; those of ours that hold EAP also
with the keys in a comment. (The reader soak_dissect compares the two in one process, over many
more.)"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["ASSAY_SOURCE_DIR"])
SHARED = pathlib.Path(os.environ["ASSAY_SHARED_DIR"])
ASSAY = os.environ.get("ASSAY", "")
PLUGIN_BUILD = os.environ.get("ASSAY_PLUGIN_BUILD", "")
SOAK = pathlib.Path(os.environ.get("ASSAY_BUILD_DIR", "")) / "conformance/robustness/soak_check"
TSHARK = SOURCE / "tools/tshark-with-plugin"
COPIES = 20
SHOWN = 5  # differences that are shown of one capture
STATEMENTS = {"pana.encr_encap.status"}  # told by sessions in words, but no verdicts

# Captures whose damaged copies the two may read differently below our protocols: of IPv6 fragments,
# Wireshark takes the protocol from the last, RFC 8200 section 4.5 from the first.
NOT_DAMAGED = {"pana-ipv6-fragments.pcapng"}


def tshark(arguments, keys=None):
    environment = dict(os.environ, ASSAY_KEYS=str(keys) if keys else "")
    result = subprocess.run([TSHARK, PLUGIN_BUILD, *arguments], env=environment, text=True,
                            capture_output=True, check=False, errors="replace")
    if result.returncode != 0:
        raise RuntimeError(f"tshark {' '.join(map(str, arguments))}: {result.stderr}")
    return result.stdout


def verdict_fields():
    """The fields that hold a verdict, in words."""
    lines = (line.split("\t") for line in tshark(["-G", "fields"]).splitlines())
    return [columns[2] for columns in lines
            if columns[0] == "F" and columns[3] == "FT_STRING"
            and re.fullmatch(r"(pana|eap)\..*\.status", columns[2])
            and columns[2] not in STATEMENTS]


def told_by_tshark(capture, keys, fields):
    """Of each frame: the rules and the verdicts."""
    arguments = ["-n", "-r", capture, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"]
    for field in ["frame.number", "assay.rule", *fields]:
        arguments += ["-e", field]
    told = {}
    for line in tshark(arguments, keys).splitlines():
        number, rules, *values = line.split("\t")
        verdicts = [f"{field}: {verdict}" for field, column in zip(fields, values)
                    for verdict in column.split("|") if verdict]
        if rules or verdicts:
            told[int(number)] = (sorted(set(rules.split("|")) - {""}), sorted(verdicts))
    return told


def told_by_check(capture, keys):
    command = [ASSAY, "check", str(capture), "--format", "jsonl"]
    command += ["--keys", str(keys)] if keys else []
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode not in (0, 1, 2):
        raise RuntimeError(f"{' '.join(command)}: {result.returncode}: {result.stderr!r}")
    told = {}
    for line in result.stdout.splitlines():
        said = json.loads(line)
        if said["type"] not in ("note", "verdict"):
            continue
        rules, verdicts = told.setdefault(said["frame"], (set(), []))
        if said["type"] == "note":
            rules.add(said["rule"])
        else:
            verdicts.append(f"{said['field']}: {said['status']}")
    return {frame: (sorted(rules), sorted(verdicts)) for frame, (rules, verdicts) in told.items()}


def differences(capture, keys, fields):
    of_tshark, of_check = told_by_tshark(capture, keys, fields), told_by_check(capture, keys)
    nothing = ([], [])
    for frame in sorted(of_tshark.keys() | of_check.keys()):
        one, other = of_tshark.get(frame, nothing), of_check.get(frame, nothing)
        if one != other:
            yield (f"frame {frame}\n"
                   f"    tshark      {', '.join(one[0] + one[1])}\n"
                   f"    assay check {', '.join(other[0] + other[1])}")


def verdict_count(capture, keys):
    return sum(len(verdicts) for _, verdicts in told_by_check(capture, keys).values())


def wrong_key(row):
    """The row with another key: its first octet differs."""
    def change(match):
        first = match.group(2)
        return match.group(1) + ("1" if first != "1" else "2")
    return re.sub(r'(,"(?:text:)?)([^"])(?=[^"]*"\s*$)', change, row)


def write_keys(folder):
    files = [SOURCE / "conformance/robustness/captures.keys", SOURCE / "pcaps/keys",
             *sorted(SOURCE.glob("pcaps/*.keys"))]
    rows = [row for file in files if file.is_file() for row in file.read_text().splitlines()]
    right, wrong = folder / "right", folder / "wrong"
    right.write_text("\n".join(rows) + "\n")
    wrong.write_text("\n".join(map(wrong_key, rows)) + "\n")
    return right, wrong


def damaged_copies(capture, folder):
    """A capture of the copies, each with addresses of its own; None if it cannot be made."""
    file = folder / f"damaged-{capture.stem}.pcap"
    result = subprocess.run([SOAK, "--every=0", f"--copies={COPIES}", f"--save={file}", capture],
                            stdout=subprocess.DEVNULL, check=False)
    return file if result.returncode == 0 else None


def commented_copy(capture, keys, folder):
    """A copy with a wrong row and all keys in a comment of its first frame, or None."""
    file = folder / f"commented-{capture.stem}.pcapng"
    rows = ['"eap-psk"', *(row for row in keys.read_text().splitlines() if row.startswith('"'))]
    comment = "\n".join(["1:keys", *(f"assay-keys: {row}" for row in rows)])
    ours = capture.parent == SOURCE / "pcaps" and "eap" in capture.stem
    if not ours or not shutil.which("editcap"):
        return None
    result = subprocess.run(["editcap", "-a", comment, capture, file], check=False)
    return file if result.returncode == 0 else None


def captures():
    found = []
    for folder in (SHARED / "captures", SOURCE / "pcaps"):
        here = sorted(file for pattern in ("*.pcap", "*.pcapng") for file in folder.glob(pattern))
        if not here:
            print(f"skipped: no captures in {folder}")
        found += here
    return found


def compare(job):
    name, capture, keys, fields = job
    try:
        different = list(differences(capture, keys, fields))
    except RuntimeError as error:
        different = [str(error)]
    return name, different


def main():
    if not ASSAY or not PLUGIN_BUILD or not shutil.which("tshark"):
        print("skipped: wanted the program assay, a plugin that tshark can load, and tshark")
        return 77
    files = captures()
    if not files:
        return 77
    fields = verdict_fields()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        right, wrong = write_keys(folder)
        jobs = []
        for file in files:
            for name, keys in (("with keys", right), ("without keys", None), ("wrong keys", wrong)):
                jobs.append((f"{file.name}, {name}", file, keys, fields))
            wanted = SOAK.exists() and file.name not in NOT_DAMAGED
            copies = damaged_copies(file, folder) if wanted else None
            if copies:
                jobs.append((f"{file.name}, {COPIES} damaged copies", copies, right, fields))
            copy = commented_copy(file, right, folder)
            if copy:
                jobs.append((f"{file.name}, keys in a comment", copy, None, fields))
        if not SOAK.exists():
            print(f"skipped: damaged copies, for {SOAK} is not there")
        passed = failed = 0
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for name, different in pool.map(compare, jobs):
                passed += not different
                failed += bool(different)
                if different:
                    print(f"failed: {name}: {len(different)} frames differ")
                for difference in different[:SHOWN]:
                    print(f"  {difference}")
        verdicts = sum(verdict_count(file, right) for file in files)
    print(f"{len(files)} captures, {len(fields)} fields of verdicts, {verdicts} verdicts with keys")
    if not fields or not verdicts:
        print("failed: no verdicts to compare")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
