# SPDX-License-Identifier: GPL-2.0-or-later
# Functions that every folder's CMakeLists.txt uses.

# A test whose output has one of these has failed, whatever its exit code.
set(ASSAY_SANITIZER_FINDING "ERROR: AddressSanitizer" "ERROR: LeakSanitizer" ": runtime error: ")

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
  # Verbose, so that skipped tests are told. A leak is found after Criterion has judged the test.
  set_tests_properties(${name} PROPERTIES TIMEOUT 120
    ENVIRONMENT "CRITERION_VERBOSITY_LEVEL=1;UBSAN_OPTIONS=print_stacktrace=1"
    FAIL_REGULAR_EXPRESSION "${ASSAY_SANITIZER_FINDING}")
endfunction()

# assay_script_test(NAME COMMAND [ARGUMENT...]): a program or script that passes with exit code 0,
# is skipped with 77, and else fails. COMMAND may be relative to the calling folder. It finds in its
# environment: ASSAY, the program under test; ASSAY_PLUGIN_BUILD, a build folder whose plugin an
# ordinary tshark can load (empty: there is none; skip); ASSAY_SOURCE_DIR; ASSAY_SHARED_DIR;
# ASSAY_BUILD_DIR, this build's folder. A script that counts its checks says so in a last line
# "N passed, N failed".
function(assay_script_test name command)
  if(NOT BUILD_TESTING)
    return()
  endif()
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${command})
    set(command ${CMAKE_CURRENT_SOURCE_DIR}/${command})
  endif()
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E env
    "ASSAY=$<$<TARGET_EXISTS:assay>:$<TARGET_FILE:assay>>"
    "ASSAY_PLUGIN_BUILD=${ASSAY_PLUGIN_BUILD}"
    "ASSAY_BUILD_DIR=${CMAKE_BINARY_DIR}"
    "ASSAY_SOURCE_DIR=${CMAKE_SOURCE_DIR}"
    "ASSAY_SHARED_DIR=${CMAKE_SOURCE_DIR}/../shared"
    ${command} ${ARGN})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
    ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1"
    FAIL_REGULAR_EXPRESSION "${ASSAY_SANITIZER_FINDING}")
endfunction()

# assay_script_folder(FOLDER): every executable *.sh and *.py of FOLDER is a script test of its name.
function(assay_script_folder folder)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.sh
    ${CMAKE_SOURCE_DIR}/${folder}/*.py)
  foreach(script IN LISTS scripts)
    execute_process(COMMAND test -x ${script} RESULT_VARIABLE not_executable)
    get_filename_component(name ${script} NAME_WE)
    if(NOT not_executable AND NOT TEST ${name})
      assay_script_test(${name} ${script})
    endif()
  endforeach()
endfunction()

# assay_wireshark_plugin(NAME SOURCES... [LIBS ...]): an epan plugin, the file assay.so, built where
# WIRESHARK_PLUGIN_DIR=<build>/plugins finds it, and installed into Wireshark's plugin folder. The
# object library NAME_objects is the same code for programs that link it with libwireshark and call
# plugin_register() themselves. Needs find_package(Wireshark).
function(assay_wireshark_plugin name)
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_library(${name}_objects OBJECT ${arg_UNPARSED_ARGUMENTS})
  # Wireshark 4.4's epan no longer brings wiretap and gmodule along. Imported targets' headers count
  # as system headers, so that our warnings do not apply to them.
  target_link_libraries(${name}_objects PUBLIC assay_flags ${arg_LIBS} epan wiretap wsutil
    PkgConfig::GMODULE PkgConfig::GLIB)

  add_library(${name} MODULE)
  target_link_libraries(${name} PRIVATE ${name}_objects)
  set_target_properties(${name} PROPERTIES PREFIX "" OUTPUT_NAME assay
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins/${ASSAY_WIRESHARK_FOLDER}/epan)
  # Our own names bind to our own code, whatever libwireshark exports.
  target_link_options(${name} PRIVATE -Wl,-Bsymbolic -Wl,--exclude-libs,ALL)
  # clang keeps a sanitizer's runtime out of shared objects.
  if(NOT (CMAKE_C_COMPILER_ID MATCHES Clang AND ASSAY_SANITIZE))
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
  assay_install_plugin(${name})
endfunction()

# The plugin goes where the Wireshark of whoever installs it looks: the system folder for root and
# under DESTDIR, else the personal one. -DASSAY_PLUGIN_INSTALL_DIR=FOLDER overrides both.
function(assay_install_plugin name)
  install(CODE "
    set(folder \"${ASSAY_PLUGIN_INSTALL_DIR}\")
    if(NOT folder)
      execute_process(COMMAND id -u OUTPUT_VARIABLE uid OUTPUT_STRIP_TRAILING_WHITESPACE)
      if(uid EQUAL 0 OR NOT \"\$ENV{DESTDIR}\" STREQUAL \"\")
        set(folder \"${Wireshark_PLUGIN_INSTALL_DIR}/epan\")
      else()
        set(folder \"\$ENV{HOME}/.local/lib/wireshark/plugins/${ASSAY_WIRESHARK_FOLDER}/epan\")
      endif()
    endif()
    file(INSTALL DESTINATION \"\${folder}\" TYPE MODULE FILES \"$<TARGET_FILE:${name}>\")
  ")
endfunction()
