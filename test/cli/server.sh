# The command line where a server has the data folder open: the same words, through its API.
. "$(dirname "$0")/lib.sh"

data=$scratch/data
film=$scratch/film.mp4

# Starts the server and waits until it says where it listens.
serve() {
    rm -f "$scratch/said"
    "$program" serve --listen 127.0.0.1:0 --data "$data" > "$scratch/said" 2> "$scratch/log" &
    server=$!
    for wait in $(seq 300); do
        grep -qs listens "$scratch/said" && break
        sleep 0.1
    done
}

serve
trap 'kill "$server" 2>/dev/null; wait "$server"; rm -rf "$scratch"' EXIT
url=$(sed -n 's/.*\(http[^ ]*\)/\1/p' "$scratch/said")
project() { "$program" project "$@" --data "$data"; }

test -n "$url"
ok $? "the server says where it listens"
"$program" make --prompt "a kettle" --data "$data" -o "$film" > /dev/null 2>&1
test $? -ne 0
ok $? "make does not take the folder away from it"
project list > "$scratch/list"
same "there are no projects yet" "" "$(cat "$scratch/list")"

# A project is made with the program's own client, as a script would do it with curl.
"$program" project list --server "$url" > /dev/null
ok $? "a server can be named"
"$program" project list --server http://127.0.0.1:9 > /dev/null 2> "$scratch/why"
test $? -ne 0 && grep -q 'does not answer' "$scratch/why"
ok $? "one that is not there is said to be so"

# Another data folder, made by the command line alone, handed to a server.
kill "$server"
wait "$server"
same "the server ends well when told to" 0 $?
test ! -e "$data/server.json"
ok $? "and no longer says it listens"
"$program" make --mode ad-creative --prompt "A cold kitchen before dawn" --product "a red enamel kettle" \
    --duration 15 --size 480p --scenes 3 --data "$data" --json -o "$film" > "$scratch/made"
id=$(word projectId < "$scratch/made")
serve

project show "$id" | grep -q completed
ok $? "the board is shown"
project show "$(echo "$id" | cut -c 1-22)" | grep -q "$id"
ok $? "an id may be shortened"
project reorder "$id" 2,1,3 > /dev/null
ok $? "scenes are put into another order"
project reorder "$id" 2,1 > /dev/null 2> "$scratch/why"
test $? -ne 0 && grep -q 'scene 3 is missing' "$scratch/why"
ok $? "a refusal comes in the server's words"
project trim "$id" 2 --in 0.5 --out 1.5 | grep -q 'scene 2'
ok $? "a scene is trimmed"
project plan "$id" | grep -q 'stale *film'
ok $? "the plan says what that made stale"
project compose "$id" -o "$scratch/cut.mp4" > /dev/null
ok $? "the film is cut and brought here"
frames=$("$program" media frames "$scratch/cut.mp4" | wc -l)
test -n "$frames" && test "$frames" -lt 360
ok $? "it is shorter by the trim"
project upload "$id" 3 "$scratch/cut.mp4" | grep -q 'scene 3'
ok $? "a clip of one's own is sent"
same "it is the scene's second take" 2 "$(project takes "$id" 3 | wc -l | tr -d ' ')"
project select "$id" 3 1 > /dev/null
ok $? "and the first is chosen again"
project sheet "$id" -o "$scratch/sheet.png" > /dev/null 2> "$scratch/why"
test $? -ne 0 && grep -q 'cannot be done through a server' "$scratch/why"
ok $? "what the API has not is said to be so"
project delete "$id" > /dev/null
same "deleted, there is nothing left" 0 "$(project list | wc -l | tr -d ' ')"

kill -9 "$server"
wait "$server" 2> /dev/null
project list > /dev/null
ok $? "after a server that was killed the folder is free"
same "no strays" 0 "$(strays "$data")"
finish
