# SPDX-License-Identifier: GPL-2.0-or-later
# Case files: the language, and where suites are.
assay_library(assay_case
  ${CMAKE_CURRENT_LIST_DIR}/case_check.c
  ${CMAKE_CURRENT_LIST_DIR}/case_each.c
  ${CMAKE_CURRENT_LIST_DIR}/case_lex.c
  ${CMAKE_CURRENT_LIST_DIR}/case_line.c
  ${CMAKE_CURRENT_LIST_DIR}/case_model.c
  ${CMAKE_CURRENT_LIST_DIR}/case_parse.c
  ${CMAKE_CURRENT_LIST_DIR}/case_path.c
  ${CMAKE_CURRENT_LIST_DIR}/case_steps.c
  ${CMAKE_CURRENT_LIST_DIR}/case_value.c
  ${CMAKE_CURRENT_LIST_DIR}/case_words.c
  LIBS assay_engine assay_core PkgConfig::GLIB)
target_compile_definitions(assay_case PRIVATE
  ASSAY_SUITES_DIR="${CMAKE_SOURCE_DIR}/conformance/suites"
  ASSAY_SUITES_INSTALL_DIR="${CMAKE_INSTALL_FULL_DATADIR}/assay/suites")
install(DIRECTORY ${CMAKE_SOURCE_DIR}/conformance/suites/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/assay/suites
  FILES_MATCHING PATTERN "*.case" PATTERN "*.txt")

assay_test(test_case_files
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_case.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_suites.c
  LIBS assay_case)
