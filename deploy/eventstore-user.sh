#!/bin/sh
# Makes the user `centre` of the log and gives it what it needs, and no more (docs/operating.md). Again changes nothing.
set -eu
server=https://eventstore:2113
ask() {
  curl --silent --show-error --cacert /certificates/ca/ca.crt --user "admin:$ADMIN_PASSWORD" --output /dev/null --write-out '%{http_code}' "$@"
}

if [ "$(ask "$server/users/centre")" != 200 ]; then
  made=$(ask "$server/users/" --header 'content-type: application/json' \
    --data "{\"loginName\":\"centre\",\"fullName\":\"The centre\",\"password\":\"$PASSWORD\",\"groups\":[]}")
  [ "$made" = 201 ] || { echo "the user could not be made: $made"; exit 1; }
fi

# the same id each time: what was written already is written no second time
write() {
  written=$(ask "$server/streams/$1" --header 'content-type: application/vnd.eventstore.events+json' \
    --data "[{\"eventId\":\"$2\",\"eventType\":\"$3\",\"data\":$4}]")
  [ "$written" = 201 ] || { echo "the rights could not be given: $written"; exit 1; }
}
write '%24%24%24all' 5c3f0c52-6d0c-4a2e-9a61-2f2f0a7be101 '$metadata' '{"$acl":{"$r":["$admins","centre"]}}'
administrators='"$d":"$admins","$mw":"$admins"'
write '%24settings' 5c3f0c52-6d0c-4a2e-9a61-2f2f0a7be103 update-default-acl \
  "{\"\$userStreamAcl\":{\"\$r\":[\"centre\"],\"\$w\":[\"centre\"],\"\$mr\":[\"\$admins\",\"centre\"],$administrators},\"\$systemStreamAcl\":{\"\$r\":\"\$admins\",\"\$w\":\"\$admins\",\"\$mr\":\"\$admins\",$administrators}}"
