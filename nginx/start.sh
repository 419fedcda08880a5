#!/bin/sh
# start.sh DIRECTORY writes the configuration there and becomes nginx; SIGHUP then reads the certificate anew.
set -eu
sh "$(dirname "$0")/render.sh" "$1"
exec nginx -p "$1" -c nginx.conf -e stderr -g 'daemon off;'
