# Puts a file's bytes into the program, with any compiler: the build writes an array from them.
#
#   tillside_embed(OUT_VARIABLE NAME FILE)
#
# OUT_VARIABLE receives the generated source to add to a target. It defines
#   namespace tillside::embedded { std::string_view NAME(); }
# which the user declares where it is wanted. An empty file gives an empty view. The file is read again when it changes.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${IN}" bytes HEX)
  string(REPEAT "." 32 sixteen_bytes)
  string(REGEX REPLACE "(${sixteen_bytes})" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  file(WRITE "${OUT}" "#include <cstddef>\n#include <string_view>\n\nnamespace tillside::embedded {\n"
    "namespace {\nconst unsigned char bytes_of_${NAME}[] = {\n${bytes}0};\n}\n"
    "std::string_view ${NAME}();\n"
    "std::string_view ${NAME}() { return {reinterpret_cast<const char*>(bytes_of_${NAME}), sizeof(bytes_of_${NAME}) - 1}; }\n"
    "}  // namespace tillside::embedded\n")
  return()
endif()

set(TILLSIDE_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(tillside_embed out_variable name file)
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp")
  add_custom_command(
    OUTPUT "${generated}"
    COMMAND "${CMAKE_COMMAND}" "-DIN=${file}" "-DOUT=${generated}" "-DNAME=${name}" -P "${TILLSIDE_EMBED_SCRIPT}"
    DEPENDS "${file}" "${TILLSIDE_EMBED_SCRIPT}"
    COMMENT "Embedding ${name}" VERBATIM)
  set(${out_variable} "${generated}" PARENT_SCOPE)
endfunction()
