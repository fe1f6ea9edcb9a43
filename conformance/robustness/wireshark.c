/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wireshark.h"

#include "dissectors/assay.h"

#include <epan/column.h>
#include <epan/column-info.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/frame_data.h>
#include <epan/prefs.h>
#include <epan/timestamp.h>
#include <wiretap/pcap-encap.h>
#include <wiretap/wtap.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/wslog.h>

#include <stdio.h>
#include <string.h>

#if WIRESHARK_AT_LEAST(4, 2)
#define VALUE_OF(fi) ((fi)->value)
#else
#define VALUE_OF(fi) (&(fi)->value)
#endif

/* What the fields of the tree mean to us. */
enum meaning { MEANS_NOTHING, MEANS_RULE, MEANS_VERDICT, MEANS_BUG };

struct known_field {
	enum meaning meaning;
	const char *name; /* of rule or field */
};

struct wireshark_frame {
	frame_data fd;
	wtap_rec rec;
	const struct frame *frame;
};

/* The library's name for what its user knows of a capture. */
struct packet_provider_data {
	GArray *times; /* nstime_t, by frame number */
};

static struct {
	GHashTable *fields; /* struct known_field by Wireshark's number of the field */
	epan_t *session;
	epan_dissect_t *full, *brief;
	column_info columns;
	struct packet_provider_data provider;
	guint32 frames, octets;
	nstime_t elapsed;
	const frame_data *reference;
} ws;

/* ---- what to look for ---- */

static void know(const char *name, enum meaning meaning, const char *what)
{
	int id = proto_registrar_get_id_byname(name);
	struct known_field *known = g_new0(struct known_field, 1);

	known->meaning = meaning;
	known->name = what;
	if (id > 0)
		g_hash_table_insert(ws.fields, GINT_TO_POINTER(id), known);
	else
		g_free(known);
}

/* One name may stand for two fields of Wireshark's. */
static void know_all_of_name(const char *name, enum meaning meaning)
{
	header_field_info *info = proto_registrar_get_byname(name);

	for (; info; info = info->same_name_next) {
		struct known_field *known = g_new0(struct known_field, 1);

		*known = (struct known_field){meaning, name};
		g_hash_table_insert(ws.fields, GINT_TO_POINTER(info->id), known);
		if (info->same_name_prev_id == -1)
			break;
	}
}

static void know_protocol(const struct protocol *protocol)
{
	for (size_t i = 0; i < protocol->rule_count; i++) {
		char *name = g_strdup_printf("%s.rule.%s", protocol->name, protocol->rules[i].id);

		know(name, MEANS_RULE, protocol->rules[i].id);
		g_free(name);
	}
	for (size_t i = 0; i < protocol->field_count; i++)
		if (protocol->fields[i].names == verdict_names)
			know(protocol->fields[i].name, MEANS_VERDICT, protocol->fields[i].name);
}

/* ---- start ---- */

static const nstime_t *time_of_frame(struct packet_provider_data *provider, guint32 number)
{
	if (number == 0 || number > provider->times->len)
		return NULL;
	return &g_array_index(provider->times, nstime_t, number - 1);
}

