#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin says of cryptographic checks, with the right key, a wrong one and none, on traffic
of independent implementations. Expected keys: the captures' README."""

import plugin
from plugin import capture, check, check_equal, column, fields, tshark

PSK = '"eap-psk","{}","{}"'
GPSK = '"eap-gpsk","{}","{}"'
RIGHT = [PSK.format("user1", "text:SecretPassphrase")]
WRONG = [PSK.format("user1", "text:SecretPassphrasf")]
SHOW = ["-o", "assay.show_secrets:TRUE"]
AUTH_KEY = "19ef102fad32a90720b6805280a4b2bb441dc5cd"


def pana():
    path = capture("pana-eap-psk.pcapng")
    if not path:
        return
    for word, keys in (("verified", RIGHT), ("wrong key", WRONG), ("not checked: no key", None)):
        check_equal(f"PANA: AUTH is said to be: {word}",
                    column(path, "pana.auth.status", keys=keys), [word] * 8)
        check_equal(f"PANA: MAC_P is said to be: {word}",
                    column(path, "eap.psk.mac_p.status", keys=keys), [word] * 2)
        check_equal(f"PANA: MAC_S is said to be: {word}",
                    column(path, "eap.psk.mac_s.status", keys=keys), [word] * 2)
        check_equal(f"PANA: the PCHANNEL tags are said to be: {word}",
                    column(path, "eap.psk.pchannel.status", keys=keys), [word] * 4)
    for word, keys in (("the right key", RIGHT), ("a wrong key, which is ours,", WRONG)):
        check_equal(f"PANA: with {word} the capture breaks the same rules",
                    sorted(column(path, "assay.rule", keys=keys)),
                    ["rfc5191-cause-defined", "rfc5191-nonce-random"])
    check_equal("PANA: both PCHANNELs are opened", column(path, "eap.psk.pchannel.r", keys=RIGHT),
                ["2"] * 4)
    check_equal("PANA: PANA_AUTH_KEY, when secrets are asked for",
                column(path, "pana.auth_key", keys=RIGHT, arguments=SHOW), [AUTH_KEY])
    code, output, errors = tshark("-r", path, "-V", keys=RIGHT)
    check("PANA: no key is shown unless secrets are asked for",
          AUTH_KEY not in output and "2c8bc173" not in output)
    check("PANA: but that there is one", "PANA_AUTH_KEY: 20 octets" in output)
    check_equal("PANA: one answer in eight has no request but its own",
                column(path, "pana.response_to"), ["2", "4", "8", "12", "16", "18", "20", "22"])
    info = column(path, "_ws.col.Info")
    check_equal("PANA: the Info column names both messages", info[7],
                "PANA-Auth-Request | EAP Request, EAP-PSK, first message")
    code, output, errors = tshark("-r", path, "-x", "-Y", "frame.number == 12", keys=RIGHT)
    check("PANA: what was decrypted is a data source", "Decrypted EAP-PSK PCHANNEL (1 byte" in output,
          output)


def eap(name, row, right, wrong, field, per_session, msks):
    path = capture(name)
    if not path:
        return
    for word, rows in (("verified", [row.format(*right)]), ("wrong key", [row.format(*wrong)]),
                       ("not checked: no key", None)):
        said = [value for values in fields(path, *field, keys=rows)
                for value in values if value]
        check_equal(f"{name}: every check says: {word}", said, [[word]] * per_session * 2)
    shown = column(path, "eap.key.msk", keys=[row.format(*right)], arguments=SHOW)
    check_equal(f"{name}: MSK of both sessions", [key[:8] for key in shown], msks)


def eap_psk():
    eap("eap-psk.pcapng", PSK, ("psk.user@lab.example", "00112233445566778899aabbccddeeff"),
        ("*", "00112233445566778899aabbccddeefe"),
        ("eap.psk.mac_p.status", "eap.psk.mac_s.status", "eap.psk.pchannel.status"), 4,
        ["f02c0705", "8501fa62"])


def eap_gpsk():
    eap("eap-gpsk.pcapng", GPSK,
        ("gpsk.user@lab.example", "text:0123456789abcdef0123456789abcdef"),
        ("*", "text:1123456789abcdef0123456789abcdef"), ("eap.gpsk.payload_mac.status",), 3,
        ["6bb9f899", "8aeccbf7"])


def key_table():
    path = capture("pana-eap-psk.pcapng")
    if not path:
        return
    row = 'uat:assay_keys:"eap-psk","user1","text:SecretPassphrase"'
    check_equal("a key given by -o", column(path, "pana.auth.status", arguments=["-o", row]),
                ["verified"] * 8)
    for bad, complaint in (('"eap-psk","user1","xyz"', "key"), ('"eap-pks","user1","00"', "eap-pks")):
        code, output, errors = tshark("-r", path, "-o", "uat:assay_keys:" + bad)
        check(f"a bad row is refused with a reason: {bad}", code != 0 and complaint in errors,
              (code, errors))
    rows = ["# type, identity, key", ""] + RIGHT
    check_equal("a key file with comments", column(path, "pana.auth.status", keys=rows),
                ["verified"] * 8)


plugin.main(pana, eap_psk, eap_gpsk, key_table)
