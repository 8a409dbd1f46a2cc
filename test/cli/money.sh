# The money sweep with the real driver: an advertisement is bought from the emulated Replicate while the program is killed
# with kill -9 at random moments and the provider loses answers, breaks after the charge, throttles and lists late. In
# the end what was billed is what the ledger says and nothing was bought twice. KILLS says how often (8 in the suite),
# FAULTS which share of calls goes wrong (0.3).
. "$(dirname "$0")/lib.sh"

command -v node > /dev/null || { echo "1..0 # SKIP there is no node to run the emulator"; exit 0; }
emulator=$(dirname "$0")/../emulators/emulator.mjs
kills=${KILLS:-8}
share=${FAULTS:-0.3}
seed=${SEED:-7}

# What the provider gives out: spans of a film of our own.
clips=$scratch/clips
mkdir "$clips"
"$program" make --mode ad-creative --prompt "A cold kitchen before dawn" --product "Ember, a kettle" --duration 15 \
    --size 480p --data "$scratch/clips-data" -o "$scratch/wide.mp4" --json > "$scratch/made" 2>&1
ok $? "clips to give out"
for length in 4 6 8; do
    "$program" media trim "$scratch/wide.mp4" --in 0 --out $length -o "$clips/wide-${length}s-0.mp4" > /dev/null
done

cat > "$scratch/faults.json" << END
{"seed": $seed, "listingLagMs": 1500, "rules": [
  {"provider": "replicate", "op": "predictions.create", "fault": "drop-after", "rate": $share, "times": 6},
  {"provider": "replicate", "op": "predictions.create", "fault": "error-after", "status": 502, "rate": $share, "times": 6},
  {"provider": "replicate", "op": "predictions.create", "fault": "drop-before", "rate": $share, "times": 4},
  {"provider": "replicate", "op": "predictions.create", "fault": "rate-limit", "retryAfter": 1, "rate": $share, "times": 4},
  {"provider": "replicate", "op": "predictions.get", "fault": "html", "rate": $share, "times": 20},
  {"provider": "replicate", "op": "predictions.list", "fault": "error-before", "rate": $share, "times": 10},
  {"provider": "replicate", "op": "delivery.get", "fault": "truncated", "rate": $share, "times": 6}]}
END
node "$emulator" --clips "$clips" --ledger "$scratch/billed" --faults "$scratch/faults.json" --latency-ms 2000 \
    > "$scratch/origin" 2> "$scratch/emulator" &
emulator_pid=$!
trap 'kill "$emulator_pid" 2> /dev/null; rm -rf "$scratch"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -s "$scratch/origin" ] && break
    sleep 0.25
done
STORYREEL_REPLICATE_URL=$(cat "$scratch/origin")/replicate
REPLICATE_API_TOKEN=r8_emulated
STORYREEL_SETTLE_SECONDS=6
export STORYREEL_REPLICATE_URL REPLICATE_API_TOKEN STORYREEL_SETTLE_SECONDS

data=$scratch/data
# In a subshell that becomes the program, so that killing it kills the program.
work() {
    if [ -z "$("$program" project list --data "$data" --json 2> /dev/null | word projectId)" ]; then
        exec "$program" make --mode ad-creative --prompt "A cold kitchen before dawn" --product "Ember, a kettle" \
            --duration 15 --scenes 5 --size 480p --video veo-3.1-fast --budget 10 --data "$data" -o "$scratch/film.mp4"
    else
        exec "$program" make --resume --data "$data"
    fi
}

killed=0
work > "$scratch/log" 2>&1 &
pid=$!
while [ "$killed" -lt "$kills" ]; do
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    ms=$((300 + seed / 65536 % 2500))
    sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
    kill -9 "$pid" 2> /dev/null || break
    wait "$pid" 2> /dev/null
    killed=$((killed + 1))
    work > "$scratch/log" 2>&1 &
    pid=$!
done
wait "$pid" 2> /dev/null
[ -e "$scratch/film.mp4" ] || (work) > "$scratch/log" 2>&1
echo "# killed $killed times"
[ "$killed" -gt 0 ]
ok $? "it was killed on the way"
[ -e "$scratch/film.mp4" ]
ok $? "a film in the end"
[ -e "$scratch/film.mp4" ] || sed 's/^/# /' "$scratch/log"

id=$("$program" project list --data "$data" --json | word projectId)
"$program" project ledger "$id" --data "$data" --json > "$scratch/ledger"
cat > "$scratch/audit.mjs" << 'END'
import { readFileSync } from 'node:fs';
const [billedPath, ledgerPath] = process.argv.slice(2);
const events = readFileSync(billedPath, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const billed = events.filter((e) => e.event === 'billed').map((e) => e.id).sort();
const ledger = JSON.parse(readFileSync(ledgerPath, 'utf8'));
const paid = ledger.entries.filter((e) => e.state === 'settled' || e.state === 'wasted').map((e) => e.ticket).sort();
const open = ledger.entries.filter((e) => !['settled', 'wasted', 'released'].includes(e.state)).length;
const scenes = ledger.entries.filter((e) => e.state === 'settled').map((e) => e.sequence);
const faults = events.filter((e) => e.event === 'fault').length, leaks = events.filter((e) => e.event === 'leak').length;
console.log(`# ${billed.length} billed, ${paid.length} in the ledger, ${faults} faults, ${scenes.length} takes settled`);
console.log(`same=${JSON.stringify(billed) === JSON.stringify(paid)} twice=${billed.length - new Set(scenes).size} open=${open} leaks=${leaks}`);
END
node "$scratch/audit.mjs" "$scratch/billed" "$scratch/ledger" > "$scratch/audit"
grep '^#' "$scratch/audit"
same "what was billed is what the ledger says, once each" "same=true twice=0 open=0 leaks=0" "$(grep same= "$scratch/audit")"
same "no stray files" 0 "$(strays "$scratch")"
finish
