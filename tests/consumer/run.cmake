# cmake -DWAY=find_package|add_subdirectory -DSOURCE= -DBINARY= -DCOMPILER= -DGENERATOR= [-DPREFIXES=] -P run.cmake
# Builds and runs tests/consumer as a user would.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed)
  if(failed)
    list(JOIN ARGN " " text)
    message(FATAL_ERROR "failed (${failed}): ${text}")
  endif()
endfunction()

file(REMOVE_RECURSE "${BINARY}")
set(common -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Debug)
if(WAY STREQUAL "find_package")
  run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BINARY}/library" ${common} "-DCMAKE_PREFIX_PATH=${PREFIXES}"
    -DHYPERACTOR_BUILD_TESTS=OFF -DHYPERACTOR_BUILD_EXAMPLES=OFF)
  run("${CMAKE_COMMAND}" --install "${BINARY}/library" --prefix "${BINARY}/prefix")
  set(way "-DCMAKE_PREFIX_PATH=${BINARY}/prefix;${PREFIXES}")
else()
  set(way "-DHYPERACTOR_SOURCE=${SOURCE}" "-DCMAKE_PREFIX_PATH=${PREFIXES}")
endif()
run("${CMAKE_COMMAND}" -S "${SOURCE}/tests/consumer" -B "${BINARY}/build" ${common} "${way}")
run("${CMAKE_COMMAND}" --build "${BINARY}/build")
run("${BINARY}/build/consumer")
