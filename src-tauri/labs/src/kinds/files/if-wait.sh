#!/bin/sh
# Waits until the node has all its ports, because some systems look for them only once, while they boot.
# CLAB_INTFS says how many ports there are. The management port, eth0, is not one of them.

wanted=${CLAB_INTFS:-0}
seconds=${CLAB_INTFS_SECONDS:-300}
classes=${CLAB_INTFS_CLASSES:-/sys/class/net}

count_ports() {
    ports=0
    for path in "$classes"/eth[1-9]* "$classes"/et[1-9]*; do
        if [ -e "$path" ]; then
            ports=$((ports + 1))
        fi
    done
}

waited=0
said=-1
while :; do
    count_ports
    if [ "$ports" -ge "$wanted" ]; then
        echo "if-wait: $ports of $wanted interfaces are there" >&2
        exit 0
    fi
    if [ "$waited" -ge "$seconds" ]; then
        echo "if-wait: only $ports of $wanted interfaces after $seconds s; going on without the others" >&2
        exit 0
    fi
    if [ "$ports" -ne "$said" ] || [ $((waited % 10)) -eq 0 ]; then
        echo "if-wait: waiting for interfaces eth1, eth2, ... ($ports of $wanted)" >&2
        said=$ports
    fi
    sleep 1
    waited=$((waited + 1))
done
