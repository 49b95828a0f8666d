# What only this project's own tests and examples are built with: warnings, sanitizers, ccache, test functions.
# Nothing here reaches the users of hyperactor::hyperactor.
option(HYPERACTOR_WERROR "Warnings are errors in tests and examples" ON)
set(HYPERACTOR_SANITIZE "" CACHE STRING "Value of -fsanitize= for tests and examples, such as address,undefined")

find_program(HYPERACTOR_CCACHE ccache)
mark_as_advanced(HYPERACTOR_CCACHE)
if(HYPERACTOR_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # precompiled headers need the sloppiness; the base directory makes two checkouts share their results
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_CURRENT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${HYPERACTOR_CCACHE})
endif()

add_library(hyperactor_dev_options INTERFACE)
target_compile_options(hyperactor_dev_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${HYPERACTOR_WERROR}>:-Werror>
  # std::string's operator+ (GCC bug 105329) trips this one in the standard library of g++ 12
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # g++ makes the tail calls of coroutines at -O2 only, unless it is told to
  $<$<CXX_COMPILER_ID:GNU>:-foptimize-sibling-calls>
  $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
if(HYPERACTOR_SANITIZE)
  target_compile_options(hyperactor_dev_options INTERFACE
    -fsanitize=${HYPERACTOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hyperactor_dev_options INTERFACE -fsanitize=${HYPERACTOR_SANITIZE})
endif()
