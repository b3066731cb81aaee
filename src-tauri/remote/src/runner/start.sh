labwright=${XDG_CACHE_HOME:-$HOME/.cache}/labwright
folder=$labwright/jobs/$job
umask 077
refuse() { printf 'refused %s %s\n' "$1" "$2"; exit 0; }
# Not every shell says that a disk is full: dash only speaks of an I/O error.
why() {
  free=$(df -Pk "$labwright" 2>/dev/null | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print $4 }')
  case $1 in *'No space left'*) free=0 ;; esac
  [ "${free:-256}" -ge 256 ] || refuse disk_full "$1"
  refuse home_not_writable "$1"
}
command -v setsid >/dev/null 2>&1 || refuse no_setsid "setsid is not there (package util-linux)"
made=$(mkdir -p -- "$labwright/jobs" 2>&1) || why "$made"
if ! [ -d "$folder" ]; then
  # Of this attempt alone: one whose connection broke may still be at it.
  new=$labwright/jobs/new-$job-$$
  made=$(mkdir -- "$new" 2>&1) || why "$made"
  put() { made=$( { printf '%s' "$2" >"$new/$1"; } 2>&1) || { rm -rf -- "$new"; why "$made"; }; }
  put runner "$runner"
  put verify.py "$verify"
  put plan "$plan"
  # A disk that fills up while it is written is not always an error of the write itself.
  [ "$(($(wc -c <"$new/runner") + $(wc -c <"$new/plan")))" -eq "$size" ] || { rm -rf -- "$new"; refuse disk_full "$new was cut"; }
  made=$(mv -- "$new" "$folder" 2>&1) || why "$made"
  # Where another attempt was faster, it went into that one's folder.
  rm -rf -- "$folder/${new##*/}"
fi
if [ -d "$folder/lock" ]; then
  printf 'there\n'
  exit 0
fi
cd / || exit 1
setsid sh "$folder/runner" "$folder" </dev/null >>"$folder/log" 2>&1 &
tries=0
until [ -s "$folder/pid" ] || [ -f "$folder/exit" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 100 ] || refuse no_start "$(tail -n 3 "$folder/log" 2>/dev/null | tr '\n' ' ')"
  sleep 0.1 2>/dev/null || sleep 1
done
printf 'started\n'
