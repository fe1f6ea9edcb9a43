# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the output of `ctest --verbose`, prints a line per test program, the reasons of skipped
# tests and the output of failed ones, and writes "PASSED FAILED SKIPPED" to the file `counts`.
# Of a Criterion program its test cases count; of a script whose last line is "N passed, N failed"
# those; any other script counts as one.

function report(outcome, name, detail)
{
	printf "%-8s %s%s\n", outcome, name, detail == "" ? "" : ": " detail
	fflush()
}

# "12: text": a line that test 12 printed.
/^[0-9]+: / {
	id = $1 + 0
	text = substr($0, length($1) + 2)
	output[id, lines[id]++] = text
	if (text ~ /Synthesis: Tested:/) {
		split(text, part, /[:|]/)
		passing[id] += part[5]
		failing[id] += part[7] + part[9]
		counted[id] = 1
	} else if (text ~ /^\[SKIP\] /) {
		skips[id]++
	} else if (text ~ /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/) {
		split(text, part, " ")
		passing[id] = part[1]
		failing[id] = part[3]
		skips[id] = part[5]
		counted[id] = 1
	}
	next
}

# " 3/12 Test #12: name ....   Passed    0.05 sec": the outcome of test 12.
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
	match($0, /#[0-9]+: /)
	id = substr($0, RSTART + 1, RLENGTH - 3) + 0
	rest = substr($0, RSTART + RLENGTH)
	name = rest
	sub(/ .*/, "", name)
	ok = rest ~ / Passed +[0-9.]+ sec/
	if (rest ~ /\*\*\*Skipped /) {
		skipped++
		report("skipped", name, output[id, lines[id] - 1])
		next
	}
	if (!counted[id])
		passing[id] = ok ? 1 : 0
	if (!ok && failing[id] == 0)
		failing[id] = 1
	passed += passing[id]
	failed += failing[id]
	skipped += skips[id]

	detail = passing[id] + 0 " passed"
	if (failing[id])
		detail = detail ", " failing[id] " failed"
	if (skips[id])
		detail = detail ", " skips[id] " skipped"
	if (!ok) {
		first = lines[id] > 300 ? lines[id] - 300 : 0
		for (i = first; i < lines[id]; i++)
			if (output[id, i] !~ /^\[(RUN |PASS)/)
				print "    " output[id, i]
		sub(/.*\*\*\*/, "", rest)
		detail = detail " (" rest ")"
	} else {
		for (i = 0; i < lines[id]; i++)
			if (output[id, i] ~ /^\[SKIP\] /)
				report("skipped", substr(output[id, i], 8))
	}
	report(ok ? "ok" : "failed", name, detail)
}

END {
	print passed + 0, failed + 0, skipped + 0 >counts
}
