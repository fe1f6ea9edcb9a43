/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a text is valid in its form. Each returns NULL if it is, else what is wrong with it: a
 * text that is valid until the next call.
 */
#ifndef ASSAY_ROBUSTNESS_VALID_H
#define ASSAY_ROBUSTNESS_VALID_H

/* UTF-8 without control characters but for the ends of lines: harmless on a terminal. */
const char *valid_text(const char *text);

/* One JSON text; one per line, each with its end (the text is changed). */
const char *valid_json(const char *text);
const char *valid_json_lines(char *text);

/* Well-formed XML. */
const char *valid_xml(const char *text);

#endif
