/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/vectors.h"

static struct vectors_result result;
static char error[VECTORS_ERROR_SIZE];
static char *report;

static bool run(const char *path)
{
	size_t size;
	FILE *out;
	bool understood;

	free(report);
	report = NULL;
	out = open_memstream(&report, &size);
	result = (struct vectors_result){0};
	error[0] = '\0';
	understood = vectors_run(path, out, false, &result, error, sizeof(error));
	fclose(out);
	return understood;
}

static bool run_text(const char *text)
{
	char path[] = "/tmp/test-vectors-XXXXXX";
	int file = mkstemp(path);
	bool understood;

	cr_assert_geq(file, 0);
	cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	understood = run(path);
	unlink(path);
	return understood;
}

static void all_pass(const char *path, size_t wanted)
{
	cr_assert(run(path), "%s", error);
	cr_expect_eq(result.failed, 0, "%s", report);
	cr_expect_eq(result.skipped, 0, "%s", report);
	cr_expect_eq(result.passed, wanted, "%s: %zu passed", path, result.passed);
}

Test(vectors, every_answer_of_the_tree_is_reproduced)
{
	static const struct {
		const char *name;
		size_t entries;
	} files[] = {{"aes", 18},  {"eax", 10},      {"hmac", 32},
		     {"prf", 6},   {"prf-plus", 35}, {"integrity", 36},
		     {"pana", 68}, {"erp", 6},       {"eap-methods", 7}};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[1000];

		snprintf(path, sizeof(path), "%s/vectors/%s.json", ASSAY_SOURCE_DIR, files[i].name);
		all_pass(path, files[i].entries);
	}
}

static const char *shared(const char *name)
{
	static char path[1000];

	snprintf(path, sizeof(path), "%s/vectors/%s", ASSAY_SHARED_DIR, name);
	if (access(path, R_OK) != 0)
		cr_skip("%s is absent", path);
	return path;
}

Test(vectors, keys_of_other_implementations_are_reproduced)
{
	all_pass(shared("eap.json"), 6);
}

Test(vectors, c1222_keys_of_the_profile_are_reproduced)
{
	all_pass(shared("sso.json"), 12);
}

#define COUNTER \
	"\"algorithm\":\"pana-counter\",\"key_id\":\"55667788\",\"session_id\":\"aabbccdd\","

Test(vectors, a_wrong_answer_fails_with_member_wanted_and_got)
{
	cr_assert(run_text("[{\"id\":\"x\"," COUNTER "\"sequence\":\"11223344\","
			   "\"counter\":\"0255667788aabbccdd11223344000002\"}]"),
		  "%s", error);
	cr_expect_eq(result.failed, 1);
	cr_expect_eq(result.passed, 0);
	cr_expect_not_null(strstr(report, "x: counter: wanted 0255667788aabbccdd11223344000002, "
					  "got 0255667788aabbccdd11223344000001\n"),
			   "%s", report);
}

Test(vectors, an_answer_of_the_wrong_length_fails)
{
	cr_assert(run_text("[{" COUNTER "\"sequence\":\"11223344\",\"counter\":\"02556677\"}]"));
	cr_expect_eq(result.failed, 1);
}

Test(vectors, a_member_that_nothing_compares_fails)
{
	cr_assert(run_text("[{" COUNTER "\"sequence\":\"11223344\",\"more\":\"00\","
			   "\"counter\":\"0255667788aabbccdd11223344000001\"}]"));
	cr_expect_eq(result.failed, 1);
	cr_expect_not_null(strstr(report, "member \"more\" is compared with nothing"), "%s",
			   report);
}

Test(vectors, an_unknown_format_is_an_error)
{
	cr_expect_not(run_text("[{\"id\":\"x\",\"algorithm\":\"rot13\"}]"));
	cr_expect_not_null(strstr(error, ": x: its members are those of no known format"), "%s",
			   error);
	cr_expect_not(run_text("{\"profile\":\"kp-none/1\",\"ok\":[{\"alg\":1}]}"));
	cr_expect_not_null(strstr(error, ": ok entry 1: "), "%s", error);
}

Test(vectors, a_file_without_entries_is_an_error)
{
	cr_expect_not(run_text("[]"));
	cr_expect_not(run_text("{\"profile\":\"x\"}"));
	cr_expect_not_null(strstr(error, "found no entry"));
	cr_expect_not(run_text("[1]"));
}

Test(vectors, malformed_json_is_an_error_with_its_place)
{
	cr_expect_not(run_text("[{\"id\":\n \"x\",,}]"));
	cr_expect_not_null(strstr(error, ":2:"), "%s", error);
	cr_expect_not(run("/nonexistent/file.json"));
	cr_expect_not_null(strstr(error, "/nonexistent/file.json"));
}

Test(vectors, a_malformed_member_is_an_error_that_names_it)
{
	cr_expect_not(run_text("[{\"id\":\"x\"," COUNTER "\"counter\":\"00\"}]"));
	cr_expect_not_null(strstr(error, "x: member \"sequence\": wanted octets"), "%s", error);
	cr_expect_not(run_text("[{" COUNTER "\"sequence\":\"zz\",\"counter\":\"00\"}]"));
	cr_expect_not_null(strstr(error, "found \"zz\""), "%s", error);
	cr_expect_not(run_text("[{" COUNTER "\"sequence\":\"00\",\"counter\":\"00\"}]"));
	cr_expect_not_null(strstr(error, "wanted 4 octets, found 1"), "%s", error);
	cr_expect_not(run_text("[{" COUNTER "\"sequence\":3,\"counter\":\"00\"}]"));
	cr_expect_not(run_text("[{\"algorithm\":\"prf\",\"prf\":-1,\"key\":\"\",\"message\":\"\","
			       "\"output\":\"\"}]"));
	cr_expect_not_null(strstr(error, "wanted 0 to 4294967295, found -1"), "%s", error);
	cr_expect_not(run_text("[{\"algorithm\":\"hmac\",\"hash\":\"sha3\",\"key\":\"\","
			       "\"message\":\"\",\"mac\":\"\"}]"));
	cr_expect_not(run_text("[{\"algorithm\":\"aes-cmac\",\"key\":\"00\",\"message\":\"\","
			       "\"mac\":\"\"}]"));
}

Test(vectors, algorithms_not_supported_fail)
{
	cr_assert(run_text("[{\"algorithm\":\"prf\",\"prf\":3,\"key\":\"\",\"message\":\"\","
			   "\"output\":\"\"}]"),
		  "%s", error);
	cr_expect_eq(result.failed, 1);
}

Test(vectors, an_entry_whose_capture_is_absent_is_skipped_with_the_reason)
{
	cr_assert(run_text("[{\"method\":\"pana\",\"source\":\"capture absent-capture.pcapng\","
			   "\"prf\":2,\"integrity\":7,\"msk\":\"00\",\"pac_nonce\":\"00\","
			   "\"paa_nonce\":\"00\",\"key_id\":\"00000000\",\"i_par_frame\":2,"
			   "\"i_pan_frame\":3,\"pana_auth_key\":\"00\"}]"),
		  "%s", error);
	cr_expect_eq(result.skipped, 1);
	cr_expect_not_null(strstr(report, "absent-capture.pcapng"), "%s", report);
}

Test(vectors, formats_can_be_listed)
{
	size_t count = 0;

	while (vectors_format_label(count))
		count++;
	cr_expect_eq(count, 17);
}