static void complain(const char *format, va_list arguments)
{
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

static bool set_preference(const char *text, char *error, size_t error_size)
{
	char *own = g_strdup(text), *why = NULL;
	bool set = prefs_set_pref(own, &why) == PREFS_SET_OK;

	if (!set)
		snprintf(error, error_size, "%s: %s", text, why ? why : "refused");
	g_free(own);
	g_free(why);
	return set;
}

static bool set_keys(const struct key_store *keys, char *error, size_t error_size)
{
	static char row[4096], text[4096 + 32];

	for (size_t i = 0; i < key_store_count(keys); i++) {
		key_row_text(key_store_row(keys, i), row, sizeof(row));
		snprintf(text, sizeof(text), "uat:assay_keys:%s", row);
		if (!set_preference(text, error, error_size))
			return false;
	}
	return true;
}

/* No preferences and plugins of whoever runs this. */
static void forget_user(void)
{
	g_setenv("HOME", "/nonexistent", TRUE);
	g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
}

bool wireshark_start(const struct key_store *keys, char *error, size_t error_size)
{
	forget_user();
	init_process_policies();
	ws_log_init("soak_dissect", complain);
	g_free(configuration_init("soak_dissect", NULL));
	wtap_init(FALSE);
	assay_register();
	if (!epan_init(NULL, NULL, FALSE)) {
		snprintf(error, error_size, "libwireshark does not start");
		return false;
	}
	epan_load_settings();
	if (!set_keys(keys, error, error_size) ||
	    !set_preference("assay.show_secrets:TRUE", error, error_size))
		return false;
	prefs_apply_all();
	ws.fields = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	know_protocol(&pana_protocol);
	know_protocol(&eap_protocol);
	know_all_of_name("_ws.malformed", MEANS_BUG);
	ws.provider.times = g_array_new(FALSE, FALSE, sizeof(nstime_t));
	timestamp_set_type(TS_RELATIVE);
	timestamp_set_precision(TS_PREC_AUTO);
	timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
	build_column_format_array(&ws.columns, (gint)prefs.num_cols, TRUE);
	return true;
}

/* ---- a capture ---- */

void wireshark_open(void)
{
	static const struct packet_provider_funcs provider = {.get_frame_ts = time_of_frame};

	g_array_set_size(ws.provider.times, 0);
	ws.session = epan_new(&ws.provider, &provider);
	ws.full = epan_dissect_new(ws.session, TRUE, TRUE);
	ws.brief = epan_dissect_new(ws.session, TRUE, FALSE);
	ws.frames = ws.octets = 0;
	ws.reference = NULL;
	nstime_set_zero(&ws.elapsed);
}

void wireshark_close(void)
{
	epan_dissect_free(ws.full);
	epan_dissect_free(ws.brief);
	epan_free(ws.session);
	ws.session = NULL;
}

struct wireshark_frame *wireshark_add(const struct frame *frame, uint32_t link_type)
{
	struct wireshark_frame *added = g_new0(struct wireshark_frame, 1);
	wtap_packet_header *header = &added->rec.rec_header.packet_header;

	added->frame = frame;
	wtap_rec_init(&added->rec);
	added->rec.rec_type = REC_TYPE_PACKET;
	added->rec.presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN;
	added->rec.tsprec = WTAP_TSPREC_NSEC;
	added->rec.ts.secs = (time_t)(frame->time / 1000000000u);
	added->rec.ts.nsecs = (int)(frame->time % 1000000000u);
	header->caplen = (guint32)frame->length;
	header->len = (guint32)frame->wire_length;
	header->pkt_encap = wtap_pcap_encap_to_wtap_encap((int)link_type);
	if (header->pkt_encap == WTAP_ENCAP_ETHERNET)
		header->pseudo_header.eth.fcs_len = -1; /* unknown, as in a file */
	g_array_append_val(ws.provider.times, added->rec.ts);
	frame_data_init(&added->fd, ++ws.frames, &added->rec, 0, ws.octets);
	return added;
}

void wireshark_forget(struct wireshark_frame *frame)
{
	frame_data_destroy(&frame->fd);
	wtap_rec_cleanup(&frame->rec);
	g_free(frame);
}

/* ---- what a look shows ---- */

struct wireshark_look wireshark_look_new(void)
{
	return (struct wireshark_look){.told = told_new(), .bugs = g_string_new(NULL)};
}

void wireshark_look_free(struct wireshark_look *look)
{
	told_free(&look->told);
	g_string_free(look->bugs, TRUE);
}

/* An exception that left a dissector. Those of Wireshark's own, which stay inside them or pass
 * through ours into the tree as theirs, are not our doing. */
static void see_malformed(const field_info *fi, struct wireshark_look *look)
{
	static const char *const ours[] = {"PANA", "Assay", "assay"};
	char text[ITEM_LABEL_LENGTH] = "";
	bool blamed = false;

	if (fi->rep)
		g_strlcpy(text, fi->rep->representation, sizeof(text));
	for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
		blamed = blamed || strstr(text, ours[i]);
	if (blamed)
		g_string_append(look->bugs, text);
	else if (strstr(text, "Dissector bug"))
		look->gave_up = true;
}

static void see(field_info *fi, struct wireshark_look *look)
{
	const struct known_field *known =
		g_hash_table_lookup(ws.fields, GINT_TO_POINTER(fi->hfinfo->id));

	if (!known)
		return;
	switch (known->meaning) {
	case MEANS_RULE:
		told_rule(&look->told, known->name);
		break;
	case MEANS_VERDICT:
		told_verdict(&look->told, known->name, fvalue_get_string(VALUE_OF(fi)));
		break;
	case MEANS_BUG:
		see_malformed(fi, look);
		break;
	case MEANS_NOTHING:
		break;
	}
}

static void see_all(const proto_node *node, struct wireshark_look *look)
{
	for (; node; node = node->next) {
		if (node->finfo)
			see(node->finfo, look);
		see_all(node->first_child, look);
	}
}

void wireshark_dissect(struct wireshark_frame *frame, bool in_full, struct wireshark_look *look)
{
	epan_dissect_t *edt = in_full ? ws.full : ws.brief;
	const struct frame *octets = frame->frame;
	tvbuff_t *tvb =
		tvb_new_real_data(octets->octets, (guint)octets->length, (gint)octets->wire_length);

	told_clear(&look->told);
	g_string_truncate(look->bugs, 0);
	look->gave_up = false;
	prime_epan_dissect_with_postdissector_wanted_hfids(edt);
	frame_data_set_before_dissect(&frame->fd, &ws.elapsed, &ws.reference, NULL);
	epan_dissect_run(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &frame->rec, tvb, &frame->fd,
			 in_full ? &ws.columns : NULL);
	if (in_full) {
		epan_dissect_fill_in_columns(edt, FALSE, TRUE);
		see_all(edt->tree->first_child, look);
	}
	if (!frame->fd.visited)
		frame_data_set_after_dissect(&frame->fd, &ws.octets);
	ws.reference = NULL; /* which may be a frame that is forgotten */
	epan_dissect_reset(edt);
}
