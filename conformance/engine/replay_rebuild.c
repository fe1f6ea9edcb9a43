/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A captured PANA message with its live fields recomputed: RFC 5191 6.2, 6.3. */
#include <string.h>

#include "protocols/core/writer.h"
#include "replay.h"

enum { SESSION_ID_AT = 8, SEQUENCE_AT = 12, LENGTH_AT = 2 };

/* An AVP where it stands. */
struct avp {
	uint16_t code, flags;
	size_t offset, size; /* header, value, padding */
	struct octets value;
};

static uint32_t number_at(const uint8_t *octets, size_t width)
{
	uint32_t number = 0;

	for (size_t i = 0; i < width; i++)
		number = number << 8 | octets[i];
	return number;
}

/* The AVP at `offset`. False: there is none, or not all of it. */
static bool avp_at(struct octets message, size_t offset, struct avp *a)
{
	const uint8_t *at = message.octets + offset;
	size_t header = PANA_AVP_HEADER_SIZE, length;

	if (offset > message.length || message.length - offset < header)
		return false;
	a->code = (uint16_t)number_at(at, 2);
	a->flags = (uint16_t)number_at(at + 2, 2);
	length = number_at(at + 4, 2);
	header += a->flags & PANA_AVP_FLAG_V ? 4 : 0;
	a->offset = offset;
	a->size = header + ((length + 3) & ~(size_t)3);
	a->value = (struct octets){at + header, length};
	return message.length - offset >= a->size;
}

static bool is_live(const struct avp *a)
{
	return !(a->flags & PANA_AVP_FLAG_V) &&
	       (a->code == PANA_AVP_AUTH || a->code == PANA_AVP_EAP_PAYLOAD ||
		a->code == PANA_AVP_KEY_ID || a->code == PANA_AVP_NONCE ||
		a->code == PANA_AVP_ENCR_ENCAP);
}

/* The AVP of this code that the role would send. */
static bool find(struct octets message, uint16_t code, struct avp *a)
{
	size_t offset = PANA_HEADER_SIZE;

	for (; avp_at(message, offset, a); offset += a->size)
		if (a->code == code && !(a->flags & PANA_AVP_FLAG_V))
			return true;
	return false;
}

static void append_number(GByteArray *out, uint32_t number)
{
	const uint8_t octets[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
				   (uint8_t)(number >> 8), (uint8_t)number};

	g_byte_array_append(out, octets, 4);
}

static void append_header(GByteArray *out, const struct octets *captured,
			  const struct replay_live *live)
{
	const uint8_t *was = captured->octets, *draft = live->draft->octets;
	bool of_session = number_at(was + SESSION_ID_AT, 4) == live->session_id;

	g_byte_array_append(out, was, SESSION_ID_AT);
	append_number(out, number_at((of_session ? draft : was) + SESSION_ID_AT, 4));
	append_number(out, number_at(draft + SEQUENCE_AT, 4) + (uint32_t)live->off);
}

static void append_avp(GByteArray *out, const struct octets *captured, const struct avp *a,
		       const struct octets *value)
{
	static const uint8_t zeros[4];
	uint8_t header[PANA_AVP_HEADER_SIZE];

	memcpy(header, captured->octets + a->offset, sizeof(header));
	header[4] = (uint8_t)(value->length >> 8);
	header[5] = (uint8_t)value->length;
	g_byte_array_append(out, header, sizeof(header));
	g_byte_array_append(out, value->octets, (guint)value->length);
	g_byte_array_append(out, zeros, (guint)(-value->length & 3));
}

/* EAP Success or Failure. */
static bool is_outcome(const struct octets *eap)
{
	return eap->length == 4 && (eap->octets[0] == EAP_SUCCESS || eap->octets[0] == EAP_FAILURE);
}

static void append_live(GByteArray *out, const struct octets *captured, const struct avp *a,
			const struct replay_live *live)
{
	uint8_t fresh[UINT16_MAX];
	struct avp own;
	struct octets value = a->value;
	bool found = find(*live->draft, a->code, &own);

	if (a->code == PANA_AVP_NONCE && (!found || own.value.length != a->value.length)) {
		live->random(live->context, fresh, a->value.length);
		value.octets = fresh;
	} else if (a->code == PANA_AVP_EAP_PAYLOAD && is_outcome(&a->value) &&
		   (!found || own.value.octets[0] != a->value.octets[0])) {
		/* The captured server's decision, whatever ours would be. */
		memcpy(fresh, a->value.octets, 4);
		fresh[1] = live->eap_id;
		value.octets = fresh;
	} else if (found) {
		value = own.value;
	}
	append_avp(out, captured, a, &value);
}

