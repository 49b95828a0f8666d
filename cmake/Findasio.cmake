# Finds standalone Asio, which has no CMake files of its own: target asio::asio.
find_package(asio CONFIG QUIET)  # Conan and vcpkg bring one
if(TARGET asio::asio)
  set(asio_FOUND TRUE)
  return()
endif()
find_path(asio_INCLUDE_DIR NAMES asio.hpp)
mark_as_advanced(asio_INCLUDE_DIR)
if(asio_INCLUDE_DIR AND EXISTS "${asio_INCLUDE_DIR}/asio/version.hpp")
  file(STRINGS "${asio_INCLUDE_DIR}/asio/version.hpp" _line REGEX "#define ASIO_VERSION [0-9]+")
  if(_line MATCHES "ASIO_VERSION ([0-9]+)")  # the line ends in a comment: do not match at its end
    set(_number "${CMAKE_MATCH_1}")
    math(EXPR _major "${_number} / 100000")
    math(EXPR _minor "${_number} / 100 % 1000")
    math(EXPR _patch "${_number} % 100")
    set(asio_VERSION "${_major}.${_minor}.${_patch}")
  endif()
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(asio REQUIRED_VARS asio_INCLUDE_DIR VERSION_VAR asio_VERSION)
if(asio_FOUND AND NOT TARGET asio::asio)
  find_package(Threads QUIET)
  add_library(asio::asio INTERFACE IMPORTED)
  set_target_properties(asio::asio PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${asio_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS ASIO_STANDALONE
    INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
