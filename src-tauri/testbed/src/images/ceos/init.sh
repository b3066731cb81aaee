#!/bin/sh
# The boot of cEOS as a lab sees it. Everything is looked at once, at the very start: what comes later comes too late.
flash=/mnt/flash
ready=/var/run/ready
seen=/var/log/seen.json

# One of the interfaces in /sys/class/net, as JSON. Only of one that is up the kernel tells whether it has a carrier.
interface() {
  local carrier=null up=false
  [ $(($(cat "$1/flags") & 1)) = 0 ] || up=true
  case $(cat "$1/carrier" 2>/dev/null) in 0) carrier=false ;; 1) carrier=true ;; esac
  printf '{"name":"%s","mac":"%s","mtu":%s,"up":%s,"carrier":%s}\n' \
    "${1##*/}" "$(cat "$1/address")" "$(cat "$1/mtu")" "$up" "$carrier"
}
interfaces=$(for path in /sys/class/net/*; do [ ! -d "$path" ] || interface "$path"; done)
present=$(ls /sys/class/net | grep -Ec '^(eth|et)[1-9]')

# systemd in a container does not end when it is asked to with SIGTERM. 37 is SIGRTMIN+3, which halts it.
trap '' TERM
trap 'rm -f "$ready"; echo "Halting system."; exit 0' 37
rm -f "$ready"

# Text with NUL after each string → one JSON string a line.
strings() {
  tr '\0\n\t' '\n\001\002' | sed "s/[\\\\\"]/\\\\&/g; s/$(printf '\001')/\\\\n/g; s/$(printf '\002')/\\\\t/g; s/.*/\"&\"/"
}
# Lines → the inside of a JSON array or object.
joined() { paste -sd, -; }

lacks=
lack() { lacks="$lacks$1
"; }

while read -r variable; do
  tr '\0' '\n' </proc/$$/environ | grep -qxF "$variable" || lack "$variable in the environment"
  printf '%s\n' "$@" | grep -qxF "systemd.setenv=$variable" || lack "systemd.setenv=$variable"
done </etc/stand-in/environment
case ${CLAB_INTFS:-} in
  '' | *[!0-9]*) lack "a number in CLAB_INTFS" ;;
  *) [ "$present" -ge "$CLAB_INTFS" ] || lack "interfaces: $present of $CLAB_INTFS" ;;
esac
touch "$flash/.probe" 2>/dev/null && rm "$flash/.probe" || lack "a writable $flash"
for file in system_mac_address startup-config; do
  [ -s "$flash/$file" ] || lack "$flash/$file"
done

flash_mounted=false
! grep -q " $flash " /proc/mounts || flash_mounted=true
cat >"$seen.new" <<JSON
{
"lacks": [$(printf %s "$lacks" | tr '\n' '\0' | strings | joined)],
"arguments": [$([ $# = 0 ] || printf '%s\0' "$@" | strings | joined)],
"environment": {$(strings </proc/$$/environ | sed 's/=/":"/' | joined)},
"interfaces": [$(echo "$interfaces" | joined)],
"flash_mounted": $flash_mounted,
"system_mac_address": "$(cat "$flash/system_mac_address" 2>/dev/null)"
}
JSON
mv "$seen.new" "$seen"

# Waits without keeping a signal waiting.
rest() { sleep "$1" & wait $!; }

echo "Starting $(cat /etc/Eos-release)"
if [ -z "$lacks" ]; then
  echo "Skipping VEosLabInit due to platform=ceoslab"
  rest "$(cat "$flash/boot-seconds" 2>/dev/null || echo "${STAND_IN_BOOT_SECONDS:-2}")"
  cp "$flash/startup-config" /var/run/running-config
  touch "$ready"
  echo "[  OK  ] Reached target EOS."
else
  printf %s "$lacks" | sed 's/^/stand-in: missing: /'
  echo "EosInitStage: Ark.getPlatform() is None, platform=None"
  echo "EosInitStage: modprobe rbfd: FATAL: Module rbfd not found in directory /lib/modules/$(uname -r)"
  echo "[FAILED] Failed to start EosInitStage."
fi
while :; do rest 3600; done
