#!/bin/bash
# Runs on the controller of the cluster once it is set up: from then on it takes the pipeline's requests for training.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

install --directory --mode=0755 /opt/training
install --mode=0755 "$here/take_requests.sh" "$here/train.sh" "$here/answer.sh" /opt/training
install --mode=0644 "$here/cluster.env" /opt/training/cluster.env

cat >/etc/systemd/system/training-requests.service <<'UNIT'
[Unit]
Description=Requests for training become jobs
After=network-online.target slurmctld.service

[Service]
EnvironmentFile=/opt/training/cluster.env
ExecStart=/opt/training/take_requests.sh
User=ubuntu
Restart=always
RestartSec=30

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now training-requests.service