/* RFC 6786 6: what the role encrypts is not sent in the open too; what it does not encrypt is not
 * known to us in the clear. */
static bool is_left_out(const struct avp *a, bool encrypts)
{
	if (a->flags & PANA_AVP_FLAG_V)
		return false;
	if (a->code == PANA_AVP_ENCR_ENCAP)
		return !encrypts;
	return encrypts &&
	       (a->code == PANA_AVP_EAP_PAYLOAD || a->code == PANA_AVP_SESSION_LIFETIME ||
		a->code == PANA_AVP_TERMINATION_CAUSE);
}

static void seal(GByteArray *out, struct role *role)
{
	struct writer w = {out->data, out->len, out->len, false};

	if (role && role->kind->seal)
		role->kind->seal(role, &w);
}

static GByteArray *as_drafted(const struct octets *draft)
{
	GByteArray *out = g_byte_array_new();

	return g_byte_array_append(out, draft->octets, (guint)draft->length);
}

/* The captured AVPs in their order. Returns where they end. */
static size_t append_avps(GByteArray *out, const struct octets *was, const struct replay_live *live)
{
	size_t offset = PANA_HEADER_SIZE;
	struct avp a, encap;
	bool encrypts = find(*live->draft, PANA_AVP_ENCR_ENCAP, &encap), done = false;

	for (; avp_at(*was, offset, &a); offset += a.size) {
		if (encrypts && !done &&
		    (a.code == PANA_AVP_AUTH || is_left_out(&a, true) ||
		     a.code == PANA_AVP_ENCR_ENCAP)) {
			g_byte_array_append(out, live->draft->octets + encap.offset,
					    (guint)encap.size);
			done = true;
		}
		if (is_left_out(&a, encrypts) || a.code == PANA_AVP_ENCR_ENCAP)
			continue;
		if (is_live(&a))
			append_live(out, was, &a, live);
		else
			g_byte_array_append(out, was->octets + offset, (guint)a.size);
	}
	return offset;
}

GByteArray *replay_rebuild(const struct message *captured, const struct replay_live *live)
{
	const struct octets *was = &captured->octets;
	GByteArray *out;
	size_t end;

	if (captured->protocol != &pana_protocol || !captured->readable ||
	    live->draft->length < PANA_HEADER_SIZE)
		return as_drafted(live->draft);
	out = g_byte_array_new();
	append_header(out, was, live);
	end = append_avps(out, was, live);
	/* What does not walk to its end goes out as it stands. */
	g_byte_array_append(out, was->octets + end, (guint)(was->length - end));
	if (captured->pana[0].length == was->length && out->len <= UINT16_MAX) {
		out->data[LENGTH_AT] = (uint8_t)(out->len >> 8);
		out->data[LENGTH_AT + 1] = (uint8_t)out->len;
	}
	seal(out, live->role);
	return out;
}

/* ---- sequence numbers ---- */

static const struct pana_message *pana_at(const struct replay_script *s, guint index)
{
	const struct replay_line *l = g_ptr_array_index(s->lines, index);

	return &l->message->pana[0];
}

/* RFC 5191 5.2: an answer bears the number of its request, a request the one after that of the last
 * request. PCI bears zero. */
int32_t replay_sequence_off(const struct replay_script *s, guint index)
{
	const struct replay_line *l = g_ptr_array_index(s->lines, index);
	const struct pana_message *m = &l->message->pana[0];
	bool request = m->flags & PANA_FLAG_R, found = false;
	uint32_t right = 0;

	if (s->protocol != &pana_protocol || m->kind == PANA_PCI)
		return 0;
	for (guint i = index; i > 0; i--) {
		const struct replay_line *before = g_ptr_array_index(s->lines, i - 1);
		const struct pana_message *other = pana_at(s, i - 1);

		if (!(other->flags & PANA_FLAG_R) || (before->own == l->own) != request)
			continue;
		if (!request && other->sequence == m->sequence)
			return 0;
		if (!found)
			right = other->sequence + (request ? 1 : 0);
		found = true;
		if (request)
			break;
	}
	return found ? (int32_t)(m->sequence - right) : 0;
}
