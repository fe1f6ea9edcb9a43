/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Broken rules: an expert info where the defect is, and the rule's id as a field of its own. */
#include "painter_impl.h"

#include "assay.h"

void paint_note(struct painter *p, proto_item *item, const struct note *note)
{
	size_t index;
	const struct registry *r = registry_of_rule(note->rule, &index);

	if (!r)
		return;
	expert_add_info_format(p->pinfo, item, &r->rules[index], "%s: wanted %s, found %s (%s)",
			       note->rule->id, note->wanted, note->found, note->rule->section);
	if (p->full)
		assay_add_rule(p->pinfo, p->tree, note->rule);
}
