#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The suites are themselves under test: every case passes the faultless reference role, and every
fault of a role is killed, with verdict fail, by a case that cites the broken rule. Prints the
fault × case matrix, a row per fault, and the score.

usage: faults.py [ROLE...]         (all roles that have a suite)

A fault that may survive stands in conformance/suites/surviving-faults.txt with the reason; one that
stands there and is killed is an error. Cases are played in the simulated world; besides, no case
passes where no target listens."""

import concurrent.futures
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

SOURCE = pathlib.Path(os.environ.get("ASSAY_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
SUITES = SOURCE / "conformance/suites"
SURVIVORS = SUITES / "surviving-faults.txt"
SUITE_SECONDS = 10  # that a whole suite may take
RUN_SECONDS = 60    # after which a run is given up
HAPPY = 0.8         # of the faults, as many leave the happy path passing
SHOWN = 3           # cases that are shown of a row
EXIT_DIFFERS, EXIT_TARGET = 1, 3

passed = failed = 0


def program():
    """The release build's, where there is one: what is measured here is the suites."""
    released = pathlib.Path(os.environ.get("ASSAY_PLUGIN_BUILD") or "/nonexistent") / "tools/assay"
    return str(released) if released.exists() else os.environ.get("ASSAY", "")


ASSAY = program()


def check(right, text, details=()):
    global passed, failed
    passed, failed = passed + bool(right), failed + (not right)
    if not right:
        print(f"FAILED  {text}")
        for line in details:
            print(f"        {line}")
    return right


def assay(*arguments):
    environment = dict(os.environ, ASSAY_SUITES=str(SUITES))
    return subprocess.run([ASSAY, *arguments], capture_output=True, text=True, errors="replace",
                          env=environment, timeout=RUN_SECONDS, check=False)


def table(*arguments):
    return [line.split("\t") for line in assay(*arguments).stdout.splitlines()]


class Run:
    """A run of a suite: verdicts and rules by case, in the order of the suite."""

    def __init__(self, suite, *arguments):
        began = time.monotonic()
        self.code, self.error, self.cases, self.whole = None, "", [], False
        try:
            done = assay("test", suite, "--report", "jsonl", *arguments)
            self.code, self.error = done.returncode, done.stderr.strip()
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            self.cases = [line for line in lines if line["type"] == "case"]
            self.whole = bool(lines) and lines[-1]["type"] == "totals"
        except subprocess.TimeoutExpired:
            self.error = f"not over after {RUN_SECONDS} s"
        except ValueError as error:
            self.error = f"no JSON Lines: {error}"
        self.clock = time.monotonic() - began

    def names(self, *verdicts):
        return [case["case"] for case in self.cases if case["verdict"] in verdicts]

    def killers(self, rule, sound):
        """Cases that cite the rule and fail, of those that pass the faultless role."""
        return [case["case"] for case in self.cases
                if case["verdict"] == "fail" and rule in case["rules"] and case["case"] in sound]

    def spared(self, name):
        """It went its way to the end, whatever walks and sessions say of what they saw."""
        case = next((case for case in self.cases if case["case"] == name), {})
        return case.get("verdict") == "pass" or "is broken: " in case.get("reason", "")

    def ended(self):
        """It came to its end by itself, and no sanitizer has found anything."""
        return self.whole and self.code in (0, EXIT_DIFFERS) and not self.error


