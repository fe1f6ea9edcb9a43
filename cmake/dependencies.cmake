# SPDX-License-Identifier: GPL-2.0-or-later
# The libraries Assay stands on, by the names of their CMake targets.

find_package(PkgConfig REQUIRED)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
if(BUILD_TESTING)
  pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)
endif()

# mbedTLS: a CMake package from 3 on, plain libraries before.
find_package(MbedTLS QUIET CONFIG)
if(NOT TARGET MbedTLS::mbedcrypto)
  foreach(part mbedcrypto mbedx509 mbedtls)
    find_library(${part}_LIBRARY ${part} REQUIRED)
    mark_as_advanced(${part}_LIBRARY)
    add_library(MbedTLS::${part} UNKNOWN IMPORTED)
    set_target_properties(MbedTLS::${part} PROPERTIES IMPORTED_LOCATION ${${part}_LIBRARY})
  endforeach()
endif()

# Wireshark: targets epan, wiretap, wsutil.
if(ASSAY_PLUGIN)
  find_package(Wireshark 4.0 CONFIG REQUIRED)
  pkg_check_modules(GMODULE REQUIRED IMPORTED_TARGET gmodule-2.0)
  set(ASSAY_WIRESHARK_FOLDER ${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION})
endif()
