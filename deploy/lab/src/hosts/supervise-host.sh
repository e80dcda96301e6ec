#!/bin/sh
# Keeps one host of the lab running: boots it, boots it again when it asks for a reboot, ends when it powers off or is
# killed. Each boot gets a fresh network namespace, because interfaces, routes, firewall rules and network sysctls do not
# survive a reboot either. The environment (LAB_...) is described in start-host.ts.
set -eu
scripts=${0%/*}

connect() {
  disconnect
  ip netns add "$LAB_NAMESPACE"
  # Connection tracking, bridging and forwarding start as on a machine that has just booted.
  ip netns exec "$LAB_NAMESPACE" sysctl --quiet --ignore net.ipv4.ip_forward=0 \
    net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0
  ip -netns "$LAB_SWITCH" link add "$LAB_PORT" type veth \
    peer name eth0 address "$LAB_MAC" netns "$LAB_NAMESPACE"
  ip -netns "$LAB_SWITCH" link set "$LAB_PORT" master bridge0 up
  ip -netns "$LAB_NAMESPACE" link set lo up
  ip -netns "$LAB_NAMESPACE" address add "$LAB_ADDRESS/24" dev eth0
  ip -netns "$LAB_NAMESPACE" link set eth0 up
  ip -netns "$LAB_NAMESPACE" route add default via "$LAB_GATEWAY"
}

# A namespace lives on while a process is in it, so its end of the cable is pulled by name as well.
disconnect() {
  ip netns delete "$LAB_NAMESPACE" 2> /dev/null || true
  ip -netns "$LAB_SWITCH" link delete "$LAB_PORT" 2> /dev/null || true
}

# Groups that the last boot's systemd made; its processes ended with their process namespace.
remove_old_groups() {
  for group in $LAB_GROUPS; do
    find "$group" -mindepth 1 -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
}

boot() {
  sh "$scripts/into-group.sh" $LAB_GROUPS -- nsenter --net="/run/netns/$LAB_NAMESPACE" \
    unshare --mount --uts --ipc --pid --cgroup --fork --kill-child --propagation private \
    sh "$scripts/boot-host.sh"
}

while :; do
  remove_old_groups
  connect
  status=0
  boot || status=$?
  rm -f "$LAB_RUN/pid"
  # In a process namespace, reboot(2) ends process 1 by SIGHUP, and power-off by SIGINT (pid_namespaces(7)).
  if [ "$status" -ne 129 ]; then
    disconnect
    exit "$status"
  fi
done