def known_survivors():
    """Lines "ROLE FAULT REASON…"."""
    known = {}
    for number, line in enumerate(SURVIVORS.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(None, 2)
        check(len(parts) == 3, f"{SURVIVORS.name}:{number}: wanted ROLE FAULT REASON")
        if len(parts) == 3:
            known[tuple(parts[:2])] = parts[2]
    return known


def faultless(role):
    """The suite passes. The cases that do, and the names of its first and last one."""
    run = Run(role, "--against", role)
    wrong = [case for case in run.cases if case["verdict"] != "pass"]
    lines = [f"{case['verdict']} {case['case']}: {case.get('reason', '')}" for case in wrong]
    check(run.code == 0 and run.cases and not wrong, f"{role}: the faultless role passes "
          f"({len(wrong)} of {len(run.cases)} cases do not; exit code {run.code} {run.error})", lines)
    check(run.clock < SUITE_SECONDS, f"{role}: the suite takes {run.clock:.1f} s")
    names = [case["case"] for case in run.cases] or [""]
    cases, seconds = len(run.cases), run.clock
    print(f"{role}: {cases} cases in {seconds:.1f} s, {len(wrong)} do not pass the faultless role")
    return set(run.names("pass")), (names[0], names[-1])


def against_fault(role, fault, rule, sound, happy):
    """First the cases that cite the rule, and the happy path; then, if none fails, all: to tell who
    would have found it."""
    select = " or ".join([rule, *(f"={name}" for name in happy if name)])
    run = Run(role, "--against", role, "--fault", fault, "-k", select)
    run.killed_by, run.elsewhere = run.killers(rule, sound), []
    if run.ended() and not run.killed_by:
        everything = Run(role, "--against", role, "--fault", fault)
        run.elsewhere = [f"{case['case']} ({case['verdict']})" for case in everything.cases
                         if case["verdict"] != "pass" and case["case"] in sound]
    run.citing = [case["case"] for case in run.cases if rule in case["rules"]]
    run.spares = all(run.spared(name) for name in happy)
    return run


def row(fault, rule, run):
    killers = run.killed_by
    shown = " ".join(killers[:SHOWN]) + (" …" if len(killers) > SHOWN else "")
    print(f"  {'killed' if killers else 'ALIVE '} {'happy' if run.spares else '     '} "
          f"{len(killers):3}/{len(run.citing):<3} {fault}  {rule}  {shown}")
    if run.elsewhere:
        print(f"           told by {len(run.elsewhere)}: {'; '.join(run.elsewhere[:SHOWN])}")


def judge(role, fault, run, known):
    killed, reason = bool(run.killed_by), known.pop((role, fault), None)
    check(run.ended(), f"{role} --fault {fault}: exit code {run.code} {run.error}")
    if reason:
        check(not killed, f"{role} --fault {fault} is killed, yet {SURVIVORS.name} has it")
    else:
        check(killed, f"{role} --fault {fault} survives every case that cites its rule")


def matrix(role, faults, known, pool):
    """Prints it. How many faults there are, are killed, and spare the happy path."""
    sound, happy = faultless(role)
    runs = [pool.submit(against_fault, role, fault, rule, sound, happy) for fault, rule in faults]
    print(f"{role}: happy: the happy path goes to its end; cases that cite the rule: failed/all")
    killed_count = spared = 0
    for (fault, rule), future in zip(faults, runs):
        run = future.result()
        row(fault, rule, run)
        judge(role, fault, run, known)
        killed_count += bool(run.killed_by)
        spared += run.spares
    print(f"{role}: score {killed_count}/{len(faults)} killed; "
          f"{spared} leave the happy path passing")
    check(spared >= HAPPY * len(faults),
          f"{role}: {spared} of {len(faults)} faults leave the happy path passing")
    return len(faults), killed_count, spared


def silent_port():
    """A port of loopback at which nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def nobody_there(role):
    """Without a target no case passes, and the exit code says so within seconds."""
    scheme = "radius" if role.startswith("eap.") else "udp"
    run = Run(role, "--target", f"{scheme}://127.0.0.1:{silent_port()}", "--trigger", "true")
    return check(run.code == EXIT_TARGET and not run.names("pass") and run.clock < SUITE_SECONDS,
                 f"{role}: nobody listens: exit code {run.code}, {len(run.names('pass'))} pass, "
                 f"{run.clock:.1f} s {run.error}")


def roles_with_suite(wanted):
    roles = [columns[1] for columns in table("list", "roles")]
    return [role for role in roles
            if (SUITES / f"{role}.case").exists() and (not wanted or role in wanted)]


def faults_of(role):
    found = []
    for columns in table("list", "faults"):
        if columns[0] == role:
            found.append((columns[1], re.match(r"[^ :]+", columns[2]).group()))
    return found


def main():
    if not ASSAY:
        print("no assay program")
        return 77
    known = known_survivors()
    roles = roles_with_suite(sys.argv[1:])
    check(roles, "no role has a suite")
    totals = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for role in roles:
            totals = [sum(pair) for pair in zip(totals, matrix(role, faults_of(role), known, pool))]
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(roles) or 1) as pool:
        list(pool.map(nobody_there, roles))
    for role, fault in known:
        check(role not in roles, f"{SURVIVORS.name} has {role} {fault}, which is no fault")
    count, killed, spared = totals
    print(f"score: {killed}/{count} faults killed, {count - killed} survive; "
          f"{spared} leave the happy path passing")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
