#!/bin/sh
# into-group.sh DIRECTORY... -- COMMAND...
# Moves itself into the control groups that the directories stand for, then becomes COMMAND: there is no moment in which
# the command, or anything it starts, is outside of them.
set -eu
while [ "$1" != -- ]; do
  echo $$ > "$1/cgroup.procs"
  shift
done
shift
exec "$@"
