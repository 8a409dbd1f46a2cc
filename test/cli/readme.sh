# The README's lines do what it says: run as they are written, beside a song cut short and a server on a free port.
. "$(dirname "$0")/lib.sh"

readme=$(cd "$(dirname "$0")/../.." && pwd)/README.md
mkdir "$scratch/examples"
"$program" media cut "$examples/song.m4a" --in 8 --out 12 -o "$scratch/examples/song.m4a"
cp "$examples/courier.png" "$scratch/examples/"
cd "$scratch" || exit 1

"$program" serve --listen 127.0.0.1:0 --data data > said 2> log &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server"; rm -rf "$scratch"' EXIT
for _ in $(seq 300); do
    grep -q 'listens on' said && break
    sleep 0.1
done
port=$(sed -n 's/.*listens on .*:\([0-9]*\).*/\1/p' said)
ok "$([ -n "$port" ]; echo $?)" "the server says where it listens"

sed -n '/^## Over HTTP/,/^## /{/^```sh/,/^```$/{/^```/d;p;};}' "$readme" | sed "s/127\.0\.0\.1:8080/127.0.0.1:$port/g" > lines
same "the lines are there" 4 "$(grep -c curl lines)"
timeout 240 sh -eu lines > events 2> errors
ok $? "they run"
cat errors

grep -q '"status":"completed"' events
ok $? "the film was followed to the end"
same "it is as long as the song" 96 "$("$program" media check film.mp4 | sed -n 's/^frames *//p')"
same "the part is as long as asked" 1000 "$(wc -c < part.bin | tr -d ' ')"
same "and is that part of the film" "$(tail -c +100001 film.mp4 | head -c 1000 | cksum)" "$(cksum < part.bin)"

kill "$server"
wait "$server"
same "told to stop, the server stops in good order" 0 $?
finish
