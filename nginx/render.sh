#!/bin/sh
# render.sh DIRECTORY writes nginx.conf into it, and a certificate for a try where there is none of one's own. From the environment:
#   PROXY_PUBLIC_URL    the address that people use: https://name[:port]
#   PROXY_UPSTREAMS     the servers behind it, host:port, separated by blanks (server:3000)
#   PROXY_HTTP_LISTEN   where plain requests are sent on to the public address (8080)
#   PROXY_HTTPS_LISTEN  where it serves (8443)
#   PROXY_TLS_DIR       holds fullchain.pem and privkey.pem (tls/ beside this file)
#   PROXY_RATE          requests a second from one address (100), and
#   PROXY_BURST         how many may come at once on top (400)
#   PROXY_HSTS          the header Strict-Transport-Security, such as max-age=31536000 (none)
set -eu
umask 077

fail() {
  echo "render.sh: $1" >&2
  exit 2
}

out=${1:?expected the directory to write to}
here=$(cd "$(dirname "$0")" && pwd)
: "${PROXY_PUBLIC_URL:?expected the address that people use, such as https://signalbox.example.com}"
: "${PROXY_UPSTREAMS:=server:3000}" "${PROXY_HTTP_LISTEN:=8080}" "${PROXY_HTTPS_LISTEN:=8443}" "${PROXY_TLS_DIR:=$here/tls}"
: "${PROXY_RATE:=100}" "${PROXY_BURST:=400}" "${PROXY_HSTS:=}"

# Each value becomes a part of the configuration, so each may hold only what its kind needs.
only() {
  if printf '%s\n' "$2" | grep -Eqvx "$3"; then fail "$1: expected $4, got '$2'."; fi
}
host='([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])'
only PROXY_PUBLIC_URL "$PROXY_PUBLIC_URL" "https://$host(:[0-9]+)?" 'https://name[:port] without a path'
only PROXY_UPSTREAMS "$PROXY_UPSTREAMS" "($host:[0-9]+ *)+" 'host:port, or several separated by blanks'
only PROXY_HTTP_LISTEN "$PROXY_HTTP_LISTEN" "($host:)?[0-9]+" 'a port or address:port'
only PROXY_HTTPS_LISTEN "$PROXY_HTTPS_LISTEN" "($host:)?[0-9]+" 'a port or address:port'
only PROXY_TLS_DIR "$PROXY_TLS_DIR" '/[A-Za-z0-9._/-]+' 'an absolute path of letters, digits and . _ -'
only PROXY_RATE "$PROXY_RATE" '[1-9][0-9]*' 'a whole number from 1'
only PROXY_BURST "$PROXY_BURST" '[1-9][0-9]*' 'a whole number from 1'
only PROXY_HSTS "$PROXY_HSTS" '[A-Za-z0-9=; -]*' 'a value such as max-age=31536000'

mkdir -p "$out"
out=$(cd "$out" && pwd)

if [ ! -e "$PROXY_TLS_DIR/fullchain.pem" ]; then
  PROXY_TLS_DIR=$out/tls
  name=$(printf '%s' "$PROXY_PUBLIC_URL" | sed -E 's|^https://||; s|:[0-9]+$||; s|[][]||g')
  case $name in
    *:* | *[0-9].*[0-9].*[0-9].*[0-9]) subject=IP:$name ;;
    *) subject=DNS:$name ;;
  esac
  if [ ! -e "$PROXY_TLS_DIR/fullchain.pem" ]; then
    mkdir -p "$PROXY_TLS_DIR"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=Signalbox" \
      -addext "subjectAltName=$subject" -keyout "$PROXY_TLS_DIR/privkey.pem" -out "$PROXY_TLS_DIR/fullchain.pem" 2>/dev/null
    echo "render.sh: made a certificate for $name that no browser knows; put your own into nginx/tls." >&2
  fi
fi
for file in fullchain.pem privkey.pem; do
  [ -r "$PROXY_TLS_DIR/$file" ] || fail "$PROXY_TLS_DIR/$file cannot be read by the account $(id -u)."
done

# A node that does not answer is left alone for two seconds; with one alone nginx tries it each time.
PROXY_SERVER_LINES=$(for server in $PROXY_UPSTREAMS; do echo "    server $server max_fails=1 fail_timeout=2s;"; done)

export PROXY_PUBLIC_URL PROXY_SERVER_LINES PROXY_HTTP_LISTEN PROXY_HTTPS_LISTEN PROXY_TLS_DIR PROXY_RATE PROXY_BURST PROXY_HSTS
# Only these: nginx's own variables look the same.
envsubst '$PROXY_PUBLIC_URL $PROXY_SERVER_LINES $PROXY_HTTP_LISTEN $PROXY_HTTPS_LISTEN $PROXY_TLS_DIR $PROXY_RATE $PROXY_BURST $PROXY_HSTS' \
  <"$here/nginx.conf.template" >"$out/nginx.conf"
