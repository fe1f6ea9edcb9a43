/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing EAP messages. Each function appends one message to `w` from the same structure that
 * eap_walk fills; Length is computed, everything else is written as it is, right or wrong. Parts
 * that are NULL are left out. The functions named _signed, _sealed compute MACs and tags: they need
 * keys that are derived, and return false if a crypto function refuses.
 */
#ifndef ASSAY_EAP_WRITE_H
#define ASSAY_EAP_WRITE_H

#include "eap.h"
#include "keys.h"
#include "protocols/core/writer.h"

/* Success and Failure. */
void eap_write_bare(struct writer *w, enum eap_code code, uint8_t identifier);

/* A Request or Response of any type: Identity, Notification, Nak (a type per octet), ... */
void eap_write_typed(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
		     struct octets data);

/* Expanded type (RFC 3748 5.7); an Expanded Nak is vendor 0, type 3, and a list of types, each
 * written with eap_write_expanded_type. */
void eap_write_expanded(struct writer *w, enum eap_code code, uint8_t identifier, uint32_t vendor,
			uint32_t vendor_type, struct octets data);
void eap_write_expanded_type(struct writer *w, uint32_t vendor, uint32_t vendor_type);

/* EAP-PSK, the message that psk->t says. */
void eap_write_psk(struct writer *w, enum eap_code code, uint8_t identifier,
		   const struct eap_psk *psk);

/* The plaintext of a PCHANNEL. */
void eap_write_psk_plaintext(struct writer *w, const struct eap_psk_result_part *part);

/* A third or fourth message: nonce, RAND_S and MAC_S of `psk`, the channel sealed. */
bool eap_write_psk_sealed(struct writer *w, enum eap_code code, uint8_t identifier,
			  const struct eap_psk *psk, const struct eap_psk_result_part *part,
			  const struct eap_psk_keys *keys);

/* EAP-GPSK, the message that gpsk->opcode says. */
void eap_write_gpsk(struct writer *w, enum eap_code code, uint8_t identifier,
		    const struct eap_gpsk *gpsk);

/* The same with the MAC computed over what stands before it. */
bool eap_write_gpsk_signed(struct writer *w, enum eap_code code, uint8_t identifier,
			   const struct eap_gpsk *gpsk, const struct eap_gpsk_suite *suite,
			   const struct secret *sk);

/* One PD_Payload, to be encrypted or not. */
void eap_write_gpsk_pdata(struct writer *w, uint32_t vendor, uint16_t specifier,
			  struct octets value);

/* A PD_Payload_Block: IV length, IV, and the payloads padded as little as the suite needs, then
 * encrypted. At most 4096 octets of payloads. The IV counts only if the suite encrypts. */
bool eap_write_gpsk_block(struct writer *w, const struct eap_gpsk_suite *suite,
			  const struct secret *pk, const uint8_t iv[16], struct octets payloads);

/* ERP, code Initiate or Finish. */
void eap_write_erp(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
		   const struct eap_erp *erp);

/* The same with the tag computed over what stands before it; erp->cryptosuite must be known. */
bool eap_write_erp_signed(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t type,
			  const struct eap_erp *erp, const struct secret *rik);

/* A message of a TLS-based method. */
void eap_write_tls(struct writer *w, enum eap_code code, uint8_t identifier, uint8_t method,
		   const struct eap_tls *tls);

/* For the writers themselves: a header of which eap_write_end patches the Length. */
size_t eap_write_begin(struct writer *w, enum eap_code code, uint8_t identifier);
void eap_write_end(struct writer *w, size_t begin);

#endif
