# The whole project against single_include/: a folder of forwarding headers, one for each header of include/, each of
# which includes the generated file. The tests then run unchanged.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(_forward "${CMAKE_CURRENT_BINARY_DIR}/single_include")
execute_process(
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/tools/amalgamate.py --forward ${_forward}
  RESULT_VARIABLE _failed)
if(_failed)
  message(FATAL_ERROR "hyperactor: tools/amalgamate.py --forward failed")
endif()
target_include_directories(hyperactor INTERFACE "${_forward}")
