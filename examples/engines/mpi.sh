#!/bin/sh
# imnorm under mpirun: each rank takes its own part by --shard auto. MPI ends all ranks when one dies
# and starts none again, so this does: what was done stays, and the rest goes on where it was.
#
#   ./mpi.sh list.txt out 4
set -eu
LIST=$1 OUT=$2 RANKS=$3
export LIST OUT
mkdir -p "$OUT"

# Code 1 of imnorm is: done, but for pictures that cannot be read.
# shellcheck disable=SC2016
rank='
  part=$OUT/part-${OMPI_COMM_WORLD_RANK:-$PMI_RANK}
  imnorm stats --files-from "$LIST" --shard auto -j 1 -o "$part.json" --resume -q
  [ $? -le 1 ] || exit 2
  imnorm normalize --files-from "$LIST" --shard auto -j 1 --preset imagenet -o "$part.npy" --resume -q
  [ $? -le 1 ]'
for try in 1 2 3; do
  if mpirun -n "$RANKS" sh -c "$rank"; then break; fi
  [ "$try" -lt 3 ] || exit 3
done

imnorm merge "$OUT"/part-*[0-9].json -o "$OUT/stats.json" --force || [ $? -eq 1 ]
imnorm merge "$OUT"/*.npy.manifest.json -o "$OUT/manifest.json" --force || [ $? -eq 1 ]
