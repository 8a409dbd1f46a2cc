# What a provider does not film: a scene whose content is refused fails alone and with the provider's words, the rest is made
# and can be cut with a card in its place; where another model may stand in it does, and its take says so.
. "$(dirname "$0")/lib.sh"

command -v node > /dev/null || { echo "1..0 # SKIP there is no node to run the emulator"; exit 0; }
data=$scratch/data
run() { "$program" "$@" --data "$data"; }

clips_to_give
cat > "$scratch/faults.json" << END
{"rules": [{"provider": "replicate", "op": "run", "model": "google/veo-3.1-fast", "fault": "refused", "nth": [1]},
  {"provider": "replicate", "op": "predictions.create", "model": "google/veo-3.1", "fault": "no-credit"}]}
END
emulate_replicate

ad() {
    run make --mode ad-creative --prompt "A cold kitchen before dawn" --product "Ember, a kettle" --duration 15 --scenes 4 \
        --size 480p --budget 20 "$@"
}
ad --video veo-3.1-fast --fallback animatic -o "$scratch/film.mp4" > "$scratch/log" 2>&1
same "a film with a refused scene is not called made" 1 $?
grep -q 'flagged as sensitive' "$scratch/log"
ok $? "the provider's own words are said"
id=$(run project list --json | word projectId)
same "the other scenes were filmed, and the refused one nowhere else" 2 "$(grep -c '"billed"' "$scratch/billed")"
run project compose "$id" -o "$scratch/film.mp4" > "$scratch/log" 2>&1
grep -q 'have no take yet' "$scratch/log"
ok $? "a cut of all names what is missing"
run project compose "$id" --partial -o "$scratch/film.mp4" > "$scratch/log" 2>&1
same "a partial cut is made when it is asked for" 0 $?
grep -q '^partial cut; cards hold the place of scene [123]$' "$scratch/log"
ok $? "and says plainly what it is"
same "it is as long as the whole would be" 360 "$("$program" media probe "$scratch/film.mp4" --json | number frames)"
run project show "$id" | grep -q 'the film is a partial cut: 1 scene'
ok $? "the board says it, too"
same "nothing more was bought for it" 2 "$(grep -c '"billed"' "$scratch/billed")"

# The first choice has no credit: the second films, and the takes say why.
ad --video veo-3.1 --fallback veo-3.1-fast --seed 9 -o "$scratch/other.mp4" > "$scratch/log" 2>&1
same "a film is made although the first model cannot be paid" 0 $?
grep -q 'made .*4 takes, 4 clips, .*1 film' "$scratch/log"
ok $? "what was made is told by its names"
other=$(run project list --json | word projectId)
run project takes "$other" 1 > "$scratch/takes"
grep -q 'veo-3.1-fast.*instead of Veo 3.1: .*redit' "$scratch/takes"
ok $? "the take says which model made it, and why not the first"
run project takes "$other" 4 | grep -q 'animatic'
ok $? "the end card is drawn, not bought"
run project takes "$other" 4 | grep -q 'instead of'
same "and that is not instead of anybody" 1 $?
same "each of the others was bought once" 5 "$(grep -c '"billed"' "$scratch/billed")"
same "no stray files" 0 "$(strays "$scratch")"
finish
