/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys in the comments of packets (protocols/core/keycomment.h): evidence that opens without a key
 * file. They are read from the record that Wireshark read, for no tree holds them that early; what
 * is wrong with one is told at its frame.
 */
#include "assay.h"

#include <epan/expert.h>
#include <epan/prefs.h>
#include <wiretap/wtap.h>

#include <string.h>

enum { KEY_COMMENT = 0x30000 }; /* of a complaint, kept with the frame */

static ws_bool wanted = TRUE;
static expert_field ei_comment = EI_INIT;

void comments_take(packet_info *pinfo)
{
	char error[KEY_COMMENT_ERROR_SIZE];
	bool told = false;
	char *text;

	if (!wanted || !pinfo->rec || pinfo->fd->visited || sessions.commented == pinfo->num)
		return;
	sessions.commented = pinfo->num;
	for (guint i = 0; wtap_block_get_nth_string_option_value(pinfo->rec->block, OPT_COMMENT, i,
								 &text) == WTAP_OPTTYPE_SUCCESS;
	     i++) {
		if (key_comments_add(&sessions.comments, pinfo->num, text, strlen(text), error) ||
		    told)
			continue;
		told = true;
		p_add_proto_data(wmem_file_scope(), pinfo, proto_assay, KEY_COMMENT,
				 wmem_strdup(wmem_file_scope(), error));
	}
}

void comments_paint(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb)
{
	const char *error = p_get_proto_data(wmem_file_scope(), pinfo, proto_assay, KEY_COMMENT);

	if (error)
		proto_tree_add_expert_format(tree, pinfo, &ei_comment, tvb, 0, 0,
					     "Keys in the packet's comment: %s", error);
}

void comments_register(struct pref_module *module)
{
	static ei_register_info ei[] = {
		{&ei_comment,
		 {"assay.comment_keys", PI_DECRYPTION, PI_WARN,
		  "A row of keys in the packet's comment is not valid", EXPFILL}},
	};

	expert_register_field_array(expert_register_protocol(proto_assay), ei, array_length(ei));
	prefs_register_bool_preference(module, "comment_keys", "Read keys from packet comments",
				       "Use the keys that a capture brings along, in lines "
				       "\"assay-keys:\" of packets' comments",
				       &wanted);
}
