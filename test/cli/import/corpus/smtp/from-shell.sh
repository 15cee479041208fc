#!/bin/sh
# sourced by the backup
export SMTP_SERVER="smtp.example.com"
export SMTP_PORT=587
export SMTP_USER='backup@example.com'
export SMTP_PASS="$(cat /root/.smtp)"
export SMTP_STARTTLS=true
export SMTP_TO=admin@example.com
