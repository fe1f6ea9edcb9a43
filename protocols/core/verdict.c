/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

const struct value_name verdict_names[] = {
	{VERDICT_VERIFIED, "verified"},
	{VERDICT_WRONG_KEY, "wrong key"},
	{VERDICT_FORGED, "forged or damaged"},
	{VERDICT_NO_KEY, "not checked: no key"},
	{VERDICT_UNKNOWN_KEY_ID, "not checked: unknown key id"},
	{VERDICT_NO_AUTHENTICATION, "not checked: authentication not in the capture"},
	{VERDICT_UNSUPPORTED, "not checked: algorithm not supported"},
	{0, NULL},
};

bool verdict_checked(enum verdict v)
{
	return v == VERDICT_VERIFIED || v == VERDICT_WRONG_KEY || v == VERDICT_FORGED;
}

enum verdict verdict_of(bool right, bool verified_before)
{
	if (right)
		return VERDICT_VERIFIED;
	return verified_before ? VERDICT_FORGED : VERDICT_WRONG_KEY;
}
