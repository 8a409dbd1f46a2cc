# Edits on a finished film: each makes again exactly what depends on it, and the film follows the board.
. "$(dirname "$0")/lib.sh"

data=$scratch/data
film=$scratch/film.mp4
short_song 8 18 "$scratch/song.wav"
run() { "$program" "$@" --data "$data" --json; }

run make --prompt "A robot dances on a rooftop above the city" --audio "$scratch/song.wav" \
    --size 480p --scenes 4 -o "$film" > "$scratch/made"
ok $? "a film of four scenes"
id=$(word projectId < "$scratch/made")
same "four takes were filmed" 4 "$(tr ',{}' '\n\n\n' < "$scratch/made" | sed -n 's/^"take":\([0-9]*\)$/\1/p' | head -n 1)"
frames=$(number frames < "$scratch/made")
same "as long as the song" 240 "$frames"
"$program" media check "$film" > "$scratch/check"
same "every frame is there" 240 "$(sed -n 's/^frames *//p' "$scratch/check")"
grep -q 'fastStart *true' "$scratch/check"
ok $? "the index is in front"

hashes() { "$program" media frames "$1" | sed 's/^[0-9]* //'; }
hashes "$film" > "$scratch/before"

# lengths of the scenes on the board, in frames, in display order
run project show "$id" > "$scratch/board"
lengths=$(tr ',{}' '\n\n\n' < "$scratch/board" | sed -n 's/^"usedFrames":\([0-9]*\)$/\1/p')
set -- $lengths

run project reorder "$id" 3,1,2,4 > /dev/null
ok $? "scenes are put into another order"
run project generate "$id" -o "$film" > "$scratch/redo"
ok $? "and the film is made again"
grep -q '"made":{[^}]*"take":0,"lip-sync":0,"clip":0,"poster":0,"voice":0,"track":0,"film":1}' "$scratch/redo"
ok $? "making only the film"
hashes "$film" > "$scratch/after"
{
    tail -n +$(($1 + $2 + 1)) "$scratch/before" | head -n "$3"
    head -n $(($1 + $2)) "$scratch/before"
    tail -n "$4" "$scratch/before"
} > "$scratch/wanted"
cmp -s "$scratch/wanted" "$scratch/after"
ok $? "its frames are in the board's order, bit for bit"

run project reorder "$id" 1,2,4 > /dev/null 2>&1
same "an order that forgets a scene is refused" 2 $?

run project trim "$id" 2 --in 0.25 --out 1.25 > /dev/null
ok $? "a scene is trimmed"
run project generate "$id" -o "$film" > "$scratch/redo"
grep -q '"made":{[^}]*"take":0,"lip-sync":0,"clip":1,"poster":0,"voice":0,"track":1,"film":1}' "$scratch/redo"
ok $? "its clip, the track and the film are made, no take"
same "the film is as long as its scenes" $(($1 + 24 + $3 + $4)) "$(hashes "$film" | wc -l | tr -d ' ')"
run project trim "$id" 2 --in 0.25 --out 100 > /dev/null 2>&1
same "a trim outside the take is refused" 2 $?
run project untrim "$id" 2 > /dev/null
run project reorder "$id" 1,2,3,4 > /dev/null
run project generate "$id" -o "$film" > "$scratch/redo"
hashes "$film" > "$scratch/after"
cmp -s "$scratch/before" "$scratch/after"
ok $? "un-trimmed and back in order it is the first film again"

run project regenerate "$id" 2 --seed 99 > "$scratch/redo"
grep -q '"made":{[^}]*"take":1,"lip-sync":0,"clip":1,"poster":0,"voice":0,"track":0,"film":0}' "$scratch/redo"
ok $? "a scene is filmed again: one take and its clip"
run project generate "$id" -o "$film" > "$scratch/redo"
grep -q '"made":{[^}]*"take":0,"lip-sync":0,"clip":0,"poster":0,"voice":0,"track":0,"film":1}' "$scratch/redo"
ok $? "and then only the film is made"
hashes "$film" > "$scratch/after"
head -n "$1" "$scratch/after" > "$scratch/head"
head -n "$1" "$scratch/before" | cmp -s - "$scratch/head"
ok $? "the other scenes are as they were"
run project select "$id" 2 1 > /dev/null
run project generate "$id" -o "$film" > /dev/null
hashes "$film" | cmp -s - "$scratch/before"
ok $? "and the first take can be put back"

