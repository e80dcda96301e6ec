#!/bin/sh
# The pod network of the lab, on one node. Environment: NODE_NAME, the node that this runs on; CNI_DIRECTORY, where its
# CNI configuration goes, by default /etc/cni/net.d.
#
# Its own pods: a CNI configuration with the node's pod CIDR, and leave to be forwarded (Docker sets the policy of
# FORWARD to DROP). Other nodes' pods: a static route by way of the node. A watch, so a new node is reached at once.
# The route of a node that left stays until its CIDR is given to another node, whose route then replaces it.
set -eu

configuration=${CNI_DIRECTORY:-/etc/cni/net.d}/10-drover-lab.conflist

allow() {
  iptables -w -C FORWARD "$@" -j ACCEPT 2>/dev/null || iptables -w -I FORWARD "$@" -j ACCEPT
}

serve_own_pods() {
  allow -s "$1"
  allow -d "$1"
  cat >"$configuration.new" <<END
{
  "cniVersion": "0.3.1",
  "name": "drover-lab",
  "plugins": [
    {
      "type": "ptp",
      "ipMasq": false,
      "ipam": { "type": "host-local", "ranges": [[{ "subnet": "$1" }]], "routes": [{ "dst": "0.0.0.0/0" }] }
    },
    { "type": "portmap", "capabilities": { "portMappings": true }, "snat": true }
  ]
}
END
  if cmp -s "$configuration.new" "$configuration"; then
    rm "$configuration.new"
  else
    mv "$configuration.new" "$configuration"
  fi
}

follow_nodes() {
  kubectl get nodes --watch --output jsonpath='{.metadata.name} {.spec.podCIDR} {.status.addresses[?(@.type=="InternalIP")].address}{"\n"}' |
    while read -r name cidr address; do
      [ -n "$cidr" ] && [ -n "$address" ] || continue
      if [ "$name" = "$NODE_NAME" ]; then
        serve_own_pods "$cidr"
      else
        ip route replace "$cidr" via "$address"
      fi
    done
}

# Until kube-proxy has made the way to the API server, a call to it hangs for half a minute: many short tries instead.
await_api() {
  until timeout 2 kubectl get node "$NODE_NAME" --output name >/dev/null; do sleep 1; done
}

# A watch ends when the API server says so, or with the API server.
follow_always() {
  while true; do
    await_api
    follow_nodes || true
    sleep 1
  done
}

# In the background, because a shell hears a signal only while it waits, and process 1 of a container has no default
# actions: without this a node's shutdown waits for a minute and a half until systemd kills it.
trap 'exit 0' TERM
follow_always &
wait "$!"
