#!/bin/sh
# The money sweep: run.sh PROGRAM KILL_AT [OPTIONS of sweep.mjs]. Says so in TAP when it has to be left out.

command -v node >/dev/null || { printf '1..1\nok 1 - the money sweep # SKIP node is not installed\n'; exit 0; }
program=$(realpath "$1")
kill_at=$(realpath "$2")
shift 2
exec node "$(dirname "$0")/sweep.mjs" --program "$program" --kill-at "$kill_at" "$@"
