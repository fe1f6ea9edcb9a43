/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Case files as lines of words. A word ends at white space, `,` `=` `(` `)` and quotes; `==` and
 * `!=` are words. `#` where a word could begin starts a comment. */
#include "case_impl.h"

#include <stdarg.h>
#include <string.h>

void case_error(struct case_errors *errors, struct case_place place, const char *format, ...)
{
	va_list arguments;

	if (errors->count++ >= CASE_ERRORS_MAX)
		return;
	if (errors->text->len)
		g_string_append_c(errors->text, '\n');
	g_string_append_printf(errors->text, "%s:%u:%u: ", place.file, place.line, place.column);
	va_start(arguments, format);
	g_string_append_vprintf(errors->text, format, arguments);
	va_end(arguments);
}

static void token_free(void *data)
{
	struct case_token *t = data;

	g_free(t->text);
	g_free(t);
}

static void line_free(void *data)
{
	struct case_line *l = data;

	g_ptr_array_unref(l->tokens);
	g_free(l);
}

struct case_token *case_token_new(const char *text, unsigned column, bool quoted)
{
	struct case_token *t = g_new0(struct case_token, 1);

	t->text = g_strdup(text);
	t->column = column;
	t->quoted = quoted;
	return t;
}

struct case_line *case_line_new(unsigned number, unsigned indent, unsigned end)
{
	struct case_line *l = g_new0(struct case_line, 1);

	l->number = number;
	l->indent = indent;
	l->end = end;
	l->tokens = g_ptr_array_new_with_free_func(token_free);
	return l;
}

/* A line being cut into words. `errors` may be NULL. */
struct lexer {
	const char *path;
	const char *text; /* NUL-terminated */
	size_t at;
	unsigned number;
	GPtrArray *tokens;
	struct case_errors *errors;
};

static bool lex_error(struct lexer *x, size_t at, const char *text)
{
	if (x->errors)
		case_error(x->errors, (struct case_place){x->path, x->number, (unsigned)at + 1},
			   "%s", text);
	return false;
}

static void lex_add(struct lexer *x, const char *text, size_t length, size_t at, bool quoted)
{
	struct case_token *t = g_new0(struct case_token, 1);

	t->text = g_strndup(text, length);
	t->column = (unsigned)at + 1;
	t->quoted = quoted;
	g_ptr_array_add(x->tokens, t);
}

/* "..." or '...'; \ before a quote or \ takes it as it is. */
static bool lex_string(struct lexer *x)
{
	GString *text = g_string_new(NULL);
	size_t from = x->at;
	char quote = x->text[x->at++];
	bool closed;

	while (x->text[x->at] && x->text[x->at] != quote) {
		char next = x->text[x->at + 1];

		if (x->text[x->at] == '\\' && (next == quote || next == '\\'))
			x->at++;
		g_string_append_c(text, x->text[x->at++]);
	}
	closed = x->text[x->at] == quote;
	if (closed) {
		x->at++;
		lex_add(x, text->str, text->len, from, true);
	}
	g_string_free(text, TRUE);
	return closed ||
	       lex_error(x, from, "wanted the end of a string, found the end of the line");
}

static void lex_word(struct lexer *x)
{
	size_t length = strcspn(x->text + x->at, " \t\r,=()\"'!");

	/* `!` belongs to the word unless `=` follows it. */
	while (x->text[x->at + length] == '!' && x->text[x->at + length + 1] != '=')
		length += 1 + strcspn(x->text + x->at + length + 1, " \t\r,=()\"'!");
	lex_add(x, x->text + x->at, length, x->at, false);
	x->at += length;
}

static bool lex_line(struct lexer *x)
{
	for (;;) {
		const char *text;
		size_t sign = 1;

		x->at += strspn(x->text + x->at, " \t\r");
		text = x->text + x->at;
		if (!*text || *text == '#')
			return true;
		if (x->tokens->len >= CASE_TOKENS_MAX)
			return lex_error(x, x->at,
					 "wanted the end of the line: it has too many words");
		if (*text == '"' || *text == '\'') {
			if (!lex_string(x))
				return false;
			continue;
		}
		if ((*text == '=' || *text == '!') && text[1] == '=')
			sign = 2;
		else if (!strchr(",=()", *text))
			sign = 0;
		if (!sign) {
			lex_word(x);
			continue;
		}
		lex_add(x, text, sign, x->at, false);
		x->at += sign;
	}
}

GPtrArray *case_lex_text(const char *text, unsigned column)
{
	GPtrArray *tokens = g_ptr_array_new_with_free_func(token_free);
	struct lexer x = {.text = text, .tokens = tokens};

	lex_line(&x);
	for (guint i = 0; i < tokens->len; i++)
		((struct case_token *)g_ptr_array_index(tokens, i))->column = column;
	return tokens;
}

static unsigned indent_of(const char *text)
{
	unsigned columns = 0;

	for (; *text == ' ' || *text == '\t'; text++)
		columns = *text == '\t' ? (columns / 8 + 1) * 8 : columns + 1;
	return columns;
}

/* A line without octets that are no text, or false. */
static bool line_is_text(struct lexer *x, const char *octets, size_t length)
{
	const char *end;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)octets[i];
		char found[48];

		if (c >= 0x20 && c != 0x7f)
			continue;
		if (c == '\t' || (c == '\r' && i + 1 == length))
			continue;
		g_snprintf(found, sizeof(found), "wanted text, found the octet 0x%02x", c);
		return lex_error(x, i, found);
	}
	if (!g_utf8_validate(octets, (gssize)length, &end))
		return lex_error(x, (size_t)(end - octets), "wanted text in UTF-8");
	return true;
}

static void take_line(struct lexer *x, const char *octets, size_t length, GPtrArray *lines)
{
	char *text;
	struct case_line *l;

	if (length > CASE_LINE_MAX) {
		lex_error(x, CASE_LINE_MAX, "wanted the end of the line: it is too long");
		return;
	}
	if (!line_is_text(x, octets, length))
		return;
	text = g_strndup(octets, length);
	l = case_line_new(x->number, indent_of(text), (unsigned)length + 1);
	x->text = text;
	x->at = 0;
	x->tokens = l->tokens;
	if (lex_line(x) && l->tokens->len)
		g_ptr_array_add(lines, l);
	else
		line_free(l);
	g_free(text);
}

GPtrArray *case_lex(const char *path, const char *octets, size_t length, struct case_errors *errors)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);
	struct lexer x = {.path = path, .errors = errors};
	size_t from = 0;

	if (length > CASE_FILE_MAX) {
		case_error(errors, (struct case_place){path, 1, 1},
			   "wanted a case file of at most %d octets, found %zu", CASE_FILE_MAX,
			   length);
		return lines;
	}
	while (from < length) {
		const char *end = memchr(octets + from, '\n', length - from);
		size_t to = end ? (size_t)(end - octets) : length;

		x.number++;
		take_line(&x, octets + from, to - from, lines);
		from = to + 1;
	}
	return lines;
}
