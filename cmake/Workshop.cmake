# How our own code is compiled: standard, warnings, sanitizers, and the helpers that name targets.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(TILLSIDE_TESTS "Build the tests" ON)
option(TILLSIDE_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(TILLSIDE_SANITIZE "" CACHE STRING "Value of -fsanitize= for every target, e.g. address,undefined or thread")

# Several sources of a room in one compilation: a cold build takes half the time. Each must still compile by itself
# (preset dev builds so), and no two of a room may give one name to different things.
option(TILLSIDE_UNITY "Compile a room's sources together" OFF)
set(CMAKE_UNITY_BUILD ${TILLSIDE_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
if(TILLSIDE_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-subobject-linkage)  # takes an included source for a header
endif()

find_program(TILLSIDE_CCACHE ccache)
if(TILLSIDE_CCACHE)
  # The sloppiness is what ccache asks for before it keeps objects that were built with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${TILLSIDE_CCACHE}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<BOOL:$<TARGET_PROPERTY:PRECOMPILE_HEADERS_REUSE_FROM>>:-fpch-preprocess>)
  endif()
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  find_program(TILLSIDE_LLD NAMES ld.lld-19 ld.lld)
else()
  find_program(TILLSIDE_LLD NAMES ld.lld)
endif()
if(TILLSIDE_LLD AND NOT WIN32)
  add_link_options(-fuse-ld=lld)
endif()

if(TILLSIDE_SANITIZE)
  add_compile_options(-fsanitize=${TILLSIDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${TILLSIDE_SANITIZE})
endif()

if(TILLSIDE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # libFuzzer must see into the rooms, not only into its own targets
endif()

add_library(tillside_warnings INTERFACE)
if(MSVC)
  target_compile_options(tillside_warnings INTERFACE /W4 /WX /utf-8)
else()
  target_compile_options(tillside_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
endif()

# tillside_room(PATH): adds a room's folder.
function(tillside_room path)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${path}/CMakeLists.txt")
    add_subdirectory(${path})
  endif()
endfunction()

# tillside_library(NAME SOURCES ... USES ...): one room as a static library.
# Headers are included by their path from the top: "agent/domain/money.h".
function(tillside_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE_USES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${ARG_USES} PRIVATE tillside_warnings ${ARG_PRIVATE_USES})
endfunction()

# tillside_small(TARGET): code that runs once for a person is shipped small; it lies in the same program as the agent.
function(tillside_small name)
  if(NOT MSVC)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
endfunction()

# tillside_test_options(TARGET): how a test's own code is compiled; the same for all, so that they share one header.
function(tillside_test_options name)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gmock GTest::gtest_main tillside_warnings)
  target_compile_definitions(${name} PRIVATE TILLSIDE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT MSVC AND NOT TILLSIDE_SANITIZE)
    target_compile_options(${name} PRIVATE -O0)  # the rooms are optimised; a test's own code only costs build time
  endif()
endfunction()

# What nearly every test includes, compiled once. No JSON: what it instantiates would be compiled again for each test.
function(tillside_test_headers)
  add_executable(tillside_test_headers "${PROJECT_SOURCE_DIR}/tests/test_headers.cpp")
  tillside_test_options(tillside_test_headers)
  target_precompile_headers(tillside_test_headers PRIVATE
    <gtest/gtest.h> <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <set> <string> <vector>)
endfunction()

# tillside_test(NAME SOURCES ... USES ...): one GoogleTest program, one ctest entry labelled by its folder.
function(tillside_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_USES})
  tillside_test_options(${name})
  target_precompile_headers(${name} REUSE_FROM tillside_test_headers)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
