# Runs a display and a session bus as the first occupants of new mount and PID namespaces. Programs that enter later end
# with this shell (PID 1) too. Arguments: the folder, the screen as Xvfb takes it, and the session's program.
set -eu
home=$1 screen=$2 session=$3

mount --make-rprivate / 2>/dev/null || true
mount -t proc proc /proc

# Sockets of displays lie in one folder for all. A private one hides others', and is gone with this shell.
mkdir -p /tmp/.X11-unix
mount -t tmpfs -o mode=1777 tmpfs /tmp/.X11-unix

dbus-daemon --config-file="$home/bus.conf" --nofork --nopidfile &

# Lock files name process numbers, which outside of these namespaces are other processes'. Abstract sockets, which all
# share, keep two servers from taking one number.
Xvfb -displayfd 3 -screen 0 "$screen" -nolisten tcp -nolock -noreset 3>"$home/display" &
server=$!

export DBUS_SESSION_BUS_ADDRESS="unix:path=$home/bus"
tries=0
while [ ! -S "$home/bus" ] && [ "$tries" -lt 500 ]; do tries=$((tries + 1)); sleep 0.02; done
/usr/bin/python3 -c "$session" "$home" &

# Only a PID 1 that waits buries the orphans.
while kill -0 "$server" 2>/dev/null; do wait "$server" || true; done
