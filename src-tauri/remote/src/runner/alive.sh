# alive: whether the runner of the folder that we are in still runs. Says nothing where there is no /proc.
alive() {
  read -r pid start boot 2>/dev/null <pid || return 1
  [ -r /proc/self/stat ] || { kill -0 "$pid" 2>/dev/null; return; }
  now=
  read -r now 2>/dev/null </proc/sys/kernel/random/boot_id
  [ "$now" = "$boot" ] || return 1
  read -r stat 2>/dev/null <"/proc/$pid/stat" || return 1
  set -f
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  set +f
  case $1 in Z | X) return 1 ;; esac
  shift 19
  [ "$1" = "$start" ]
}
