# SPDX-License-Identifier: GPL-2.0-or-later
# What plays cases against a device, and says what came of them.
assay_library(assay_runner
  ${CMAKE_CURRENT_LIST_DIR}/baseline.c
  ${CMAKE_CURRENT_LIST_DIR}/device_profile.c
  ${CMAKE_CURRENT_LIST_DIR}/evidence.c
  ${CMAKE_CURRENT_LIST_DIR}/expect.c
  ${CMAKE_CURRENT_LIST_DIR}/hooks.c
  ${CMAKE_CURRENT_LIST_DIR}/message.c
  ${CMAKE_CURRENT_LIST_DIR}/mutate.c
  ${CMAKE_CURRENT_LIST_DIR}/mutate_edit.c
  ${CMAKE_CURRENT_LIST_DIR}/player.c
  ${CMAKE_CURRENT_LIST_DIR}/reading.c
  ${CMAKE_CURRENT_LIST_DIR}/runner.c
  ${CMAKE_CURRENT_LIST_DIR}/runner_play.c
  ${CMAKE_CURRENT_LIST_DIR}/runner_steps.c
  ${CMAKE_CURRENT_LIST_DIR}/runner_wait.c
  ${CMAKE_CURRENT_LIST_DIR}/target.c
  ${CMAKE_CURRENT_LIST_DIR}/test_report.c
  ${CMAKE_CURRENT_LIST_DIR}/test_report_jsonl.c
  ${CMAKE_CURRENT_LIST_DIR}/test_report_junit.c
  ${CMAKE_CURRENT_LIST_DIR}/test_report_tap.c
  ${CMAKE_CURRENT_LIST_DIR}/value_parse.c
  LIBS assay_case assay_world assay_roles assay_engine PkgConfig::GLIB)

assay_test(test_runner
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_mutate.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_runner.c
  LIBS assay_runner)
