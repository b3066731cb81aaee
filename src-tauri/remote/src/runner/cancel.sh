cd -- "${XDG_CACHE_HOME:-$HOME/.cache}/labwright/jobs/$job" 2>/dev/null || { printf 'gone\n'; exit 0; }
wait_for_end() {
  tries=0
  while [ "$tries" -lt "$1" ] && ! [ -f exit ] && alive; do
    tries=$((tries + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
}
if ! [ -f exit ] && alive; then
  # Written so that dash, busybox and bash all understand it: a group, and no `--` before it.
  kill -TERM "-$pid" 2>/dev/null
  wait_for_end 60
  if ! [ -f exit ] && alive; then
    kill -KILL "-$pid" 2>/dev/null
    wait_for_end 20
  fi
  # One that cannot even be killed did not end, and nobody says that it did.
  if ! [ -f exit ] && ! alive; then
    size=0
    [ -f events.ndjson ] && size=$(($(wc -c <events.ndjson)))
    printf 'cancelled %s\n' "$size" >exit.new && mv -- exit.new exit
  fi
fi
printf 'done\n'
