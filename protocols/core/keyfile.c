// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The key file: a line per key, three quoted columns, `#` starts a comment. Inside the quotes
 * backslash sequences stand for octets as in the tables that Wireshark saves (which itself writes
 * \xhh for quotes, backslashes and everything that is not printable ASCII), so that its saved
 * "Assay keys" table is a key file.
 */
#include "keystore_impl.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"

enum { COLUMNS = 3, COLUMN_SIZE = 4 * KEY_IDENTITY_MAX + 1, FILE_MAX = 64 << 20 };

static const char *const column_names[COLUMNS] = {"type", "identity", "key"};

/* What a key of each type may be. */
static const struct key_type_form {
	const char *name; /* in the file */
	size_t shortest;  /* octets */
	size_t longest;   /* octets */
	bool textual;     /* people write it as text: */
} forms[KEY_TYPE_COUNT] = {
	[KEY_EAP_PSK] = {"eap-psk", 16, 16, false},               /* RFC 4764 2.1.1 */
	[KEY_EAP_GPSK] = {"eap-gpsk", 16, KEY_OCTETS_MAX, false}, /* RFC 5433 6 */
	[KEY_MSK] = {"msk", 64, KEY_OCTETS_MAX, false},           /* RFC 3748 7.10 */
	[KEY_EMSK] = {"emsk", 64, KEY_OCTETS_MAX, false},         /* RFC 3748 7.10 */
	[KEY_RADIUS] = {"radius", 1, KEY_OCTETS_MAX, true},       /* RFC 2865 3 */
	[KEY_C1222] = {"c1222", 16, 16, false},                   /* AES-128 */
	[KEY_C1222_BASE] = {"c1222-base", 1, KEY_OCTETS_MAX, true},
	[KEY_PSKRECONF_IK] = {"pskreconf-ik", 16, 16, false}, /* kp-pskreconf/1 A3 */
	[KEY_PSKRECONF_SK] = {"pskreconf-sk", 16, 16, false},
	[KEY_ECQV_K] = {"ecqv-k", 16, 16, false},   /* kp-ecqv/1 B11 */
	[KEY_ECQV_CA] = {"ecqv-ca", 33, 33, false}, /* kp-ecqv/1 B2 */
	[KEY_ECQV_D] = {"ecqv-d", 32, 32, false},
};

/* Why a row is not valid. */
struct complaint {
	size_t column;  /* index of the column */
	size_t offset;  /* of the octet of its text that shows it */
	char text[256]; /* "wanted ..., found ..." */
};

