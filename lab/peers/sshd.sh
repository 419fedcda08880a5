#!/bin/sh
# sshd.sh DIRECTORY makes a host key and an account with a password made at random, says both, and becomes an OpenSSH server.
# It needs root, as every SSH server does that lets other accounts in. From the environment:
#   SSHD_PORT     where it listens (2222)
#   SSHD_ACCOUNT  the account (operator)
set -eu
umask 077
: "${SSHD_PORT:=2222}" "${SSHD_ACCOUNT:=operator}"
mkdir -p "$1" /run/sshd
cd "$1"

[ -e host_key ] || ssh-keygen -q -t ed25519 -N '' -C lab -f host_key
id "$SSHD_ACCOUNT" >/dev/null 2>&1 || useradd --create-home --shell /bin/sh "$SSHD_ACCOUNT"
password=$(openssl rand -hex 12)
echo "$SSHD_ACCOUNT:$password" | chpasswd

echo "Username  $SSHD_ACCOUNT"
echo "Password  $password"
echo "Host key  $(ssh-keygen -l -f host_key.pub | cut -d ' ' -f 2)"
exec /usr/sbin/sshd -D -e -f /dev/null -o Port="$SSHD_PORT" -o HostKey="$PWD/host_key" -o PidFile=none \
  -o UsePAM=no -o PermitRootLogin=no -o AllowUsers="$SSHD_ACCOUNT" -o Subsystem="sftp internal-sftp"
