/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin's entry points, and the order in which its parts register. */
#include "assay.h"
#include "painter.h"

#include <ws_symbol_export.h>

/* The version of the plugin, and of the Wireshark that it was compiled for. */
WS_DLL_PUBLIC_DEF const char plugin_version[] = ASSAY_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

static void register_protocols(void)
{
	assay_register_protocol();
	pana_register();
	eap_register();
}

static void register_hooks(void)
{
	pana_hook();
	eap_hook();
}

void assay_register(void)
{
	static proto_plugin plugin = {register_protocols, register_hooks};

	proto_register_plugin(&plugin);
}

void plugin_register(void)
{
	assay_register();
}

uint32_t plugin_describe(void)
{
	return 1; /* WS_PLUGIN_DESC_DISSECTOR */
}
