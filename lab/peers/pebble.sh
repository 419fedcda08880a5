#!/bin/sh
# pebble.sh DIRECTORY makes a TLS certificate for the name that others call it by, writes its configuration there and becomes
# Pebble. What it issues is trusted by nobody, and all of it is forgotten when it ends. From the environment:
#   PEBBLE_NAME        the name in its address (pebble)
#   PEBBLE_PORT        where the ACME directory is (14000)
#   PEBBLE_MANAGEMENT  where its own roots are (15000)
#   PEBBLE_HTTP_PORT   where it looks for the answers to http-01 (8080)
set -eu
umask 077
: "${PEBBLE_NAME:=pebble}" "${PEBBLE_PORT:=14000}" "${PEBBLE_MANAGEMENT:=15000}" "${PEBBLE_HTTP_PORT:=8080}"
mkdir -p "$1"
cd "$1"

key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
if [ ! -e tls.pem ]; then
  openssl req -x509 $key -days 365 -subj "/CN=Lab" -addext keyUsage=critical,keyCertSign \
    -keyout ca.key -out ca.pem 2>/dev/null
  openssl req $key -subj "/CN=$PEBBLE_NAME" -keyout tls.key -out tls.csr 2>/dev/null
  printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\n' "$PEBBLE_NAME" >names
  openssl x509 -req -days 365 -in tls.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out tls.pem 2>/dev/null
fi

cat >config.json <<CONFIG
{
  "pebble": {
    "listenAddress": "0.0.0.0:$PEBBLE_PORT",
    "managementListenAddress": "0.0.0.0:$PEBBLE_MANAGEMENT",
    "certificate": "tls.pem",
    "privateKey": "tls.key",
    "httpPort": $PEBBLE_HTTP_PORT,
    "tlsPort": 443,
    "ocspResponderURL": "",
    "externalAccountBindingRequired": false
  }
}
CONFIG

echo "Directory https://$PEBBLE_NAME:$PEBBLE_PORT/dir"
echo 'Add it in the console as a certificate authority, with this root for its own TLS:'
cat ca.pem
PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 exec pebble -config config.json
