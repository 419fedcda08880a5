/** What the tests need beside npm's packages: real peers and a browser, from Debian's packages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Each package by a file of it, so that a program that was installed another way counts too. */
export const needed = {
  bind9: '/usr/sbin/named',
  'bind9-dnsutils': '/usr/bin/nsupdate',
  chromium: '/usr/bin/chromium',
  'dropbear-bin': '/usr/sbin/dropbear',
  'firefox-esr': '/usr/bin/firefox-esr',
  'fonts-noto-core': '/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf',
  'g++': '/usr/bin/g++',
  'gettext-base': '/usr/bin/envsubst',
  'libsqlite3-dev': '/usr/include/sqlite3.h',
  make: '/usr/bin/make',
  nginx: '/usr/sbin/nginx',
  openssl: '/usr/bin/openssl',
  sudo: '/usr/bin/sudo',
  'openssh-server': '/usr/sbin/sshd',
  pebble: '/usr/bin/pebble',
  'postgresql-15': '/usr/lib/postgresql/15/bin/postgres',
  systemd: '/usr/lib/systemd/systemd',
  python3: '/usr/bin/python3',
};

export function missingPackages(isThere = existsSync) {
  return Object.entries(needed)
    .filter(([, file]) => !isThere(file))
    .map(([name]) => name);
}

function apt(...args) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', args, { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args[0]} failed.\n${(stderr ?? '').trim()}`);
}

/** Installs what is missing when root on Debian; anywhere else it names what is missing and throws. */
export function installPeers(tell) {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const able = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!able) throw new Error(`The tests need these Debian packages: ${missing.join(' ')}. Install them as root.`);
  tell(`Installing ${missing.join(' ')}…`);
  apt('update', '-q');
  apt('install', '-y', '-q', '--no-install-recommends', ...missing);
}
