#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The ways by which a PANA or EAP message gets to the plugin, and what it must be indifferent to:
whether anybody looks, and how often."""

import plugin
from plugin import (avp, check, check_equal, column, exported, fields, from_paa, from_pac, ipv4, pana,
                    tshark, write)

PCI = pana(0, 1, 0, 0)
ALGORITHMS = avp(3, bytes([0, 0, 0, 7])) + avp(6, bytes([0, 0, 0, 2]))
PAR = pana(0xc000, 2, 0x1234, 7, ALGORITHMS)
PAN = pana(0x4000, 2, 0x1234, 7, ALGORITHMS)


def standard_port():
    path = write("port.pcap", [from_pac(PCI), from_paa(PAR), from_pac(PAN)])
    check_equal("port 716: phases", column(path, "pana.phase"), ["1", "2", "2"])
    check_equal("port 716: the flags are all there", column(path, "pana.flag_word"),
                ["0x0000", "0xc000", "0x4000"])
    check_equal("port 716: protocol column", column(path, "_ws.col.Protocol"), ["PANA"] * 3)


def off_port():
    """RFC 6345 and gateways use other ports; the reserved bit is what the built-in refuses."""
    odd = PAR[:5] + bytes([PAR[5] | 1]) + PAR[6:]
    path = write("off.pcap", [from_pac(PCI, 7160), from_paa(PAR, 7160), from_paa(odd, 7161)])
    check_equal("off port 716: recognised", column(path, "pana.flag_word"),
                ["0x0000", "0xc000", "0xc001"])
    code, output, errors = tshark("-r", path, "--disable-heuristic", "pana_udp", "-T", "fields",
                                  "-e", "pana.sid")
    check("off port 716: whoever disables the built-in heuristic disables ours",
          output.strip() == "", output)


def exported_pdus():
    number = plugin.tag(32, bytes([0, 0, 2, 204]))
    rows = [("dissector pana", exported(12, "pana", PAR)),
            ("heuristic pana_udp", exported(13, "pana_udp", PAR)),
            ("table udp.port 716", exported(14, "udp.port", PAR, number))]
    for what, packet in rows:
        path = write("exported.pcap", [packet], plugin.LINKTYPE_EXPORTED_PDU)
        check_equal(f"exported PDU, {what}: walked and tracked",
                    fields(path, "pana.sid", "pana.flag_word", "pana.phase"),
                    [[["0x00001234"], ["0xc000"], ["2"]]])
    path = write("exported.pcap", [exported(12, "eap", bytes([1, 7, 0, 5, 1]))],
                 plugin.LINKTYPE_EXPORTED_PDU)
    check_equal("exported PDU, dissector eap", fields(path, "eap.id", "eap.code"), [[["7"], ["1"]]])


def decode_as():
    path = write("as.pcap", [from_paa(PAR[:5] + bytes([PAR[5] | 1]) + PAR[6:], 9999)])
    code, output, errors = tshark("-r", path, "-d", "udp.port==9999,pana", "-T", "fields", "-e",
                                  "pana.sid", "-e", "pana.phase")
    check("decode as PANA", output.strip() == "0x00001234\t2", (output, errors))


def port_preference():
    """The built-in has a preference for its port, and its own dissector runs there: ours appends."""
    path = write("preference.pcap", [from_paa(PAR, 9999)])
    rows = fields(path, "pana.sid", "pana.flag_word", "pana.phase", "pana.integrity_algorithm",
                  arguments=["-o", "pana.udp.port:9999"])
    check_equal("the built-in's port preference: what it lacks is appended", rows,
                [[["0x00001234"], ["0xc000"], ["2"], ["7"]]])


def taken_by_another():
    """A registered port of another protocol, whose dissector takes whatever comes."""
    path = write("taken.pcap", [ipv4(17, plugin.PAA, plugin.PAC, plugin.udp(69, 69, PAR))])
    check_equal("on another protocol's port: recognised all the same",
                fields(path, "pana.sid", "pana.phase"), [[["0x00001234"], ["2"]]])


def quoted_in_icmp():
    """What an ICMP error quotes is shown and is not traffic."""
    quote = bytes([3, 3, 0, 0, 0, 0, 0, 0]) + from_pac(PAN)
    path = write("icmp.pcap", [from_pac(PCI), from_paa(PAR), ipv4(1, (10, 0, 0, 1), (10, 0, 0, 2),
                                                                 quote)])
    rows = fields(path, "pana.sid", "pana.phase")
    check_equal("quoted in an ICMP error: shown", rows[2][0], ["0x00001234"])
    check_equal("quoted in an ICMP error: not tracked", rows[2][1], [])


def indifferent():
    """Sessions hear each message once, in order, whoever looks and however often."""
    path = write("look.pcap", [from_pac(PCI), from_paa(PAR), from_paa(PAR), from_pac(PAN)])
    names = ("pana.phase", "pana.retransmission_of", "pana.response_to", "assay.rule")
    once = fields(path, *names)
    check_equal("two passes say what one says", fields(path, *names, arguments=["-2"]), once)
    check_equal("with all other fields shown, the same",
                fields(path, *names, arguments=["-2", "-Y", "frame.number > 0 && pana.avp.code"
                                                " || pana.type"]), once)
    check_equal("the answer is known on the second pass, to a request and to its retransmission",
                [row[0] for row in fields(path, "pana.response_in", arguments=["-2"])],
                [[], ["4"], ["4"], []])
    code, output, errors = tshark("-r", path, "-q", "-z", "expert")
    rules = {rule for row in once for rule in row[3]}
    check("nobody looks: expert infos are there all the same",
          all(rule in output for rule in rules), output)


def quiet():
    """Nothing on standard error, even where Wireshark calls a registration a bug and aborts."""
    path = write("quiet.pcap", [from_pac(PCI)])
    code, output, errors = tshark("-r", path, "-V",
                                  environment={"WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1"})
    check("starts without a complaint", code == 0 and errors == "", errors)
    code, output, errors = tshark("-G", "plugins")
    check("is listed as a dissector",
          any("assay.so" in line and "dissector" in line for line in output.splitlines()), output)


plugin.main(standard_port, off_port, exported_pdus, decode_as, port_preference,
            taken_by_another, quoted_in_icmp, indifferent, quiet)
