#!/bin/bash
# Starts a machine of the training queue: local disks become one scratch folder, the shared file system is mounted.
set -euo pipefail

# Instance stores join to one striped disk; it is empty after each start, and so may be formatted.
mapfile -t disks < <(lsblk --nodeps --noheadings --output PATH,MODEL | awk '/Instance Storage/ {print $1}')
mkdir -p "$SCRATCH_FOLDER"
if [ "${#disks[@]}" -gt 0 ]; then
    device=${disks[0]}
    if [ "${#disks[@]}" -gt 1 ]; then
        command -v mdadm >/dev/null || dnf install --assumeyes --quiet mdadm
        device=/dev/md/scratch
        mdadm --create "$device" --level=0 --raid-devices="${#disks[@]}" --run "${disks[@]}"
    fi
    mkfs.xfs -q -f "$device"
    mount -o noatime "$device" "$SCRATCH_FOLDER"
fi
chmod 1777 "$SCRATCH_FOLDER"

if [ -n "$FILE_SYSTEM_DNS" ]; then
    command -v mount.lustre >/dev/null || dnf install --assumeyes --quiet lustre-client
    mkdir -p "$SHARED_FOLDER"
    # The file system may still be starting: try for ten minutes, then let the machine fail, and Batch start another.
    for attempt in $(seq 1 20); do
        if mount -t lustre -o relatime,flock "$FILE_SYSTEM_DNS@tcp:/$MOUNT_NAME" "$SHARED_FOLDER"; then
            break
        fi
        if [ "$attempt" -eq 20 ]; then
            echo "the shared file system $FILE_SYSTEM_DNS could not be mounted" >&2
            shutdown --halt now
        fi
        sleep 30
    done
fi
