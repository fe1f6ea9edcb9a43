/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RFC 5191 8, figure 4: every cell, for no AVP, one and two of them. */
#include "listener.h"
#include "protocols/pana/pana_fields.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *rule;
	enum pana_avp_code code;
	const char *cells[7]; /* PCI PAR PAN PTR PTA PNR PNA, as the figure writes them */
} figure[] = {
	{"rfc5191-occurs-auth", PANA_AVP_AUTH, {"0", "0-1", "0-1", "0-1", "0-1", "0-1", "0-1"}},
	{"rfc5191-occurs-eap-payload",
	 PANA_AVP_EAP_PAYLOAD,
	 {"0", "0-1", "0-1", "0", "0", "0", "0"}},
	{"rfc5191-occurs-integrity-algorithm",
	 PANA_AVP_INTEGRITY_ALGORITHM,
	 {"0", "0+", "0-1", "0", "0", "0", "0"}},
	{"rfc5191-occurs-key-id", PANA_AVP_KEY_ID, {"0", "0-1", "0-1", "0", "0", "0", "0"}},
	{"rfc5191-occurs-nonce", PANA_AVP_NONCE, {"0", "0-1", "0-1", "0", "0", "0", "0"}},
	{"rfc5191-occurs-prf-algorithm",
	 PANA_AVP_PRF_ALGORITHM,
	 {"0", "0+", "0-1", "0", "0", "0", "0"}},
	{"rfc5191-occurs-result-code", PANA_AVP_RESULT_CODE, {"0", "0-1", "0", "0", "0", "0", "0"}},
	{"rfc5191-occurs-session-lifetime",
	 PANA_AVP_SESSION_LIFETIME,
	 {"0", "0-1", "0", "0", "0", "0", "0"}},
	{"rfc5191-occurs-termination-cause",
	 PANA_AVP_TERMINATION_CAUSE,
	 {"0", "0", "0", "1", "0", "0", "0"}},
};

static const struct {
	uint16_t type, flags;
} columns[] = {
	{PANA_CLIENT_INITIATION, 0},
	{PANA_AUTH, PANA_FLAG_R},
	{PANA_AUTH, 0},
	{PANA_TERMINATION, PANA_FLAG_R},
	{PANA_TERMINATION, 0},
	{PANA_NOTIFICATION, PANA_FLAG_R | PANA_FLAG_P},
	{PANA_NOTIFICATION, PANA_FLAG_P},
};

/* The key below the figure. */
static bool allowed(const char *cell, unsigned count)
{
	if (!strcmp(cell, "0"))
		return count == 0;
	if (!strcmp(cell, "0-1"))
		return count <= 1;
	if (!strcmp(cell, "1"))
		return count == 1;
	return true; /* 0+ */
}

static unsigned noted(size_t row, size_t column, unsigned count)
{
	static const uint8_t value[] = {1, 2, 0, 8, 1, 'u', 's', 'r'};
	struct pana_draft_avp avps[2];
	const struct pana_draft draft = {.type = columns[column].type,
					 .flags = columns[column].flags,
					 .avps = avps,
					 .avp_count = count};
	struct listener *l = listener_new();
	struct pana_message m[PANA_DEPTH];
	uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));
	struct walk walk;
	unsigned times;

	avps[0] = avps[1] = (struct pana_draft_avp){.code = (uint16_t)figure[row].code,
						    .value = {value, sizeof(value)}};
	pana_write(&w, &draft);
	walk = walk_of(octets, w.length, &l->reader);
	pana_walk(&walk, m);
	times = listener_noted(l, figure[row].rule);
	listener_free(l);
	return times;
}

Test(pana_occurrence, every_cell_of_figure_4_is_judged)
{
	for (size_t row = 0; row < sizeof(figure) / sizeof(figure[0]); row++) {
		for (size_t column = 0; column < 7; column++) {
			for (unsigned count = 0; count <= 2; count++) {
				bool right = allowed(figure[row].cells[column], count);

				cr_expect(noted(row, column, count) == !right,
					  "%s, column %zu, %u of them", figure[row].rule, column,
					  count);
			}
		}
	}
}

/* RFC 6786 6.1: "after decryption and unencapsulation" the table holds all the same. */
Test(pana_occurrence, encrypted_avps_count)
{
	const struct scenario_options options = {.method = PLAY_PSK, .encrypt = true};
	static const struct scenario_patch doubled[] = {
		{"PAR 5", PATCH_AVP_DUPLICATE, .code = PANA_AVP_SESSION_LIFETIME},
		{"PAR 5", PATCH_AVP_SEAL, .code = PANA_AVP_SESSION_LIFETIME},
		{NULL, PATCH_NONE, .code = 0},
	};
	static const struct scenario_patch alone[] = {
		{"PAR 5", PATCH_AVP_SEAL, .code = PANA_AVP_SESSION_LIFETIME},
		{NULL, PATCH_NONE, .code = 0},
	};
	static const struct scenario_patch missing[] = {
		{"PAR 5", PATCH_AVP_REMOVE, .code = PANA_AVP_SESSION_LIFETIME},
		{NULL, PATCH_NONE, .code = 0},
	};
	struct listener *l = listener_new();

	cr_assert(listener_play(l, &options, doubled));
	cr_expect(listener_noted(l, "rfc5191-occurs-session-lifetime") == 1, "%s",
		  listener_text(l));
	listener_free(l);
	l = listener_new();
	cr_assert(listener_play(l, &options, alone));
	cr_expect(listener_noted(l, NULL) == 0, "%s", listener_text(l));
	cr_expect(listener_value(l, "pana.session.lifetime", 0)->number == 3600);
	listener_free(l);
	l = listener_new();
	cr_assert(listener_play(l, &options, missing));
	cr_expect(listener_noted(l, "rfc5191-lifetime-with-success") == 1, "%s", listener_text(l));
	listener_free(l);
}
