#!/bin/sh
# Part I of N of the pictures in a bucket, where no disk is shared: brings that part only to a local
# disk, measures it, normalises it, and takes what it made back to the bucket. The list holds the keys,
# sorted byte-wise, and is the same for all parts. What rclone calls s3: is in its configuration.
#
#   rclone lsf -R --files-only s3:photos | LC_ALL=C sort > list.txt
#   ./s3_part.sh list.txt s3:photos s3:made 2 8
set -eu
list=$(realpath "$1") from=$2 to=$3 i=$4 count=$5
cd "$(mktemp -d)"

# The lines that --shard I/N takes of a sorted list.
size=$(wc -l <"$list")
sed -n "$((size * (i - 1) / count + 1)),$((size * i / count))p" "$list" >part.txt
rclone copy --files-from-raw part.txt "$from" .

# The rest of the list is named, and not looked for. Code 1: done, but for unreadable pictures.
imnorm stats --files-from "$list" --shard "$i/$count" -o "part-$i.json" -q || [ $? -eq 1 ]
imnorm normalize --files-from "$list" --shard "$i/$count" --preset imagenet -o "part-$i.npy" -q ||
  [ $? -eq 1 ]
rclone copy --include "/part-$i.*" . "$to"
cd / && rm -r "$OLDPWD"
