#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys that a capture brings along in a packet's comment do what those of the table do, in the
carriers' frames and in any other."""

import pathlib
import shutil
import subprocess

import plugin
from plugin import SOURCE, WORK, check, check_equal, column, fields, skip, tshark

PCAPS = SOURCE / "pcaps"
ROWS = [row for row in (PCAPS / "keys").read_text().splitlines() if row.startswith('"')]
CAPTURES = ["pana-eap-psk", "pana-eap-gpsk-2", "pana-encrypted-avps", "pana-two-sessions",
            "eap-psk-radius", "eap-psk-eapol"]
COMPLAINT = "assay.comment_keys"
OFF = ["-o", "assay.comment_keys:FALSE"]
ROW = '"eap-psk","{}","00112233445566778899aabbccddeeff"'


def comment(rows, before="A headline"):
    return "\n".join([before] + [f"assay-keys: {row}" for row in rows])


def commented(name, *comments):
    """A copy of the capture with (frame, text) as comments."""
    copy = pathlib.Path(WORK.name) / f"{name}-{len(comments)}.pcapng"
    command = ["editcap"]
    for frame, text in comments:
        command += ["-a", f"{frame}:{text}"]
    subprocess.run([*command, PCAPS / f"{name}.pcapng", copy], check=True)
    return copy


def verdict_names():
    code, output, errors = tshark("-G", "fields")
    names = (line.split("\t")[2] for line in output.splitlines() if line.startswith("F\t"))
    return sorted({name for name in names if name.startswith(("pana.", "eap."))
                   and name.endswith(".status")})


def do_what_keys_do():
    names = verdict_names()
    for name in CAPTURES:
        original = PCAPS / f"{name}.pcapng"
        wanted = fields(original, *names, keys=ROWS)
        without = fields(original, *names)
        check(f"{name}: keys matter", wanted != without)
        copy = commented(name, (1, comment(ROWS)))
        check_equal(f"{name}: keys in the first frame", fields(copy, *names), wanted)
        check_equal(f"{name}: in two passes", fields(copy, *names, arguments=["-2"]), wanted)
        check_equal(f"{name}: with a display filter",
                    fields(copy, *names, arguments=["-Y", "frame.number > 1"]), wanted[1:])
        check_equal(f"{name}: unwanted", fields(copy, *names, arguments=OFF), without)
        check_equal(f"{name}: nothing is wrong with them", column(copy, COMPLAINT), [])


def wrong_rows():
    name = "pana-eap-psk"
    rows = ['"eap-psk","user1","0x"', *ROWS, '"no-type","a","00"']
    copy = commented(name, (1, comment(rows)), (3, comment(ROWS)))
    code, output, errors = tshark("-r", copy, "-V", "-Y", COMPLAINT)
    told = [line for line in output.splitlines() if "Keys in the packet's comment" in line]
    check("a wrong row is told at its frame, where it stands and what it is", any(
        "line 2 of the comment: key: wanted hexadecimal digits or text:..., found 'x'" in line
        for line in told), output[:2000])
    for arguments in ([], ["-2"]):
        check_equal(f"once {arguments}", len(column(copy, COMPLAINT, arguments=arguments)), 1)
    check_equal("the others are read", set(column(copy, "pana.auth.status")), {"verified"})
    check_equal("other text is none", column(commented(name, (1, "assay-keys\nkeys: x")),
                                             COMPLAINT), [])


def too_many():
    name = "pana-eap-psk"
    many = [ROW.format(f"user-{i}") for i in range(600)]
    copy = commented(name, (1, comment(many)), (2, comment(many)), (3, comment(ROWS)))
    frames = fields(copy, "frame.number", arguments=["-Y", COMPLAINT])
    check_equal("rows beyond 1000 are told once", frames, [[["2"]]])
    check_equal("and not read", set(column(copy, "pana.auth.status")), {"not checked: no key"})


if not shutil.which("editcap"):
    skip("no editcap")
    raise SystemExit(77)
plugin.main(do_what_keys_do, wrong_rows, too_many)
