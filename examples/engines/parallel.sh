#!/bin/sh
# imnorm by GNU parallel: as many parts as are wanted, four at a time. A part that fails is done again,
# twice at most. parallel's --sshlogin would take other machines too.
#
#   ./parallel.sh list.txt out 8
set -eu
LIST=$1 OUT=$2 COUNT=$3
export LIST OUT COUNT
mkdir -p "$OUT"

# Code 1 of imnorm is: done, but for pictures that cannot be read.
# shellcheck disable=SC2016
seq "$COUNT" | parallel --jobs 4 --retries 3 --env LIST,OUT,COUNT '
  imnorm stats --files-from "$LIST" --shard {}/"$COUNT" -j 1 -o "$OUT"/part-{}.json --resume -q
  [ $? -le 1 ] || exit 2
  imnorm normalize --files-from "$LIST" --shard {}/"$COUNT" -j 1 --preset imagenet \
    -o "$OUT"/part-{}.npy --resume -q
  [ $? -le 1 ]'

imnorm merge "$OUT"/part-*[0-9].json -o "$OUT/stats.json" --force || [ $? -eq 1 ]
imnorm merge "$OUT"/*.npy.manifest.json -o "$OUT/manifest.json" --force || [ $? -eq 1 ]
