# SPDX-License-Identifier: GPL-2.0-or-later
# What roles live in. A library of its own: it needs nothing that reads captures.
assay_library(assay_world
  ${CMAKE_CURRENT_LIST_DIR}/event_queue.c
  ${CMAKE_CURRENT_LIST_DIR}/net.c
  ${CMAKE_CURRENT_LIST_DIR}/net_sockets.c
  ${CMAKE_CURRENT_LIST_DIR}/net_udp.c
  ${CMAKE_CURRENT_LIST_DIR}/pcapng_datagram.c
  ${CMAKE_CURRENT_LIST_DIR}/pcapng_write.c
  ${CMAKE_CURRENT_LIST_DIR}/prng.c
  ${CMAKE_CURRENT_LIST_DIR}/role_options.c
  ${CMAKE_CURRENT_LIST_DIR}/sim.c
  ${CMAKE_CURRENT_LIST_DIR}/uri.c
  ${CMAKE_CURRENT_LIST_DIR}/world.c
  LIBS assay_core PkgConfig::GLIB)

assay_test(test_world
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_event_queue.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_net.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_role_options.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_sim.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_uri.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/toy_role.c
  LIBS assay_world)

assay_test(test_pcapng_write
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_pcapng_write.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/toy_role.c
  LIBS assay_world assay_engine)

assay_test(test_pana_worlds
  ${CMAKE_CURRENT_LIST_DIR}/tests/test_pana_worlds.c
  ${CMAKE_CURRENT_LIST_DIR}/tests/toy_role.c
  LIBS assay_roles assay_world)
