/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wireshark 4.0 and 4.4 from one source: all that differs between them stands here. Every file of
 * this folder includes it before anything else of Wireshark.
 */
#ifndef ASSAY_DISSECTORS_COMPAT_H
#define ASSAY_DISSECTORS_COMPAT_H

#include <ws_version.h>

#include <wireshark.h>

#include <epan/packet.h>
#include <epan/packet_info.h>
#include <epan/proto.h>
#include <epan/proto_data.h>

#define WIRESHARK_AT_LEAST(major, minor)      \
	(WIRESHARK_VERSION_MAJOR > (major) || \
	 (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* What callbacks of Wireshark's return and preferences hold. */
#if WIRESHARK_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

#endif
