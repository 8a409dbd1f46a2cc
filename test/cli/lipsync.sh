# Lips that move to the song, bought from the emulated Replicate: a film of one scene that sings is priced, filmed and synced;
# an answer is lost on the way and nothing is bought twice; a trim before the scene moves it on the song, and it alone is
# synced again; what fails is kept and not shown; a budget holds. In the end the ledger is what was billed.
. "$(dirname "$0")/lib.sh"

command -v node > /dev/null || { echo "1..0 # SKIP there is no node to run the emulator"; exit 0; }
data=$scratch/data
run() { "$program" "$@" --data "$data"; }

# What the provider films: spans of a film of our own.
clips_to_give
cat > "$scratch/faults.json" << END
{"rules": [{"provider": "replicate", "op": "predictions.create", "model": "sync/lipsync-2-pro", "fault": "drop-after", "nth": [1]},
  {"provider": "replicate", "op": "run", "model": "sync/lipsync-2-pro", "fault": "output", "output": "short", "nth": [3]}]}
END
emulate_replicate

# The song, and a film of it in which somebody sings.
short_song 0 20 "$scratch/song.wav" > /dev/null
film() {
    run make --prompt "A singer sings to the lens on a rooftop at night" --audio "$scratch/song.wav" --size 480p \
        --video veo-3.1-fast --lipsync replicate "$@"
}
film --budget 2 --dry-run > "$scratch/dry" 2>&1
grep -q 'Veo 3.1 Fast and Lipsync 2 Pro costs \$3' "$scratch/dry"
ok $? "the plan is priced with its lip-sync"
film --budget 2 -o "$scratch/film.mp4" > "$scratch/log" 2>&1
same "a budget that does not cover both stops before anything is sent" 3 $?
[ ! -s "$scratch/billed" ]
ok $? "nothing was sent"
id=$(run project list --json | word projectId)
run project edit "$id" --budget 5 > /dev/null
run project generate "$id" -o "$scratch/film.mp4" > "$scratch/log" 2>&1
same "with the money it is made" 0 $?
[ -e "$scratch/film.mp4" ] || sed 's/^/# /' "$scratch/log"

state() { run project plan "$id" --json | tr '{' '\n' | grep '"kind":"lip-sync"' | word "$1"; }
scene=$(run project plan "$id" --json | tr '{' '\n' | grep '"kind":"lip-sync"' | number sequence)
run project takes "$id" "$scene" > "$scratch/takes"
grep -q '^\* take 2 .*lipsync-2-pro.*made of take 1' "$scratch/takes"
synced=$?
ok $synced "the scene that sings shows a synced take"
[ $synced = 0 ] || { cat "$scratch/takes" "$scratch/log"; run project ledger "$id"; } | sed 's/^/# /'
same "one lip-sync was billed although its answer was lost" 1 "$(grep '"billed"' "$scratch/billed" | grep -c lipsync-2-pro)"

# What was sent is the part of the song that is heard then, to the sample.
cat > "$scratch/window.mjs" << 'END'
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
const [, , billed, show, wav, scene] = process.argv;
const given = readFileSync(billed, 'utf8').trim().split('\n').map((l) => JSON.parse(l)).filter((e) => e.event === 'given').pop();
const { scenes } = JSON.parse(readFileSync(show, 'utf8')), s = scenes.find((one) => one.sequence === Number(scene));
const song = readFileSync(wav), [start, count] = [s.filmStart, s.duration].map((seconds) => Math.round(seconds * 24) * 2000);
const header = Buffer.from(song.subarray(0, 44));
header.writeUInt32LE(36 + count * 4, 4);
header.writeUInt32LE(count * 4, 40);
const window = Buffer.concat([header, song.subarray(44 + start * 4, 44 + (start + count) * 4)]);
const same = createHash('sha256').update(window).digest('hex') === given.audio.sha256;
console.log(`${same ? 'exact' : 'other'} ${Math.round(given.video.seconds * 24) === Math.round(s.duration * 24) ? 'as long' : 'not as long'}`);
END
window() {
    run project show "$id" --json > "$scratch/show"
    node "$scratch/window.mjs" "$scratch/billed" "$scratch/show" "$scratch/song.wav" "$scene"
}
same "the sound is the scene's own, to the sample, and the clip as long" "exact as long" "$(window)"

# A trim before it moves it on the song: it is synced again, and nothing else is bought.
run project trim "$id" 1 --in 0 --out 2 > /dev/null
same "a trim before it makes it stale" "stale" "$(state state)"
same "and says why" "offset moved" "$(state cause)"
run project generate "$id" -o "$scratch/film2.mp4" > "$scratch/log" 2>&1
same "the film is made again" 0 $?
same "of one lip-sync more" 2 "$(grep '"billed"' "$scratch/billed" | grep -c lipsync-2-pro)"
same "for the place where it is now" "exact as long" "$(window)"

# The third is too short: kept, because it was paid for, and not shown.
run project lipsync "$id" "$scene" --temperature 0.9 > "$scratch/log" 2>&1
same "one that is too short fails" 1 $?
grep -q 'it is kept as a take' "$scratch/log"
ok $? "and says that it is kept"
run project takes "$id" "$scene" > "$scratch/takes"
same "it is not shown" "* take 3" "$(grep -o '^\* take [0-9]*' "$scratch/takes")"
same "it is a take all the same" 4 "$(grep -c take "$scratch/takes")"
same "what it shows is current as before" "current" "$(state state)"
run project lipsync "$id" "$scene" --occlusion > "$scratch/log" 2>&1
grep -q 'Lipsync 2 Pro has no occlusion detection' "$scratch/log"
ok $? "what the model does not offer is said"

run project lipsync "$id" "$scene" --off > /dev/null
run project takes "$id" "$scene" > "$scratch/takes"
same "going back shows the take before" "* take 1" "$(grep -o '^\* take [0-9]*' "$scratch/takes")"

run project ledger "$id" --json > "$scratch/ledger"
cat > "$scratch/audit.mjs" << 'END'
import { readFileSync } from 'node:fs';
const [, , billedPath, ledgerPath] = process.argv;
const billed = readFileSync(billedPath, 'utf8').trim().split('\n').map((l) => JSON.parse(l)).filter((e) => e.event === 'billed');
const { entries, usd } = JSON.parse(readFileSync(ledgerPath, 'utf8'));
const paid = entries.filter((e) => e.state === 'settled' || e.state === 'wasted');
const ids = (list) => JSON.stringify(list.sort());
console.log(`same=${ids(billed.map((e) => e.id)) === ids(paid.map((e) => e.ticket))} open=${entries.filter((e) => !e.why && !['settled', 'wasted', 'released'].includes(e.state)).length} near=${Math.abs(usd - billed.reduce((sum, e) => sum + e.usd, 0)) < 0.01}`);
END
same "what was billed is what the ledger says" "same=true open=0 near=true" "$(node "$scratch/audit.mjs" "$scratch/billed" "$scratch/ledger")"
same "no stray files" 0 "$(strays "$scratch")"
finish
