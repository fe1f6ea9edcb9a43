# SPDX-License-Identifier: GPL-2.0-or-later
# Helpers that every folder's CMakeLists.txt uses.

# assay_library(NAME SOURCES... [LIBS ...]): a static, position-independent library.
function(assay_library name)
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_library(${name} STATIC ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC assay_flags ${arg_LIBS})
endfunction()

# assay_test(NAME SOURCES... [LIBS ...]): a Criterion program and its ctest entry.
function(assay_test name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_compile_definitions(${name} PRIVATE
    ASSAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    ASSAY_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  target_link_libraries(${name} PRIVATE assay_flags ${arg_LIBS} PkgConfig::CRITERION)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
