#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The EAP roles beside software that others wrote: eap.peer before Debian's hostapd as RADIUS
server, Debian's eapol_test before eap.server. Both sides have to end with the same keys, and what
was recorded on the way has to pass `assay check`. Then both are tested themselves: each case that
they fail is in a baseline of conformance/suites. Loopback alone, as whoever runs it."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ASSAY = os.environ.get("ASSAY", "")
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
HOSTAPD = shutil.which("hostapd", path=PATH)
EAPOL_TEST = shutil.which("eapol_test", path=PATH)
SUITES = os.path.join(os.environ.get("ASSAY_SOURCE_DIR", "."), "conformance", "suites")
# Where UDP is taken for RADIUS in captures. hostapd is at all addresses: it gets a port at which
# nothing else of ours is, and waits for another run of this test to leave it.
HOSTAPD_PORT = 1645
PORT = 1812
SECRET = "testing123"
PSK = ("psk.user@lab.example", "SecretPassphrase")
GPSK = ("gpsk.user@lab.example", "0123456789abcdef0123456789abcdef")
BOTH = ("both.user@lab.example", PSK[1])  # of suite 1 alone: RFC 5433 2, PL >= KS
METHODS = {"psk": PSK, "gpsk": GPSK, "gpsk-1": GPSK, "gpsk-2": GPSK}
EACH = ("psk", "gpsk-1", "gpsk-2")
PATIENCE = 10  # seconds, for what takes milliseconds

for what, present in (
    ("program", os.access(ASSAY, os.X_OK)),
    ("hostapd (Debian package hostapd)", HOSTAPD),
    ("eapol_test (Debian package eapoltest)", EAPOL_TEST),
):
    if not present:
        print(f"skipped: no {what}")
        sys.exit(77)

folder = tempfile.TemporaryDirectory()
running = []
passed = failed = 0


# ---- files, programs, judgements ----


def path(name):
    return os.path.join(folder.name, name)


def write(name, text):
    with open(path(name), "w", encoding="ascii") as file:
        file.write(text)
    return path(name)


def read(name):
    with open(path(name), encoding="utf-8", errors="replace") as file:
        return file.read()


def judge(what, right, *shown):
    global passed, failed
    if right:
        passed += 1
        return True
    failed += 1
    print(f"FAILED: {what}")
    for name in shown:
        print(f"---- {name}, its end ----\n" + "\n".join(read(name).splitlines()[-25:]))
    return False


class Program:
    """A program that runs beside this one; all it prints goes to the file `log`."""

    def __init__(self, log, *command):
        self.log = log
        with open(path(log), "wb") as file:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.STDOUT
            )
        running.append(self)

    def says(self, words, count=1):
        """Waits until it has said so `count` times; False if it does not."""
        end = time.monotonic() + PATIENCE
        while read(self.log).count(words) < count:
            if time.monotonic() > end or self.process.poll() is not None:
                return read(self.log).count(words) >= count
            time.sleep(0.02)
        return True

    def obey(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def end(self):
        running.remove(self)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdin.close()
        return code


def run(log, *command):
    """Runs a program to its end; its exit code."""
    with open(path(log), "wb") as file:
        try:
            return subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, timeout=60
            ).returncode
        except subprocess.TimeoutExpired:
            return None


def own_address():
    """One of loopback's addresses, at whose ports nobody else is."""
    return f"127.{random.randint(64, 127)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


# ---- keys and captures ----


def key_file(name, psk=PSK[1], gpsk=GPSK[1]):
    return write(
        name,
        f'"radius","*","text:{SECRET}"\n'
        f'"eap-psk","{PSK[0]}","text:{psk}"\n'
        f'"eap-gpsk","{GPSK[0]}","text:{gpsk}"\n',
    )


def keys_told(log, label):
    """Keys of 64 octets in a log of hostapd or eapol_test, in order."""
    found = re.findall(rf"{label} - hexdump\(len=64\): ([0-9a-f ]+)", read(log))
    return [key.replace(" ", "") for key in found]


def keys_derived(capture):
    run("keys.log", ASSAY, "keys", path(capture), "--keys", path("keys"))
    return re.findall(r'^"msk","[^"]*","([0-9a-f]{128})"$', read("keys.log"), re.M)


def check(what, capture, wrong_keys=0):
    """All that is in the capture is verified, and our side has broken no MUST; nor has the peer."""
    code = run("check.log", ASSAY, "check", path(capture), "--keys", path("keys"))
    told = re.search(
        r"(\d+) verified, (\d+) wrong key, (\d+) forged or damaged, (\d+) not checked; "
        r"rules broken: (\d+) MUST",
        read("check.log"),
    )
    verified, wrong, *others = map(int, told.groups()) if told else (0,) * 5
    right = code == 0 and not any(others) and wrong == wrong_keys and (verified or wrong)
    judge(f"{what}: the capture passes", right, "check.log")


# ---- hostapd, an EAP server ----


