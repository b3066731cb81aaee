say() { printf '%s\t%s\n' "$1" "$(printf '%s' "$2" | head -n 1 | tr '\t' ' ')"; }
say user "$(id -un 2>/dev/null || printf '%s' "${USER-}")"
say hostname "$(hostname 2>/dev/null || cat /proc/sys/kernel/hostname 2>/dev/null || uname -n)"
system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
say system "${system:-$(uname -sr)} $(uname -m)"
say shell "${SHELL-}"
say home "${HOME-}"
cache=${XDG_CACHE_HOME:-${HOME-}/.cache}
if mkdir -p "$cache/labwright" 2>/dev/null && (: >"$cache/labwright/probe.$$") 2>/dev/null; then
  rm -f "$cache/labwright/probe.$$"
  say writable yes
else
  say writable no
fi
say free "$(df -Pk "${HOME:-/}" 2>/dev/null | awk 'NR == 2 { print $4 }')"
command -v setsid >/dev/null 2>&1 && say setsid yes
command -v git >/dev/null 2>&1 && say git "$(git --version 2>/dev/null | sed 's/^git version //')"
command -v python3 >/dev/null 2>&1 && say python "$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null)"
problem=
for engine in docker podman; do
  command -v "$engine" >/dev/null 2>&1 || continue
  case $engine in docker) label=Docker ;; *) label=Podman ;; esac
  if version=$("$engine" version --format '{{.Server.Version}}' 2>"${TMPDIR:-/tmp}/labwright-probe.$$"); then
    say engine "$label $version"
    rm -f "${TMPDIR:-/tmp}/labwright-probe.$$"
    problem=
    break
  fi
  problem=$(head -n 1 "${TMPDIR:-/tmp}/labwright-probe.$$" 2>/dev/null)
  rm -f "${TMPDIR:-/tmp}/labwright-probe.$$"
  problem="$label is there, but does not answer: $problem"
done
[ -z "$problem" ] || say engine_problem "$problem"
[ -d /run/systemd/system ] && say systemd yes
say done yes
