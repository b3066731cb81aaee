cd -- "${XDG_CACHE_HOME:-$HOME/.cache}/labwright/jobs/$job" 2>/dev/null || { printf 'gone\n' >&2; exit 0; }
nap=0.2
sleep $nap 2>/dev/null || nap=1
hand_on() {
  size=0
  [ -f events.ndjson ] && size=$(($(wc -c <events.ndjson)))
  [ "$size" -gt "$offset" ] || return 0
  tail -c "+$((offset + 1))" events.ndjson | head -c "$((size - offset))"
  offset=$size
}
quiet=0
while :; do
  ended=
  [ -f exit ] && read -r ended <exit
  hand_on
  [ -z "$ended" ] || { printf 'exit %s\n' "$ended" >&2; exit 0; }
  if ! alive && ! [ -f exit ]; then
    # What it wrote between the last look and its end.
    hand_on
    if [ "${now-}" = "${boot-}" ]; then printf 'lost stopped\n' >&2; else printf 'lost restarted\n' >&2; fi
    exit 0
  fi
  # Now and then a word, by which both sides hear that the other is there.
  quiet=$((quiet + 1))
  [ $((quiet % 10)) -ne 0 ] || printf 'beat\n' >&2
  sleep $nap
done
