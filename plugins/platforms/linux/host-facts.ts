/** One question that settles how this host is to be spoken to. */
import type { ExecResult } from '../../../server/ssh/contract.js';
import { shCommand } from '../../../server/ssh/quote.js';
import { keyValues } from './key-values.js';
import type { LinuxSettings } from './settings.js';

export interface HostFacts {
  init: 'systemd' | 'openrc' | 'sysv' | null;
  /** Whether commands that change something go through `sudo -n`. */
  sudo: boolean;
  /** The full path of the command that restarts; null where there is none (SysV scripts are then run by themselves). */
  program: string | null;
}

/** Messages are read, so they must be in English; an ordinary account's path often lacks the system's own folders. */
export const PREPARED = 'export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; ';

// sd_booted(3): systemd is the init system where /run/systemd/system is a directory. With an open standard input a
// program that has something to ask would wait; all of these have none.
const SCRIPT = [
  'init=$1',
  'if [ "$init" = auto ]; then if [ -d /run/systemd/system ]; then init=systemd',
  'elif [ -d /run/openrc ] && command -v rc-service >/dev/null 2>&1; then init=openrc',
  'elif command -v service >/dev/null 2>&1 || [ -d /etc/init.d ]; then init=sysv; else init=none; fi; fi',
  'case $init in systemd) program=systemctl;; openrc) program=rc-service;; *) program=service;; esac',
  'echo "init=$init"; echo "uid=$(id -u)"; echo "sudo=$(command -v sudo)"; echo "program=$(command -v "$program")"',
].join('; ');

export function factsCommand(initSystem: LinuxSettings['initSystem']): string {
  return shCommand(PREPARED + SCRIPT, initSystem);
}

export function readFacts({ stdout }: ExecResult): HostFacts {
  const { init, uid, sudo, program } = keyValues(stdout);
  return {
    init: init === 'systemd' || init === 'openrc' || init === 'sysv' ? init : null,
    // Without sudo an ordinary account can still be let in by polkit, so it is tried as it is.
    sudo: uid !== '0' && !!sudo,
    program: program || null,
  };
}
