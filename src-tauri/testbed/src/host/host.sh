# Runs one SSH host as the only occupant of new mount and PID namespaces: when this shell (its PID 1) dies, so does every
# process on the host, as when a machine is switched off. Arguments: the host's folder, its home, and `ro` if nobody there
# may write to that.
set -eu
folder=$1 home=$2 access=$3

mount --make-rprivate / 2>/dev/null || true
mount -t proc proc /proc
# Nothing there reaches this machine's engines, or stores images among its own.
for place in /run /dev/shm /var/lib/containers; do
    mkdir -p "$place"
    mount -t tmpfs -o mode=0755 tmpfs "$place"
done
mkdir -m 755 /run/sshd
for file in passwd shadow; do mount --bind "$folder/$file" "/etc/$file"; done
mount --bind "$folder/boot_id" /proc/sys/kernel/random/boot_id
if [ "$access" = ro ]; then
    mount --bind "$home" "$home"
    mount -o remount,bind,ro "$home"
fi

# By its whole path: it starts itself again for each connection.
/usr/sbin/sshd -f "$folder/sshd_config" -E "$folder/sshd.log"

# Only a PID 1 that waits buries the orphans of the others.
sleep 2147483647 &
while :; do wait "$!" || true; done
