// SPDX-License-Identifier: GPL-2.0-or-later
#include "kdf.h"

#include <string.h>

enum { PRF_HMAC_SHA2_256 = 5, ROOT_KEY_LENGTH = 64, C1222_KEY_LENGTH = 16 };

static const char rrk_label[] = "EAP Re-authentication Root Key@ietf.org";
static const char rik_label[] = "Re-authentication Integrity Key@ietf.org";
static const char rmsk_label[] = "Re-authentication Master Session Key@ietf.org";
static const char sso_usrk_label[] = "c1222-ciphering@kp-sso.example";
static const char sso_key_label[] = "ANSI C12.22 ciphering key";

static struct octets secret_octets(const struct secret *s)
{
	return (struct octets){s->octets, s->length};
}

bool kdf_rfc5295(struct octets key, const char *label, struct octets data, uint8_t *out,
		 size_t length)
{
	const uint8_t length_field[] = {(uint8_t)(length >> 8), (uint8_t)length};
	const struct octets parts[] = {
		{(const uint8_t *)label, strlen(label) + 1}, data, {length_field, 2}};

	if (length > KDF_LENGTH_MAX)
		return false;
	return prf_plus(PRF_HMAC_SHA2_256, key, parts, 3, out, length);
}

/* The KDF into a secret of at most SECRET_SIZE octets. */
static bool derive(struct octets key, const char *label, struct octets data, size_t length,
		   struct secret *out)
{
	secret_clear(out);
	if (length > SECRET_SIZE || !kdf_rfc5295(key, label, data, out->octets, length))
		return false;
	out->length = length;
	return true;
}

bool kdf_usrk(struct octets emsk, const char *label, struct octets data, struct secret *usrk)
{
	return derive(emsk, label, data, ROOT_KEY_LENGTH, usrk);
}

bool kdf_emsk_name(struct octets session_id, uint8_t name[EMSK_NAME_LENGTH])
{
	return kdf_rfc5295(session_id, "EMSK", (struct octets){NULL, 0}, name, EMSK_NAME_LENGTH);
}

bool erp_rrk(struct octets parent, struct secret *rrk)
{
	return derive(parent, rrk_label, (struct octets){NULL, 0}, parent.length, rrk);
}

bool erp_rik(const struct secret *rrk, uint8_t cryptosuite, struct secret *rik)
{
	return derive(secret_octets(rrk), rik_label, (struct octets){&cryptosuite, 1}, rrk->length,
		      rik);
}

bool erp_rmsk(const struct secret *rrk, uint16_t seq, struct secret *rmsk)
{
	const uint8_t field[] = {(uint8_t)(seq >> 8), (uint8_t)seq};

	return derive(secret_octets(rrk), rmsk_label, (struct octets){field, 2}, rrk->length, rmsk);
}

size_t erp_tag_length(uint8_t cryptosuite)
{
	static const uint8_t lengths[] = {0, 8, 16, 32};

	return cryptosuite < sizeof(lengths) ? lengths[cryptosuite] : 0;
}

bool erp_tag(uint8_t cryptosuite, const struct secret *rik, const struct octets *parts,
	     size_t count, uint8_t *tag)
{
	size_t length = erp_tag_length(cryptosuite);
	uint8_t full[ERP_TAG_MAX];
	bool right = length && hmac(HASH_SHA256, secret_octets(rik), parts, count, full);

	if (right)
		memcpy(tag, full, length);
	secret_wipe(full, sizeof(full));
	return right;
}

bool sso_usrk(struct octets emsk, struct secret *usrk)
{
	return kdf_usrk(emsk, sso_usrk_label, (struct octets){NULL, 0}, usrk);
}

bool sso_c1222_key(const struct secret *usrk, struct octets ap_title, uint8_t key_id,
		   struct secret *key)
{
	/* The label's NUL is the octet 00 behind it. */
	const struct octets parts[] = {
		{(const uint8_t *)sso_key_label, sizeof(sso_key_label)}, ap_title, {&key_id, 1}};

	secret_clear(key);
	if (!prf_plus(PRF_HMAC_SHA2_256, secret_octets(usrk), parts, 3, key->octets,
		      C1222_KEY_LENGTH))
		return false;
	key->length = C1222_KEY_LENGTH;
	return true;
}
