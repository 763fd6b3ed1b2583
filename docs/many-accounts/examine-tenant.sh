#!/bin/sh
# Examines one tenant, whose profile holds what is no secret. On one machine or on many:
#
#   TENANT                 its name, which is that of its profile
#   JOB_COMPLETION_INDEX   instead of it, its place among the profiles; Kubernetes sets this
#   COMPLETIONS            with it, how many tenants the job was made for
#   KEYS_FROM              files (default), op or vault
#   KEYS                   the folder of the files TENANT.scim-key, TENANT.admin-key and TENANT.okta-token
#   RESULTS                the folder to which TENANT.json and TENANT.prom are written
#
# Arguments are handed on to `ngrok-scim doctor`.
set -u
umask 077

stop() {
  printf '%s\n' "$1" >&2
  exit 2
}

if [ -n "${JOB_COMPLETION_INDEX:-}" ]; then
  profiles=$(cd "$NGROK_SCIM_HOME/profiles" && LC_ALL=C ls ./*.toml) || exit 2
  count=$(printf '%s\n' "$profiles" | wc -l)
  [ "$((count))" -eq "$COMPLETIONS" ] || stop "The job is made for $COMPLETIONS tenants, not $((count))."
  TENANT=$(printf '%s\n' "$profiles" | sed -n "$((JOB_COMPLETION_INDEX + 1))p")
  TENANT=${TENANT#./}
  TENANT=${TENANT%.toml}
fi
case ${TENANT:-} in
  '' | -* | *[!A-Za-z0-9-]*) stop "TENANT is the name of a profile." ;;
esac

secret() {
  case ${KEYS_FROM:-files} in
    files) cat "$KEYS/$TENANT.$1" ;;
    op) op read "op://ngrok-scim/$TENANT/$1" ;;
    vault) vault kv get -field="$1" "secret/ngrok-scim/$TENANT" ;;
    *) stop "KEYS_FROM is files, op or vault." ;;
  esac
}

# The letter keeps line breaks at the end, which the shell would drop: they are evidence.
key=$(secret scim-key && printf x) || exit 3
# Without these two, what needs them is skipped.
if NGROK_API_KEY=$(secret admin-key 2>/dev/null); then export NGROK_API_KEY; else unset NGROK_API_KEY; fi
if OKTA_CLIENT_TOKEN=$(secret okta-token 2>/dev/null); then export OKTA_CLIENT_TOKEN; else unset OKTA_CLIENT_TOKEN; fi

# The key goes through a pipe: no process can read it from arguments or an environment.
printf '%s' "${key%x}" | ngrok-scim doctor --profile "$TENANT" --no-input --quiet --wait "${WAIT:-120}" \
  --skip keyring --api-key-file - \
  --metrics "$RESULTS/$TENANT.prom" --format json --output "$RESULTS/$TENANT.json" "$@"
