#!/bin/sh
# Examines the provisioning, for cron. Prints only what a person has to look at, so that cron sends no
# other mail.
set -u
umask 077

keys=${NGROK_SCIM_KEYS:-/etc/ngrok-scim}
state=${NGROK_SCIM_STATE:-/var/lib/ngrok-scim}
rm -f "$state/doctor.txt" # so that no older result is shown where this run writes none

if [ -r "$keys/okta-token" ]; then
  OKTA_CLIENT_TOKEN=$(cat "$keys/okta-token")
  export OKTA_CLIENT_TOKEN
fi

ngrok-scim doctor --no-input --quiet --wait 120 --skip keyring \
  --api-key-file "$keys/scim-key" \
  --admin-key-file "$keys/admin-key" \
  --metrics "$state/ngrok_scim.prom" \
  --output "$state/doctor.txt"
status=$?

if [ "$status" != 0 ] && [ -e "$state/doctor.txt" ]; then
  cat "$state/doctor.txt"
fi
exit "$status"
