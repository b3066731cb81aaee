#!/bin/sh
# The command line of cEOS as far as labs use it: Cli [-p LEVEL] [-c COMMANDS], or typed commands after a prompt.
flash=/mnt/flash
running=/var/run/running-config

version() { sed -n 's/^SWI_VERSION=//p' /etc/swi-version; }

show_version() {
  cat <<TEXT
Arista cEOSLab
Hardware version:
Serial number:
Hardware MAC address: $(cat "$flash/system_mac_address")
System MAC address: $(cat "$flash/system_mac_address")

Software image version: $(version) (stand-in)
Architecture: $(uname -m)
TEXT
}

# What is saved says so in its first line, and says it once.
save() {
  { echo "! Command: show running-config"; grep -v '^! Command:' "$running"; } >"$flash/startup-config.new" &&
    mv "$flash/startup-config.new" "$flash/startup-config" && echo "Copy completed successfully."
}

# Anything unknown comes back as it was typed.
answer() {
  case $1 in
    '' | enable | end) ;;
    exit | quit | logout) exit 0 ;;
    "show version") show_version ;;
    "show running-config") cat "$running" ;;
    wr | write | "write memory" | "copy running-config startup-config") save ;;
    *) echo "$1" ;;
  esac
}

commands= given=no
while [ $# -gt 0 ]; do
  case $1 in
    -p) shift 2 ;;
    -c) commands=$2 given=yes; shift 2 ;;
    *) echo "Cli: unknown argument $1" >&2; exit 2 ;;
  esac
done
[ -e /var/run/ready ] || { echo "Cli: Cannot connect to Sysdb: Connection refused" >&2; exit 1; }

if [ "$given" = yes ]; then
  while read -r command; do answer "$command" || exit; done <<COMMANDS
$commands
COMMANDS
else
  while printf 'localhost>' && read -r command; do answer "$command"; done
fi