static bool complain(struct complaint *c, size_t column, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static bool complain(struct complaint *c, size_t column, size_t offset, const char *format, ...)
{
	va_list arguments;

	c->column = column;
	c->offset = offset;
	va_start(arguments, format);
	vsnprintf(c->text, sizeof(c->text), format, arguments);
	va_end(arguments);
	return false;
}

const char *key_type_name(enum key_type type)
{
	return (size_t)type < KEY_TYPE_COUNT ? forms[type].name : "?";
}

bool key_type_of(const char *name, enum key_type *type)
{
	for (size_t i = 0; i < KEY_TYPE_COUNT; i++)
		if (!strcmp(forms[i].name, name)) {
			*type = (enum key_type)i;
			return true;
		}
	return false;
}

/* How a message names the octet at `at`: 'x', octet 0x00, the end of the line. */
static const char *octet_found(const char *at, const char *end, char text[24])
{
	if (at >= end)
		return "the end of the line";
	snprintf(text, 24, isprint((unsigned char)*at) ? "'%c'" : "octet 0x%02x",
		 (unsigned char)*at);
	return text;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool check_type(const char *name, enum key_type *type, struct complaint *why)
{
	char known[160] = "";
	size_t used = 0;

	if (key_type_of(name, type))
		return true;
	for (size_t i = 0; i < KEY_TYPE_COUNT; i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "",
					 forms[i].name);
	return complain(why, 0, 0, "type: wanted one of %s; found \"%.40s\"", known, name);
}

static bool check_identity(const char *identity, struct complaint *why)
{
	size_t length = strlen(identity);

	if (!length)
		return complain(why, 1, 0, "identity: wanted an identity or *, found nothing");
	if (length > KEY_IDENTITY_MAX)
		return complain(why, 1, 0, "identity: wanted at most %d octets, found %zu",
				KEY_IDENTITY_MAX, length);
	return true;
}

/* Reads hexadecimal digits into `octets`, of which there are KEY_OCTETS_MAX. */
static bool read_digits(const char *text, size_t digits, uint8_t *octets, struct complaint *why)
{
	char found[24];

	for (size_t i = 0; i < digits; i++)
		if (digit_value(text[i]) < 0)
			return complain(why, 2, i,
					"key: wanted hexadecimal digits or text:..., found %s",
					octet_found(text + i, text + digits, found));
	if (digits % 2)
		return complain(why, 2, 0,
				"key: wanted an even number of hexadecimal digits, found %zu",
				digits);
	for (size_t i = 0; i < digits / 2; i++)
		octets[i] = (uint8_t)(digit_value(text[2 * i]) << 4 | digit_value(text[2 * i + 1]));
	return true;
}

/* Reads the key column of a row of `type` into `octets`, of which there are KEY_OCTETS_MAX. */
static bool check_key(enum key_type type, const char *text, size_t text_length, uint8_t *octets,
		      size_t *length, struct complaint *why)
{
	const struct key_type_form *form = &forms[type];
	bool textual = text_length >= 5 && !memcmp(text, "text:", 5);
	size_t found = textual ? text_length - 5 : (text_length + 1) / 2;

	if (!text_length)
		return complain(why, 2, 0,
				"key: wanted hexadecimal digits or text:..., found nothing");
	if (found > KEY_OCTETS_MAX)
		return complain(why, 2, 0, "key: wanted at most %d octets, found %zu",
				KEY_OCTETS_MAX, found);
	if (textual)
		memcpy(octets, text + 5, found);
	else if (!read_digits(text, text_length, octets, why))
		return false;
	*length = found;
	if (form->shortest == form->longest && found != form->shortest)
		return complain(why, 2, 0, "key: wanted %zu octets for %s, found %zu",
				form->shortest, form->name, found);
	if (found < form->shortest || found > form->longest)
		return complain(why, 2, 0, "key: wanted at least %zu octet%s for %s, found %zu",
				form->shortest, form->shortest == 1 ? "" : "s", form->name, found);
	return true;
}

static bool add_row(struct key_store *store, const char *type_name, const char *identity,
		    const char *key, size_t key_length, struct complaint *why)
{
	uint8_t octets[KEY_OCTETS_MAX];
	enum key_type type;
	size_t length = 0;
	bool valid = check_type(type_name, &type, why) && check_identity(identity, why) &&
		     check_key(type, key, key_length, octets, &length, why);

	if (valid)
		key_store_append(store, type, identity, octets, length);
	secret_wipe(octets, sizeof(octets));
	return valid;
}

bool key_store_add_text(struct key_store *store, const char *type, const char *identity,
			const char *key, char *error, size_t error_size)
{
	struct complaint why;

	if (add_row(store, type, identity, key, strlen(key), &why))
		return true;
	snprintf(error, error_size, "%s", why.text);
	return false;
}

/* One quoted column of a line. */
struct column {
	const char *raw;        /* behind the opening quote */
	char text[COLUMN_SIZE]; /* without escapes, NUL-terminated */
	size_t length;          /* of text */
};

struct parser {
	struct key_store *store;
	const char *name;               /* what messages call the file */
	const char *line, *end;         /* the line being read, without its end */
	size_t line_number;             /* from 1 */
	struct column columns[COLUMNS]; /* of this line */
	char *error;
	size_t error_size;
};

static bool fail(struct parser *p, const char *at, const char *text)
{
	snprintf(p->error, p->error_size, "%s:%zu:%zu: %s", p->name, p->line_number,
		 (size_t)(at - p->line) + 1, text);
	return false;
}

static bool fail_found(struct parser *p, const char *at, const char *column, const char *wanted)
{
	char text[256], found[24];

	snprintf(text, sizeof(text), "%s: wanted %s, found %s", column, wanted,
		 octet_found(at, p->end, found));
	return fail(p, at, text);
}

/* Reads the octet that the characters at `at` stand for. Returns how many they are; 0 if the
 * backslash sequence is none that Wireshark's tables know. */
static size_t unescape(const char *at, const char *end, char *octet)
{
	static const char letters[] = "abefnrtv\"\\'?", meant[] = "\a\b\033\f\n\r\t\v\"\\'?";
	const char *letter;
	size_t used = 2;
	int value = 0;

	*octet = *at;
	if (*at != '\\')
		return 1;
	if (end - at < 2)
		return 0;
	if (at[1] == 'x') {
		if (end - at < 4 || digit_value(at[2]) < 0 || digit_value(at[3]) < 0)
			return 0;
		*octet = (char)(digit_value(at[2]) << 4 | digit_value(at[3]));
		return 4;
	}
	if (at[1] >= '0' && at[1] <= '7') {
		for (used = 1; used < 4 && at + used < end && at[used] >= '0' && at[used] <= '7';)
			value = value * 8 + (at[used++] - '0');
		*octet = (char)value;
		return value > 255 ? 0 : used;
	}
	letter = at[1] ? strchr(letters, at[1]) : NULL;
	if (!letter)
		return 0;
	*octet = meant[letter - letters];
	return used;
}

/* Appends an octet to the column's text; a NUL of an identity reads \x00. False if it is full. */
static bool column_append(struct column *column, char octet, bool may_hold_nul)
{
	const char *octets = octet || may_hold_nul ? &octet : "\\x00";
	size_t length = octet || may_hold_nul ? 1 : 4;

	if (column->length + length >= COLUMN_SIZE)
		return false;
	memcpy(column->text + column->length, octets, length);
	column->length += length;
	return true;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* Reads column `index` at *at and moves *at behind its closing quote. */
static bool parse_column(struct parser *p, size_t index, const char **at)
{
	struct column *column = &p->columns[index];
	const char *here = skip_blanks(*at, p->end);
	char octet;

	if (here == p->end || *here != '"')
		return fail_found(p, here, column_names[index], "a quoted column");
	column->raw = ++here;
	column->length = 0;
	while (here < p->end && *here != '"') {
		size_t used = unescape(here, p->end, &octet);

		if (!used)
			return fail_found(p, here + 1, column_names[index],
					  "\\xhh, \\\\ or another known escape behind \\");
		if (!column_append(column, octet, index == 2))
			return fail(p, column->raw - 1, "wanted a column of at most 4096 octets");
		here += used;
	}
	if (here == p->end)
		return fail_found(p, here, column_names[index], "a closing quote");
	column->text[column->length] = '\0';
	*at = here + 1;
	return true;
}

/* Where octet `offset` of a column's text stands in the line. */
static const char *column_place(const struct parser *p, const struct column *column, size_t offset)
{
	const char *at = column->raw;
	char octet;

	while (offset-- && at < p->end)
		at += unescape(at, p->end, &octet);
	return at;
}

static bool parse_line(struct parser *p)
{
	const char *at = skip_blanks(p->line, p->end);
	struct complaint why;

	if (at == p->end || *at == '#')
		return true;
	for (size_t i = 0; i < COLUMNS; i++) {
		if (!parse_column(p, i, &at))
			return false;
		at = skip_blanks(at, p->end);
		if (i + 1 == COLUMNS)
			break;
		if (at == p->end || *at != ',')
			return fail_found(p, at, column_names[i + 1], "a comma before it");
		at++;
	}
	if (at < p->end && *at != '#')
		return fail_found(p, at, "key", "the end of the line or a comment behind it");
	if (add_row(p->store, p->columns[0].text, p->columns[1].text, p->columns[2].text,
		    p->columns[2].length, &why))
		return true;
	return fail(p, column_place(p, &p->columns[why.column], why.offset), why.text);
}

bool key_store_parse(struct key_store *store, const char *name, const char *text, size_t length,
		     char *error, size_t error_size)
{
	struct parser *p = calloc(1, sizeof(*p));
	const char *end = text + length;
	bool valid = true;

	if (!p)
		abort();
	*p = (struct parser){
		.store = store, .name = name, .error = error, .error_size = error_size};
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3; /* a byte order mark, as some editors write it */
	while (valid && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		p->line = text;
		p->end = newline ? newline : end;
		text = newline ? newline + 1 : end;
		if (p->end > p->line && p->end[-1] == '\r')
			p->end--;
		p->line_number++;
		valid = parse_line(p);
	}
	secret_wipe(p, sizeof(*p));
	free(p);
	return valid;
}

/* Reads all of `file`, at most FILE_MAX octets. NULL, errno set, if that is not possible. */
static char *read_all(FILE *file, size_t *length)
{
	size_t capacity = 1 << 16;
	char *text = malloc(capacity);

	*length = 0;
	while (text) {
		*length += fread(text + *length, 1, capacity - *length, file);
		if (ferror(file) || capacity > FILE_MAX)
			break;
		if (*length < capacity)
			return text;
		/* Not realloc: what it leaves behind would hold keys. */
		char *larger = malloc(capacity * 2);

		if (larger)
			memcpy(larger, text, capacity);
		secret_wipe(text, capacity);
		free(text);
		text = larger;
		capacity *= 2;
	}
	if (text) {
		if (!ferror(file))
			errno = EFBIG;
		secret_wipe(text, capacity);
		free(text);
	}
	return NULL;
}

bool key_store_load(struct key_store *store, const char *path, char *error, size_t error_size)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t length = 0;
	bool valid;

	if (file) {
		setvbuf(file, NULL, _IONBF, 0); /* keys stay in memory that is wiped here */
		text = read_all(file, &length);
	}
	if (!text) {
		snprintf(error, error_size, "%s: cannot read the key file: %s", path,
			 strerror(errno));
		if (file)
			fclose(file);
		return false;
	}
	fclose(file);
	valid = key_store_parse(store, path, text, length, error, error_size);
	secret_wipe(text, length);
	free(text);
	return valid;
}

/* Where a row is written: as snprintf, what does not fit is counted but left out. */
struct row_writer {
	char *text;
	size_t size;   /* of text, its NUL included */
	size_t length; /* wanted so far */
};

static void put(struct row_writer *w, const char *text)
{
	for (; *text; text++, w->length++)
		if (w->length + 1 < w->size)
			w->text[w->length] = *text;
}

static void put_escaped(struct row_writer *w, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char text[5] = {(char)octets[i]};

		if (octets[i] < 0x20 || octets[i] > 0x7e || octets[i] == '"' || octets[i] == '\\')
			snprintf(text, sizeof(text), "\\x%02x", octets[i]);
		put(w, text);
	}
}

size_t key_row_text(const struct key_row *row, char *text, size_t size)
{
	struct row_writer w = {.text = text, .size = size};

	put(&w, "\"");
	put(&w, key_type_name(row->type));
	put(&w, "\",\"");
	put_escaped(&w, (const uint8_t *)row->identity, strlen(row->identity));
	put(&w, "\",\"");
	if (forms[row->type].textual && !memchr(row->octets, 0, row->length)) {
		put(&w, "text:");
		put_escaped(&w, row->octets, row->length);
	} else {
		for (size_t i = 0; i < row->length; i++) {
			char digits[3];

			snprintf(digits, sizeof(digits), "%02x", row->octets[i]);
			put(&w, digits);
		}
	}
	put(&w, "\"");
	if (size)
		text[w.length < size ? w.length : size - 1] = '\0';
	return w.length;
}
