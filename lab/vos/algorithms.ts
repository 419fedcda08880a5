/**
 * What the SSH server offers. 12.5: the defaults of 12.5(1)SU5 (Security Guide for CUCM 12.5(1)SU5). Group exchange is left
 * out of every profile although those releases have it: ssh2's server does not carry it out.
 */
import type { ServerConfig } from 'ssh2';
import type { Settings } from './options.js';

type Algorithms = NonNullable<ServerConfig['algorithms']>;

const withoutGroupExchange = ['diffie-hellman-group-exchange-sha256'] as const;

export const algorithms: Record<Settings['algorithms'], Algorithms> = {
  modern: { kex: { remove: [...withoutGroupExchange], append: [], prepend: [] } },
  '12.5': {
    kex: [
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group14-sha1',
      'diffie-hellman-group1-sha1',
    ],
    serverHostKey: ['rsa-sha2-512', 'rsa-sha2-256'],
    cipher: ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
    hmac: ['hmac-sha1'],
  },
  legacy: {
    kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
    serverHostKey: ['ssh-rsa'],
    cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
    hmac: ['hmac-sha1', 'hmac-md5'],
  },
};

/** The banner of 11.5 is documented; the others are not, and say what they are. */
export const identification: Record<Settings['algorithms'], string> = {
  modern: 'SignalboxLab',
  '12.5': 'SignalboxLab',
  legacy: 'OpenSSH_5.3',
};
