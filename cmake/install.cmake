# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed besides the program and the plugin, and where to.

# Whoever may not write to the default prefix installs below their home. (CMake says only at the
# first configuration that the prefix is its own choice.)
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  set(ASSAY_DEFAULT_PREFIX "${CMAKE_INSTALL_PREFIX}" CACHE INTERNAL "prefix that nobody chose")
endif()
install(CODE "
  if(CMAKE_INSTALL_PREFIX STREQUAL \"${ASSAY_DEFAULT_PREFIX}\" AND \"\$ENV{DESTDIR}\" STREQUAL \"\")
    execute_process(COMMAND test -w \"${ASSAY_DEFAULT_PREFIX}\" RESULT_VARIABLE read_only)
    if(read_only)
      set(CMAKE_INSTALL_PREFIX \"\$ENV{HOME}/.local\")
      message(STATUS \"${ASSAY_DEFAULT_PREFIX} cannot be written to: \${CMAKE_INSTALL_PREFIX} instead\")
    endif()
  endif()
")

install(FILES tools/man/assay.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES tools/completion/assay DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
