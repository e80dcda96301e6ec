#!/bin/sh
# Process 1 of a host, from its first instruction until it becomes systemd. Runs in fresh mount, UTS, IPC, process and
# control group namespaces, so nothing that it mounts is seen by, or outlives, anyone but the host.
# The environment (LAB_...) is described in start-host.ts.
set -eu
root=$LAB_RUN/root

mount_disk() {
  mkdir -p "$root"
  mount -t overlay overlay -o "lowerdir=$LAB_ROOTFS,upperdir=$LAB_DISK/upper,workdir=$LAB_DISK/work" "$root"
  # Docker and containerd cannot stack their overlays on this one, so /var is a plain directory, like a partition.
  mount --bind "$LAB_DISK/var" "$root/var"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
}

mount_kernel() {
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys"
  if [ "$LAB_CGROUP_VERSION" = 2 ]; then
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
    return
  fi
  mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
  for controllers in $LAB_CONTROLLERS; do
    folder=$root/sys/fs/cgroup/${controllers#name=}
    mkdir "$folder"
    case $controllers in
      name=*) mount -t cgroup -o "none,$controllers" cgroup "$folder" ;;
      *) mount -t cgroup -o "$controllers" cgroup "$folder" ;;
    esac
    for one in $(echo "$controllers" | tr , ' '); do
      [ -e "$root/sys/fs/cgroup/${one#name=}" ] || ln -s "$controllers" "$root/sys/fs/cgroup/$one"
    done
  done
}

# A devtmpfs would hand the machine's own consoles and disks to the host.
make_devices() {
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  for device in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0' 'kmsg 1 11' 'fuse 10 229'; do
    set -- $device
    mknod -m 666 "$root/dev/$1" c "$2" "$3"
  done
  mkdir "$root/dev/net" "$root/dev/pts" "$root/dev/shm"
  mknod -m 666 "$root/dev/net/tun" c 10 200
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s pts/ptmx "$root/dev/ptmx"
  touch "$root/dev/console"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
  mount -t tmpfs tmpfs "$root/dev/shm"
}

# What belongs to one machine and one boot, where the kernel only has the values of the machine below.
make_identity() {
  mkdir "$root/run/drover-lab"
  echo "$LAB_PRODUCT_UUID" > "$root/run/drover-lab/product_uuid"
  cat /proc/sys/kernel/random/uuid > "$root/run/drover-lab/boot_id"
  bind_read_only product_uuid "$root/run/drover-lab/product_uuid"
  show_product_uuid
  bind_read_only boot_id "$root/proc/sys/kernel/random/boot_id"
  # The kubelet sets these for the whole machine: give each host its own, so that the machine keeps its values.
  for key in $LAB_OWN_SYSCTLS; do
    [ -e "$root/proc/sys/$key" ] || continue
    mkdir -p "$root/run/drover-lab/sysctl/${key%/*}"
    cat "$root/proc/sys/$key" > "$root/run/drover-lab/sysctl/$key"
    mount --bind "$root/run/drover-lab/sysctl/$key" "$root/proc/sys/$key"
  done
}

# Where a machine with an SMBIOS has it. Nothing can be made in a sysfs, so the folder of classes is one of links to those of
# another mount, beside the one class that the machine below may lack.
show_product_uuid() {
  mkdir "$root/run/drover-lab/sys"
  mount -t sysfs sysfs "$root/run/drover-lab/sys"
  mount -t tmpfs -o mode=755 tmpfs "$root/sys/class"
  for class in "$root"/run/drover-lab/sys/class/*; do
    name=${class##*/}
    [ "$name" = dmi ] || ln -s "/run/drover-lab/sys/class/$name" "$root/sys/class/$name"
  done
  mkdir -p "$root/sys/class/dmi/id"
  ln -s /run/drover-lab/product_uuid "$root/sys/class/dmi/id/product_uuid"
}

# The kernel tells no systemd in a namespace that a control group of version 1 has become empty. A container's scope whose
# end Docker did not report either, because it was stopping too, is waited for: not for systemd's minute and a half.
bound_shutdown() {
  mkdir -p "$root/run/systemd/system.conf.d"
  printf '[Manager]\nDefaultTimeoutStopSec=10s\n' > "$root/run/systemd/system.conf.d/drover-lab.conf"
}

bind_read_only() {
  mount --bind "$root/run/drover-lab/$1" "$2"
  mount -o remount,bind,ro "$2"
}

mount_disk
mount_kernel
make_devices
make_identity
bound_shutdown
hostname "$(cat "$root/etc/hostname")"

# This /proc is still the machine's, so the first field is this process's number as the machine sees it.
read -r pid rest < /proc/self/stat
echo "$pid" > "$LAB_RUN/pid.new"
mv "$LAB_RUN/pid.new" "$LAB_RUN/pid"

cd "$root"
mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old
mount --make-rshared / # The kubelet needs mounts to propagate.
if [ "$LAB_CGROUP_VERSION" = 1 ]; then
  set -- systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1
else
  set --
fi
exec env -i container=lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=linux /sbin/init "$@"
