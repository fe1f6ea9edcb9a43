/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESET_SECONDS = 60, CHECK_SECONDS = 10, PATIENCE = 2, POLL = 10000 /* microseconds */ };

/* What the child does; only what is safe between fork and exec. */
static void become(const char *command, char **environment)
{
	char *const arguments[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c",
				   (char *)(uintptr_t)command, NULL};
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	execve("/bin/sh", arguments, environment);
	_exit(127);
}

static pid_t spawn(const struct hooks *h, const char *command, const char *test_case,
		   const char *what)
{
	char **environment = g_get_environ();
	pid_t pid;

	environment = g_environ_setenv(environment, "ASSAY_ROLE", h->role ? h->role : "", TRUE);
	environment =
		g_environ_setenv(environment, "ASSAY_TARGET", h->target ? h->target : "", TRUE);
	environment = g_environ_setenv(environment, "ASSAY_CASE", test_case ? test_case : "", TRUE);
	environment = g_environ_setenv(environment, "ASSAY_TRIGGER", what ? what : "", TRUE);
	pid = fork();
	if (pid == 0)
		become(command, environment);
	g_strfreev(environment);
	if (pid > 0)
		setpgid(pid, pid);
	return pid > 0 ? pid : 0;
}

/* True if the process has ended; its exit status, or -1 if a signal ended it. */
static bool has_ended(pid_t pid, int *status)
{
	int raw;
	pid_t got = waitpid(pid, &raw, WNOHANG);

	if (got == 0 || (got < 0 && errno == EINTR))
		return false;
	*status = got == pid && WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
	return true;
}

static bool wait_for(pid_t pid, unsigned seconds, int *status)
{
	gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;

	while (!has_ended(pid, status)) {
		if (g_get_monotonic_time() > until)
			return false;
		g_usleep(POLL);
	}
	return true;
}

static void end(pid_t pid)
{
	int status;

	if (!pid)
		return;
	kill(-pid, SIGTERM);
	if (!wait_for(pid, PATIENCE, &status)) {
		kill(-pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	kill(-pid, SIGKILL); /* what is left of the group */
}

static bool run(struct hooks *h, const char *command, const char *test_case, unsigned seconds)
{
	int status = -1;
	pid_t pid;

	if (!command)
		return true;
	pid = spawn(h, command, test_case, NULL);
	if (!pid)
		return false;
	if (wait_for(pid, seconds, &status))
		return status == 0;
	end(pid);
	return false;
}

bool hooks_start(struct hooks *h)
{
	if (!h->start)
		return true;
	h->started = spawn(h, h->start, NULL, NULL);
	return h->started != 0;
}

bool hooks_died(struct hooks *h)
{
	int status;

	if (!h->started || !has_ended(h->started, &status))
		return false;
	h->started = 0;
	return status != 0;
}

bool hooks_reset(struct hooks *h, const char *test_case)
{
	hooks_end_trigger(h);
	/* Without a reset of its own, a device is started again. */
	if (h->reset || !h->start)
		return run(h, h->reset, test_case, RESET_SECONDS);
	end(h->started);
	return hooks_start(h);
}

bool hooks_check(struct hooks *h, const char *test_case)
{
	return run(h, h->check, test_case, CHECK_SECONDS);
}

bool hooks_trigger(struct hooks *h, const char *test_case, const char *what)
{
	hooks_end_trigger(h);
	if (!h->trigger)
		return false;
	h->triggered = spawn(h, h->trigger, test_case, what);
	return h->triggered != 0;
}

bool hooks_unable(struct hooks *h)
{
	int status;

	if (!h->triggered || !has_ended(h->triggered, &status))
		return false;
	h->triggered = 0;
	return status == HOOK_UNABLE;
}

void hooks_end_trigger(struct hooks *h)
{
	end(h->triggered);
	h->triggered = 0;
}

void hooks_end(struct hooks *h)
{
	hooks_end_trigger(h);
	end(h->started);
	h->started = 0;
}
