# References on the command line: four pictures to choose from that are unlike each other and the same every time, a
# picture of one's own kept byte for byte, refusals that keep nothing, and a film that shows the one chosen.
. "$(dirname "$0")/lib.sh"

data=$scratch/data
reference() { "$program" reference --data "$data" "$@"; }
count_references() { find "$data/media/mv/references" -type f 2>/dev/null | wc -l | tr -d ' '; }

who="a woman with long red hair in a green jacket"
reference generate "$who" -o "$scratch/one" > "$scratch/list"
same "four are listed" 4 "$(grep -c 'character  generated  1024x1024' "$scratch/list")"
same "four are unlike" 4 "$(sha256sum "$scratch"/one/*.png | cut -c1-64 | sort -u | wc -l | tr -d ' ')"
reference generate "$who" -o "$scratch/two" > /dev/null
diff -r "$scratch/one" "$scratch/two" > /dev/null
ok $? "the same wish gives the same pictures"
same "which are kept once" 4 "$(count_references)"
reference generate "$who" --seed 9 -o "$scratch/three" > /dev/null
! cmp -s "$scratch/one/1.png" "$scratch/three/1.png"
ok $? "another seed gives others"

id=$(reference upload "$examples/kettle.png" --kind product --name "The kettle" --json | word referenceId)
reference show "$id" -o "$scratch/back.png" > "$scratch/shown"
cmp -s "$examples/kettle.png" "$scratch/back.png"
ok $? "a picture of one's own comes back byte for byte"
grep -q "product .*The kettle" "$scratch/shown"
ok $? "under the name it was given"

before=$(count_references)
printf 'no picture\n' > "$scratch/letter.png"
head -c 3000 "$examples/kettle.png" > "$scratch/torn.png"
: > "$scratch/empty.png"
for bad in letter torn empty none; do
    reference upload "$scratch/$bad.png" > /dev/null 2> "$scratch/err"
    got=$?
    [ "$got" != 0 ] && grep -q "$bad.png" "$scratch/err"
    ok $? "$bad.png is refused by name"
done
for wish in "" "x --kind villain" "x --style nobody" "x --model photographer"; do
    # Unquoted on purpose: words and options.
    reference generate ${wish:-"  "} > /dev/null 2>&1
    same "a wish for \"$wish\" is wrong usage" 2 "$?"
done
same "what was refused was not kept" "$before" "$(count_references)"

short_song 0 6 "$scratch/song.wav"
"$program" make --prompt "A courier crosses the city" --character "$who" --character-image "$scratch/one/2.png" \
    --audio "$scratch/song.wav" --size 480p --data "$data" -o "$scratch/film.mp4" > /dev/null 2>&1
ok $? "the one chosen makes it into a film"
same "no strays" 0 "$(strays "$data")"
finish
