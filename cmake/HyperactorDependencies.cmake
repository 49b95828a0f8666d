# What the library stands on. Nothing is ever downloaded.
find_package(Threads REQUIRED)

# CONFIG: CMake 3.30 drops its own FindBoost, and every package of Boost 1.81 or later brings BoostConfig.cmake.
find_package(Boost 1.81 CONFIG QUIET)
if(NOT Boost_FOUND)
  message(FATAL_ERROR "hyperactor: Boost 1.81 or later is needed (Hana, PFR and System's result; headers only). "
                      "Debian 12: apt-get install --no-install-recommends libboost1.81-dev "
                      "(libboost-dev is 1.74, too old, and has to go)")
endif()

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
find_package(asio 1.22 QUIET MODULE)
list(POP_FRONT CMAKE_MODULE_PATH)
if(NOT asio_FOUND)
  message(FATAL_ERROR "hyperactor: standalone Asio 1.22.1 or later is needed. "
                      "Debian: apt-get install --no-install-recommends libasio-dev")
endif()

# no version in the call: Conan's generated version file takes only the same major release, we take any from 9.1 on
find_package(fmt CONFIG QUIET)
if(NOT fmt_FOUND OR fmt_VERSION VERSION_LESS 9.1)
  message(FATAL_ERROR "hyperactor: fmt 9.1 or later is needed. Debian: apt-get install --no-install-recommends libfmt-dev")
endif()