def start_hostapd():
    users = write(
        "users",
        f'"{PSK[0]}" PSK "{PSK[1]}"\n'
        f'"{GPSK[0]}" GPSK "{GPSK[1]}"\n'
        f'"{BOTH[0]}" PSK,GPSK "{BOTH[1]}"\n',
    )
    clients = write("clients", f"127.0.0.0/8 {SECRET}\n")
    configuration = write(
        "hostapd.conf",
        f"driver=none\ninterface=none0\nlogger_stdout=-1\nlogger_stdout_level=0\n"
        f"eap_server=1\neap_user_file={users}\nserver_id=server@lab.example\n"
        f"radius_server_clients={clients}\nradius_server_auth_port={HOSTAPD_PORT}\n"
        f"eap_server_erp=1\nerp_domain=lab.example\n",
    )
    end = time.monotonic() + 30
    while True:
        program = Program("hostapd.log", HOSTAPD, "-ddK", configuration)
        if program.says("AP-ENABLED"):
            return program
        program.end()
        if "bind: Address already in use" not in read("hostapd.log"):
            print(read("hostapd.log"))
            raise RuntimeError("hostapd does not start")
        if time.monotonic() > end:
            print(f"skipped: something else is at UDP port {HOSTAPD_PORT}")
            sys.exit(77)
        time.sleep(0.5)


def peer(method, keys, capture, *more):
    return (
        *(ASSAY, "serve", "eap.peer", "--target", f"radius://127.0.0.1:{HOSTAPD_PORT}"),
        *("--keys", path(keys), "--capture", path(capture), "--verbose"),
        *("--set", f"identity={METHODS[method][0]}", "--set", f"methods={method}"),
        *more,
    )


def before_hostapd(hostapd):
    for method in EACH:
        capture = f"peer-{method}.pcapng"
        code = run("peer.log", *peer(method, "keys", capture))
        right = code == 0 and "MSK as the server's" in read("peer.log")
        judge(f"hostapd authenticates us by {method}", right, "peer.log", "hostapd.log")
        told = keys_told("hostapd.log", "EAP-G?PSK: MSK")[-1:]
        judge(f"hostapd, {method}: one MSK", told and told == keys_derived(capture), "keys.log")
        check(f"hostapd, {method}", capture)
    for method in EACH:
        capture = f"peer-wrong-{method}.pcapng"
        code = run("peer.log", *peer(method, "wrong-keys", capture))
        right = code == 1 and " refused " in read("peer.log")
        judge(f"hostapd refuses another key, {method}", right, "peer.log", "hostapd.log")
        check(f"hostapd, {method}, another key", capture, wrong_keys=1)
    erp(hostapd)


def erp(hostapd):
    """A full authentication, and two that spare it (RFC 6696)."""
    told = len(keys_told("hostapd.log", "ERP rMSK"))
    client = Program("erp.log", *peer("psk", "keys", "erp.pcapng", "--set", "erp=yes"))
    for count in (1, 2, 3):
        if not judge(
            f"hostapd, ERP: authenticated, {count}",
            client.says("MSK as the server's", count),
            *("erp.log", hostapd.log),
        ):
            break
        client.obey("reauth" if count < 3 else "quit")
    client.process.wait(PATIENCE)
    judge("hostapd, ERP: ended as wanted", client.end() == 0, "erp.log")
    judge("hostapd, ERP: two Finishes", read("erp.log").count("Finish, Re-auth") == 2, "erp.log")
    rmsks = keys_told("hostapd.log", "ERP rMSK")[told:]
    derived = keys_derived("erp.pcapng")
    judge("hostapd, ERP: one rMSK each time", len(rmsks) == 2 and rmsks == derived[1:], "keys.log")
    check("hostapd, ERP", "erp.pcapng")


# ---- eapol_test, an EAP peer ----


def serve(log, capture):
    address = own_address()
    program = Program(
        log,
        *(ASSAY, "serve", "eap.server", "--listen", f"radius://{address}:{PORT}"),
        *("--keys", path("keys"), "--capture", path(capture), "--verbose"),
    )
    judge("eap.server serves", program.says("eap.server at radius://"), log)
    return program, address


def network(method, key=None, file="network"):
    identity, right = METHODS[method]
    name, _, suite = method.partition("-")
    lines = [
        "network={",
        "\tkey_mgmt=IEEE8021X",
        "\teapol_flags=0",
        f"\teap={name.upper()}",
        f'\tidentity="{identity}"',
        f'\tpassword="{key or right}"',
        f'\tphase1="cipher={suite}"' if suite else "",
        "}",
    ]
    return write(file, "\n".join(lines) + "\n")


def eapol_test(address, log, configuration, *more, secret=SECRET):
    return run(
        log,
        *(EAPOL_TEST, "-c", configuration, "-a", address, "-p", str(PORT), "-s", secret),
        *more,
    )


