# Every kind of bad input: the documented exit code, one line that says what is wrong, one that says what to do,
# no partial film, no project left behind, and nothing lost of what was there before.
. "$(dirname "$0")/lib.sh"

data=$scratch/data
mkdir "$data"
short_song 0 3 "$scratch/song.wav"
: > "$scratch/empty.wav"
head -c 3000 /dev/urandom > "$scratch/noise.mp3"
head -c 2000 "$scratch/song.wav" > "$scratch/headed.wav"
printf 'just a letter\n' > "$scratch/letter.txt"
head -c 100000 /dev/zero | tr '\0' 'x' > "$scratch/long.txt"
cp "$scratch/letter.txt" "$scratch/picture.png"
head -c 400 "$examples/courier.png" > "$scratch/torn.png"

# refused NAME EXIT WORDS ARG...: run it, look at the exit code and at what it says.
refused() {
    name=$1 wanted=$2 words=$3
    shift 3
    STORYREEL_DATA=$data "$program" "$@" >"$scratch/out" 2>"$scratch/err"
    got=$?
    if [ "$got" != "$wanted" ]; then
        ok 1 "$name"
        echo "# exit $got, not $wanted"
        sed 's/^/# /' "$scratch/err"
    elif ! grep -qi -e "$words" "$scratch/err"; then
        ok 1 "$name"
        echo "# nothing about \"$words\" in:"
        sed 's/^/# /' "$scratch/err"
    else
        [ "$(grep -c '^storyreel: ' "$scratch/err")" = 1 ] && [ "$(grep -c '^ ' "$scratch/err")" -le 1 ]
        ok $? "$name"
    fi
}

film=$scratch/film.mp4
made="--prompt A --audio $scratch/song.wav -o $film"
refused "no prompt"                2 "prompt is empty"      make --audio "$scratch/song.wav" -o "$film"
refused "white prompt"             2 "prompt is empty"      make --prompt "  " --audio "$scratch/song.wav" -o "$film"
refused "100 kB prompt"            1 "at most"              make --prompt-file "$scratch/long.txt" --audio "$scratch/song.wav" -o "$film"
refused "prompt that is not UTF-8" 2 "clean text"           make --prompt "$(printf 'caf\351')" --audio "$scratch/song.wav" -o "$film"
refused "no song"                  2 "needs a song"         make --prompt A -o "$film"
refused "missing song"             2 "no such file"         make --prompt A --audio "$scratch/none.wav" -o "$film"
refused "song is a folder"         2 "folder"               make --prompt A --audio "$scratch" -o "$film"
refused "empty song"               1 "empty"                make --prompt A --audio "$scratch/empty.wav" -o "$film"
refused "song of noise bytes"      1 "noise.mp3"            make --prompt A --audio "$scratch/noise.mp3" -o "$film"
refused "song is a letter"         1 "letter.txt"           make --prompt A --audio "$scratch/letter.txt" -o "$film"
refused "song is a picture"        1 "courier.png"          make --prompt A --audio "$examples/courier.png" -o "$film"
refused "picture is a letter"      1 "picture.png"          make $made --character-image "$scratch/picture.png"
refused "picture is torn"          1 "torn.png"             make $made --character-image "$scratch/torn.png"
refused "picture is a song"        1 "song.wav"             make $made --product-image "$scratch/song.wav"
refused "unknown style"            2 "wes-anderson"         make $made --style wes-andersen
refused "style with a path"        2 "style"                make $made --style ../../etc/passwd
refused "unknown mode"             2 "music-video"          make $made --mode music-vido
refused "unknown aspect"           2 "16:9"                 make $made --aspect 16:10
refused "unknown size"             2 "720p"                 make $made --size 721p
refused "unknown video model"      2 "animatic"             make $made --video animatik
refused "unknown planner"          2 "offline"              make $made --planner offlin
refused "longer than its song"     1 "shorter than"         make $made --duration 100
refused "scenes below zero"        2 "scenes"               make $made --scenes -4
refused "an ad of 900 s"           1 "seconds"              make --mode ad-creative --prompt A --product tea --duration 900 -o "$film"
refused "unknown option"           2 "did you mean --style" make $made --stile noir
refused "option without value"     2 "needs a value"        make --prompt
refused "number that is none"      2 "number"               make $made --duration soon
refused "stray words"              2 "quotes"               make $made a rainy night
refused "output is a folder"       2 "folder"               make --prompt A --audio "$scratch/song.wav" -o "$scratch/"
refused "output is there, a folder" 2 "is a folder"        make --prompt A --audio "$scratch/song.wav" -o "$scratch"
refused "resumed otherwise"        2 "does not go"          make --resume --budget 20
refused "resumed and dry"          2 "does not go"          make --resume --dry-run
refused "trimmed to nothing"       2 "nothing lies from"    media trim "$scratch/song.wav" --in 2 --out 2.01 -o "$scratch/cut.mp4"
refused "option of another verb"   2 "has no --bins"        media probe "$scratch/song.wav" --bins 4
refused "unknown command"          2 "did you mean make"    mak
refused "unknown project"          1 "no project"           project show 01ABC
refused "unknown verb"             2 "did you mean reorder" project reorde
refused "nothing to resume"        1 "no unfinished"        make --resume
refused "too many scenes"          1 "1 to . scenes"        make $made --scenes 400

[ ! -e "$film" ]
ok $? "no film was left half-made"
same "no stray files" 0 "$(strays "$scratch")"

"$program" project list --data "$data" --json | grep -q '"status":"processing"'
[ $? = 1 ]
ok $? "no refused project is left running"

chmod 500 "$data" 2>/dev/null
if [ "$(id -u)" != 0 ]; then
    refused "read-only data folder" 1 "" project list
else
    echo "# read-only folders are not refused to root; mounted read-only they are, see the fault tests"
fi
chmod 700 "$data"
finish
