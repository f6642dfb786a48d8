# cmake -DIN= -DOUT= [-DHEAD=<first line>] -P ship.cmake: a script without its comments, indentation and blank lines. A comment begins with
# "// " at the start of a line or behind two blanks, which no string of ours holds.
file(READ "${IN}" text)
string(REGEX REPLACE "(^|\n| ) *// [^\n]*" "\\1" text "${text}")
string(REGEX REPLACE " +\n" "\n" text "${text}")
string(REGEX REPLACE "\n[ \n]+" "\n" text "${text}")
string(REGEX REPLACE "^\n+" "" text "${text}")
if(HEAD)
  string(PREPEND text "${HEAD}\n")
endif()
file(WRITE "${OUT}" "${text}")
