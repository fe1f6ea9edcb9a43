/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eap_faults.h"

#include <string.h>

#include "eap_role.h"

const struct fault eap_peer_faults[] = {EAP_PEER_FAULTS(FAULT_ROW)};
const struct fault eap_server_faults[] = {EAP_SERVER_FAULTS(FAULT_ROW)};
const size_t eap_peer_fault_count = EAP_PEER_FAULT_COUNT;
const size_t eap_server_fault_count = EAP_SERVER_FAULT_COUNT;

bool eap_peer_has_fault(const struct role *owner, enum eap_peer_fault fault)
{
	return owner->fault && !strcmp(owner->fault->name, eap_peer_faults[fault].name);
}

bool eap_server_has_fault(const struct role *owner, enum eap_server_fault fault)
{
	return owner->fault && !strcmp(owner->fault->name, eap_server_faults[fault].name);
}
