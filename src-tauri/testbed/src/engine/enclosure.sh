# Runs one engine as the only occupant of new mount and PID namespaces: when this shell (its PID 1) dies, the kernel ends
# everything the engine started and takes its mounts away. Arguments: the engine's kind, its folder, and the root of the
# containerd kind.
set -eu
kind=$1 home=$2 root=$3

mount --make-rprivate / 2>/dev/null || true
mount -t proc proc /proc

# In a plain chroot "/" is no mount point, which pivot_root (the containers' and ours) demands: make it one.
if ! grep -q '^[^ ]* [^ ]* [^ ]* [^ ]* / ' /proc/self/mountinfo; then
    mkdir -p "$home/host"
    mount --rbind / "$home/host"
    exec chroot "$home/host" /bin/sh -c "$ENCLOSURE" enclosure "$kind" "$home" "$root"
fi

# Podman keeps its locks in /dev/shm, and all engines keep run-time state below /run: none may see another's.
private_folders() {
    for folder in dev/shm run; do
        mkdir -p "$1/$folder"
        mount -t tmpfs tmpfs "$1/$folder"
    done
}

enter_root() {
    mount --bind "$root" "$root"
    for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
    for folder in tmp var/tmp; do mount -t tmpfs tmpfs "$root/$folder"; done
    private_folders "$root"
    # The same path inside as outside, so that what the daemon says about its folders is true on both sides.
    mkdir -p "$root/$home"
    mount --rbind "$home" "$root/$home"
    # Engines that run at the same time share this root.
    mount -o remount,bind,ro "$root"
    cd "$root"
    pivot_root . mnt
    umount -l /mnt
}

run_docker() {
    # A client older than this daemon may be the one that is installed.
    export DOCKER_MIN_API_VERSION=1.24
    exec dockerd --config-file "$home/daemon.json" --data-root "$home/data" --exec-root /run/docker-exec \
        --pidfile /run/docker.pid --host "unix://$home/engine.sock"
}

run_podman() {
    export CONTAINERS_CONF="$home/containers.conf"
    [ ! -e "$home/registries.conf" ] || export CONTAINERS_REGISTRIES_CONF="$home/registries.conf"
    exec podman --root "$home/data" --runroot /run/podman-storage --storage-driver overlay \
        --cgroup-manager cgroupfs --events-backend file system service -t 0 "unix://$home/engine.sock"
}

if [ "$kind" = containerd ]; then enter_root; else private_folders ""; fi
export TMPDIR="$home/tmp"
if [ "$kind" = podman ]; then run_podman & else run_docker & fi
engine=$!
trap 'kill -TERM $engine' TERM
# A signal ends `wait` early, and only a PID 1 that waits buries the orphans of the containers.
while kill -0 "$engine" 2>/dev/null; do wait "$engine" || true; done