run project reorder "$id" 4,3,2,1 > /dev/null
run project edit "$id" 1 --prompt "A robot sleeps on a rooftop in the snow" > /dev/null
run project compose "$id" -o "$film" > "$scratch/redo"
grep -q '"made":{[^}]*"take":0,"lip-sync":0,"clip":0,"poster":0,"voice":0,"track":0,"film":1}' "$scratch/redo"
ok $? "composing cuts the takes that are there and films nothing"
hashes "$film" > "$scratch/after"
{
    tail -n "$4" "$scratch/before"
    tail -n +$(($1 + $2 + 1)) "$scratch/before" | head -n "$3"
    tail -n +$(($1 + 1)) "$scratch/before" | head -n "$2"
    head -n "$1" "$scratch/before"
} > "$scratch/wanted"
cmp -s "$scratch/wanted" "$scratch/after"
ok $? "in the board's order, whatever the words say by now"

run project add "$id" "A red balloon drifts over the roofs" --after 4 --duration 1 > /dev/null
ok $? "a scene from an idea"
run project compose "$id" > /dev/null 2>&1
same "without a take it cannot be cut" 1 $?
run project upload "$id" 5 "$film" > /dev/null
ok $? "a clip of one's own is its take"
run project compose "$id" -o "$scratch/longer.mp4" > /dev/null
same "and the film is longer by it" 264 "$(hashes "$scratch/longer.mp4" | wc -l | tr -d ' ')"
run project generate "$id" --scenes 1 > "$scratch/redo"
grep -q '"made":{[^}]*"take":1,"lip-sync":0,"clip":1,"poster":0,"voice":0,"track":0,"film":0}' "$scratch/redo"
ok $? "one scene alone is filmed"
run project delete-scene "$id" 5 > /dev/null
ok $? "a scene is deleted"
run project duplicate "$id" > "$scratch/copy"
copy=$(word projectId < "$scratch/copy")
run project generate "$copy" -o "$scratch/copy.mp4" > "$scratch/redo"
grep -q '"made":{[^}]*"take":0,"lip-sync":0,"clip":0,' "$scratch/redo"
ok $? "a copy brings its takes along"
run project plan "$copy" --again > /dev/null
ok $? "and gets new scenes"
run project delete "$copy" > /dev/null
ok $? "and goes again"

run make --prompt "A robot dances on a rooftop above the city" --audio "$scratch/song.wav" \
    --size 480p --scenes 4 -o "$scratch/second.mp4" > "$scratch/made"
grep -q '"made":{[^}]*"take":0,' "$scratch/made"
ok $? "the same film in another project films nothing"
hashes "$scratch/second.mp4" | cmp -s - "$scratch/before"
ok $? "and is the same film"
run project delete "$id" > /dev/null
run project export "$(word projectId < "$scratch/made")" -o "$scratch/third.mp4" > /dev/null
cmp -s "$scratch/second.mp4" "$scratch/third.mp4"
ok $? "deleting one project takes nothing from the other"

run make --prompt "A robot dances on a rooftop above the city" --audio "$scratch/song.wav" --duration 4 \
    --size 480p --scenes 2 -o "$scratch/early.mp4" > "$scratch/made"
ok $? "a film that stops before its song does"
loud() { "$program" media waveform "$1" --bins "$2" | tr -d '[]{} ' | tr ',' '\n' | sed 's/.*://'; }
"$program" media cut "$scratch/song.wav" --in 3.5 --out 4 -o "$scratch/there.wav"
loud "$scratch/there.wav" 1 | awk '{ exit !($1 > 0.1) }'
ok $? "where the song is loud"
loud "$scratch/early.mp4" 40 | awk '{ last = $1; if ($1 > most) most = $1 } END { exit !(NR == 40 && last < most / 8) }'
ok $? "ends on a fade"
loud "$film" 100 | awk '{ last = $1; if ($1 > most) most = $1 } END { exit !(NR == 100 && last > most / 8) }'
ok $? "one as long as its song ends as the song does"

run project sheet "$(word projectId < "$scratch/made")" -o "$scratch/sheet.png" > /dev/null
[ -s "$scratch/sheet.png" ]
ok $? "a storyboard sheet"
same "no stray files" 0 "$(strays "$scratch")"
finish
