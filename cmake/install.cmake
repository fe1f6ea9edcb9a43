# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed besides the program and the plugin, and where to.

# Whoever may not write to the default prefix installs below their home.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  install(CODE "
    if(CMAKE_INSTALL_PREFIX STREQUAL \"${CMAKE_INSTALL_PREFIX}\" AND \"\$ENV{DESTDIR}\" STREQUAL \"\")
      execute_process(COMMAND test -w \"${CMAKE_INSTALL_PREFIX}\" RESULT_VARIABLE read_only)
      if(read_only)
        set(CMAKE_INSTALL_PREFIX \"\$ENV{HOME}/.local\")
        message(STATUS \"${CMAKE_INSTALL_PREFIX} cannot be written to: installing to \${CMAKE_INSTALL_PREFIX}\")
      endif()
    endif()
  ")
endif()

install(FILES tools/man/assay.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES tools/completion/assay DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
