# Runs a D-Bus session with GNOME's keyring, unlocked, as the only occupant of new mount and PID namespaces. Arguments: the
# folder of the session, and whether there is a keyring in it.
set -eu
home=$1 keyring=$2

mount --make-rprivate / 2>/dev/null || true
mount -t proc proc /proc

export HOME="$home" XDG_RUNTIME_DIR="$home" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/data" XDG_CACHE_HOME="$home/tmp"
unset DISPLAY WAYLAND_DISPLAY
export DBUS_SESSION_BUS_ADDRESS="unix:path=$home/bus"
dbus-daemon --config-file="$home/bus.conf" --nopidfile --fork
if [ "$keyring" = yes ]; then
    printf secret | gnome-keyring-daemon --foreground --unlock --components=secrets &
    until dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
        org.freedesktop.Secret.Service.ReadAlias string:default 2>/dev/null | grep -q collection/login; do
        sleep 0.05
    done
fi
touch "$home/ready"
exec sleep infinity
