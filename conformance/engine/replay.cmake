# SPDX-License-Identifier: GPL-2.0-or-later
# Captured conversations re-enacted, and made into cases.
assay_library(assay_replay
  ${CMAKE_CURRENT_LIST_DIR}/import.c
  ${CMAKE_CURRENT_LIST_DIR}/replay.c
  ${CMAKE_CURRENT_LIST_DIR}/replay_compare.c
  ${CMAKE_CURRENT_LIST_DIR}/replay_rebuild.c
  ${CMAKE_CURRENT_LIST_DIR}/replay_script.c
  ${CMAKE_CURRENT_LIST_DIR}/replay_settings.c
  LIBS assay_runner assay_engine assay_roles assay_world)

assay_test(test_replay ${CMAKE_CURRENT_LIST_DIR}/tests/test_replay.c LIBS assay_replay)