def before_eapol_test():
    for method in EACH:
        capture = f"server-{method}.pcapng"
        server, address = serve("server.log", capture)
        code = eapol_test(address, "eapol.log", network(method), "-r1")  # and once more
        right = code == 0 and read("eapol.log").endswith("SUCCESS\n")
        judge(f"eapol_test: SUCCESS, {method}", right, "eapol.log", "server.log")
        right = "MPPE keys OK: 2  mismatch: 0" in read("eapol.log")
        judge(f"eapol_test: MPPE keys OK, {method}", right, "eapol.log")
        right = read("server.log").count("authenticated  " + METHODS[method][0]) == 2
        judge(f"we authenticate eapol_test, {method}", right, "server.log")
        judge(f"the server ends, {method}", server.end() == 0, "server.log")
        told = keys_told("eapol.log", "EAP-G?PSK: MSK")
        right = len(told) == 2 and told == keys_derived(capture)
        judge(f"eapol_test, {method}: one MSK each time", right, "keys.log", "eapol.log")
        check(f"eapol_test, {method}", capture)


def refuse_eapol_test():
    # RFC 4764 5.2: what has another MAC_P is silently discarded. RFC 5433 10: it gets GPSK-Fail.
    said = {"psk": "MAC_P is wrong", "gpsk-1": "GPSK-Fail", "gpsk-2": "GPSK-Fail"}
    for method in EACH:
        capture = f"server-wrong-{method}.pcapng"
        server, address = serve("server.log", capture)
        other = METHODS[method][1][::-1]
        code = eapol_test(address, "eapol.log", network(method, other), "-t2")
        right = code != 0 and read("eapol.log").endswith("FAILURE\n")
        judge(f"another key, {method}: eapol_test fails", right, "eapol.log")
        right = said[method] in read("server.log") and "authenticated" not in read("server.log")
        judge(f"another key, {method}: not authenticated", right, "server.log")
        server.end()
        check(f"eapol_test, {method}, another key", capture, wrong_keys=1)
    server, address = serve("server.log", "server-secret.pcapng")
    code = eapol_test(address, "eapol.log", network("psk"), "-t2", secret="another")
    judge("another secret: eapol_test fails", code not in (0, None), "eapol.log")
    right = "no Message-Authenticator that is right" in read("server.log")
    judge("another secret: discarded", right and " sent " not in read("server.log"), "server.log")
    server.end()


# ---- both under test ----


def test(name, suite, target, keys, profile, *more):
    """Starts `assay test`; on loopback a tenth of the time is enough."""
    log = f"test-{suite}-{name}.log"
    baseline = "hostapd" if suite == "eap.server" else "eapol_test"
    write(f"{name}.{suite}.profile", profile)
    return Program(
        log,
        *(ASSAY, "test", os.path.join(SUITES, f"{suite}.case"), "--target", target),
        *("--keys", path(keys), "--device", path(f"{name}.{suite}.profile"), "--timescale", "0.1"),
        *("--baseline", os.path.join(SUITES, f"baseline-{baseline}.txt"), "--quiet"),
        *more,
    )


def test_keys(name, kind, user):
    return write(name, f'"radius","*","text:{SECRET}"\n"{kind}","{user[0]}","text:{user[1]}"\n')


def start_tests():
    """All of them at once: most of their time goes by in silence."""
    test_keys("keys-psk", "eap-psk", PSK)
    test_keys("keys-gpsk", "eap-gpsk", GPSK)
    both = test_keys("keys-both", "eap-psk", BOTH)
    with open(both, "a", encoding="ascii") as file:
        file.write(f'"eap-gpsk","{BOTH[0]}","text:{BOTH[1]}"\n')
    at = f"radius://127.0.0.1:{HOSTAPD_PORT}"
    suites = "gpsk,gpsk-1,gpsk-2"
    naks = ("--select", "nak-answered or sent-after-nak")
    tests = [
        test("psk", "eap.server", at, "keys-psk", "eap = psk\nerp = yes\n"),
        test("gpsk", "eap.server", at, "keys-gpsk", f"eap = {suites}\n"),
        test("both", "eap.server", at, "keys-both", "eap = psk,gpsk-1\n", *naks),
    ]
    for name, method, claims in (("psk", "psk", "psk"), ("gpsk", "gpsk", suites)):
        address = own_address()
        file = network(method, file=f"network-{name}")
        command = (
            f'test "$ASSAY_TRIGGER" = start || exit 77; '
            f"exec {EAPOL_TEST} -c {file} -a {address} -p {PORT} -s {SECRET} -t 20 >/dev/null 2>&1"
        )
        at = f"radius://{address}:{PORT}"
        more = ("--trigger", command)
        tests.append(test(name, "eap.peer", at, f"keys-{name}", f"eap = {claims}\n", *more))
    return tests


def end_tests(tests):
    for program in tests:
        try:
            code = program.process.wait(120)
        except subprocess.TimeoutExpired:
            code = None
        told = read(program.log).strip().splitlines()
        judge(f"{program.log[:-4]}: as the baseline says", code == 0, program.log)
        print(f"{program.log[5:-4]}: {told[-1] if told else 'nothing told'}")
        program.end()


def main():
    key_file("keys")
    key_file("wrong-keys", psk=PSK[1][::-1], gpsk=GPSK[1][::-1])
    try:
        hostapd = start_hostapd()
        before_hostapd(hostapd)
        tests = start_tests()
        before_eapol_test()
        refuse_eapol_test()
        end_tests(tests)
        judge("hostapd ends", hostapd.end() == 0, "hostapd.log")
    finally:
        for program in list(running):
            program.end()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
