# Libraries from outside. Debian 12 has all of them; installer/dependencies.sh installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(CURL REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
find_package(date REQUIRED)
find_package(simdjson REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)

find_path(QRCODEGEN_INCLUDE_DIR qrcodegen.hpp PATH_SUFFIXES qrcodegencpp qrcodegen REQUIRED)
find_library(QRCODEGEN_LIBRARY qrcodegencpp REQUIRED)
add_library(qrcodegen_cpp INTERFACE)
target_include_directories(qrcodegen_cpp SYSTEM INTERFACE "${QRCODEGEN_INCLUDE_DIR}")
target_link_libraries(qrcodegen_cpp INTERFACE "${QRCODEGEN_LIBRARY}")

add_library(boost_headers INTERFACE)
target_include_directories(boost_headers SYSTEM INTERFACE "${Boost_INCLUDE_DIRS}")
target_link_libraries(boost_headers INTERFACE Threads::Threads)

# What reads codes from pictures. Without these tillside-inspect is not built; the tests need zxing-cpp in any case.
find_package(ZXing QUIET)
find_package(PNG QUIET)
find_package(JPEG QUIET)

# What tillside-odbc reads databases through. Without it that program is not built.
find_package(ODBC QUIET)

if(TILLSIDE_TESTS)
  if(NOT ZXing_FOUND)
    message(FATAL_ERROR "zxing-cpp (libzxing-dev) is missing")
  endif()
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()
