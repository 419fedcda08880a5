/** What we offer in the key exchange, and why it may find nothing in common. */
import type { Algorithms } from 'ssh2';
import type { ConnectionTarget, HostKey } from '../connections/contract.js';
import type { SshAlgorithms } from './contract.js';
import { SshError } from './errors.js';
import { plainNames } from './text.js';

// SHA-1 signatures, CBC and group1 are absent on purpose; `legacy` is what one old appliance may need.
const modern = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
  hmac: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    // As a MAC, SHA-1 is unbroken, and several current appliances have nothing else.
    'hmac-sha1',
  ],
} as const;

const legacy = {
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-md5', 'hmac-sha1-96'],
} as const;

type Kind = keyof typeof modern;
type HostKeyName = (typeof modern.serverHostKey)[number] | (typeof legacy.serverHostKey)[number];

/** A host with keys of several kinds must go on showing the pinned one, so its kind is asked for first. */
function preferred(names: HostKeyName[], pinned: HostKey | null): HostKeyName[] {
  const isPinned = (name: HostKeyName) =>
    name === pinned?.type || (pinned?.type === 'ssh-rsa' && name.startsWith('rsa-sha2-'));
  return [...names.filter(isPinned), ...names.filter((name) => !isPinned(name))];
}

/** The lists for ssh2's `algorithms`. */
export function offer(target: Pick<ConnectionTarget, 'hostKey' | 'legacyAlgorithms'>): Required<Algorithms> {
  const old = target.legacyAlgorithms;
  return {
    kex: [...modern.kex, ...(old ? legacy.kex : [])],
    serverHostKey: preferred([...modern.serverHostKey, ...(old ? legacy.serverHostKey : [])], target.hostKey),
    cipher: [...modern.cipher, ...(old ? legacy.cipher : [])],
    hmac: [...modern.hmac, ...(old ? legacy.hmac : [])],
    // A stranger's zlib stream is not worth unpacking for a few lines of text.
    compress: ['none'],
  };
}

interface Negotiated {
  kex: string;
  serverHostKey: string;
  cs: { cipher: string; mac: string };
}

export function agreed({ kex, serverHostKey, cs }: Negotiated): SshAlgorithms {
  return { kex, hostKey: serverHostKey, cipher: cs.cipher, mac: cs.mac === '' ? null : cs.mac };
}

const LINE = /^Handshake: \((local|remote)\) (KEX method|Host key format|.*cipher|.*MAC|.*compression): (.*)$/u;
// Markers of protocol extensions travel in the list of key exchanges.
const MARKER = /^(?:ext-info-[cs]|kex-strict-[cs]-v00@openssh\.com)$/u;

const kinds: [RegExp, string, Kind | null][] = [
  [/KEX/u, 'key exchange', 'kex'],
  [/Host key/u, 'host key', 'serverHostKey'],
  [/cipher/u, 'cipher', 'cipher'],
  [/MAC/u, 'MAC', 'hmac'],
  [/./u, 'compression', null],
];

/**
 * Listens to ssh2's debug lines, the only place that has the remote lists, and keeps the last pair in memory until
 * the handshake is over. Later lines can hold credentials; they are dropped unread, as is all that is no list.
 */
export class OfferedLists {
  #listening = true;
  #what = '';
  #lists = { local: [] as string[], remote: [] as string[] };

  hear(line: string): void {
    const [, side, what, names] = (this.#listening && LINE.exec(line)) || [];
    if (what === undefined || names === undefined) return;
    this.#what = what;
    this.#lists[side === 'local' ? 'local' : 'remote'] = names.split(',').filter((name) => !MARKER.test(name));
  }

  forget(): void {
    this.#listening = false;
    this.#lists = { local: [], remote: [] };
  }

  /** The failure, after ssh2 said that it found nothing in common. */
  failure(legacyAlgorithms: boolean, cause: unknown): SshError {
    const [, word, kind] = kinds.find(([pattern]) => pattern.test(this.#what)) ?? [null, 'algorithm', null];
    const { local, remote } = this.#lists;
    const old: readonly string[] = kind ? legacy[kind] : [];
    const helps = !legacyAlgorithms && remote.some((name) => old.includes(name));
    const shown = (names: string[]) => plainNames(names).join(', ') || 'nothing';
    return new SshError(
      'SSH_NO_COMMON_ALGORITHM',
      `There is no common ${word} algorithm: the host offers ${shown(remote)}; Signalbox offers ${shown(local)}.`,
      helps
        ? { cause, hint: 'Update the host, or turn on legacyAlgorithms for this connection, which lets weak ones in.' }
        : { cause },
    );
  }
}
