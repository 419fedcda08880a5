/** What runs on the host, in POSIX shell: each is handed the service's name as $1 and holds nothing of it. */

/**
 * Answers in lines of key=value: the script, how many init scripts of it run just now, what `status` says, and the main
 * process with the moment of its start. $2 is `service`, `rc-service` or nothing.
 */
export const LOOK = [
  'n=$1; s=; for d in /etc/init.d /etc/rc.d/init.d; do [ -x "$d/$n" ] && s=$d/$n && break; done',
  // A running init script is seen by its arguments, one a line; the brackets keep the search from finding itself.
  'p=$(printf %s "$n" | sed "s/[.]/[.]/g")',
  'busy=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\000" "\\n" | grep -A 1 -xE "/etc/(rc[.]d/)?init[.]d/$p"' +
    ' | grep -cxE "start|stop|restart|try-restart|condrestart|force-restart|upgrade")',
  'said=; status=',
  'if [ "$s" ]; then if [ "$2" ]; then said=$("$2" "$n" status 2>&1 </dev/null); else said=$("$s" status 2>&1 </dev/null); fi; status=$?; fi',
  'pid=; file=; start=',
  // The usual places, those that OpenRC has noted, and those that the script itself names.
  'for f in "/run/$n.pid" "/var/run/$n.pid" "/run/$n/$n.pid" "/run/supervise-$n.pid"' +
    ' $(sed -n "s/^pidfile=//p" "/run/openrc/daemons/$n"/* 2>/dev/null)' +
    ' $(grep -v "^ *#" "$s" 2>/dev/null | grep -oE "/(var/)?run/[A-Za-z0-9._/-]+[.]pid"); do' +
    ' [ -r "$f" ] || continue; read -r q _ <"$f" || [ "$q" ] || continue;' +
    ' case $q in ""|1|*[!0-9]*) continue;; esac; [ -d "/proc/$q" ] && pid=$q && file=$f && break; done',
  'if [ -z "$pid" ]; then q=$(printf "%s\\n" "$said" | sed -n "s/.*[Pp][Ii][Dd](*s*)*[ :=]*\\([0-9][0-9]*\\).*/\\1/p" | head -n 1);' +
    ' [ "$q" ] && [ "$q" != 1 ] && [ -d "/proc/$q" ] && pid=$q; fi',
  // proc(5): the 22nd field is the start in clock ticks; the name before it, in brackets, may hold blanks.
  '[ "$pid" ] && start=$(sed "s/.*) //" "/proc/$pid/stat" 2>/dev/null | cut -d " " -f 20)',
  'printf "%s\\n" "script=$s" "busy=$busy" "status=$status" "pid=$pid" "start=$start" "pidfile=$file"',
  'printf "said=%s\\n" "$(printf "%s\\n" "$said" | head -n 1)"',
].join('; ');

/**
 * Runs its words with the output in a file of its own. A lost session would otherwise break the pipe under the script
 * between its stop and its start, and a daemon that keeps the pipe would hold up the answer. The signals are caught, not
 * ignored: what is ignored here would stay ignored in the daemon. For the same reason the umask is left alone.
 */
export const RESTART = [
  'trap : HUP PIPE; f=$(mktemp 2>/dev/null) || f=/dev/null',
  '"$@" >"$f" 2>&1 </dev/null; c=$?',
  '[ "$f" = /dev/null ] || { tail -c 16384 "$f"; rm -f "$f"; }',
  'exit $c',
].join('; ');

/**
 * The script's own test of the configuration, where it offers one. Debian's script of nginx sends the words of that test
 * to /dev/null, so there the program is asked as the script would ask it. $2 is what gives an ordinary account the right.
 */
export const EXPLAIN = [
  'n=$1; s=/etc/init.d/$n; [ -r "$s" ] || exit 0',
  'may() { [ -z "$w" ] || $w -l "$@" >/dev/null 2>&1; }; w=$2',
  'if grep -q "configtest" "$s" && may service "$n" configtest; then $w service "$n" configtest 2>&1 </dev/null; fi',
  'd=$(sed -n "s/^DAEMON=//p" "$s" | head -n 1)',
  'case $d in */nginx) DAEMON_OPTS=; e=$(sed -n "s/^[[:space:]]*[.][[:space:]]*\\(\\/etc\\/default\\/[^[:space:]]*\\)$/\\1/p" "$s" | head -n 1)',
  '[ -r "$e" ] && . "$e"; may "$d" -t $DAEMON_OPTS && $w "$d" -t $DAEMON_OPTS 2>&1 </dev/null;; esac',
].join('; ');
