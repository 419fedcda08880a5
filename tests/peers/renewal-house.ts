/** A server in this process among all that a renewal meets, with a CA, a DNS credential and a host whose nginx is to be served. */
import { signIn, startHouse, type LocalHouse, type Visitor } from './house.js';
import { makePair } from './key-pair.js';
import { startOpenSsh, type OpenSsh } from './openssh.js';
import {
  addAuthority,
  addCredential,
  startWorld,
  type HostLogin,
  type RenewalWorld,
  type WorldOptions,
} from './renewal-world.js';
import { generateKey } from './ssh-keys.js';
import { startTlsNginx, type TlsNginx } from './tls-nginx.js';

export interface RenewalHost {
  sshd: OpenSsh;
  site: TlsNginx;
  /** Of root, by a key. */
  login: HostLogin;
  stop(): Promise<void>;
}

/** OpenSSH with sftp, and an nginx that serves `web.test` with a certificate of nobody. */
export async function startHost(): Promise<RenewalHost> {
  const key = await generateKey({ type: 'ed25519' });
  const [sshd, site] = await Promise.all([
    startOpenSsh({ authorizedKeys: [key.publicKey.trim()], config: { Subsystem: 'sftp internal-sftp' } }),
    makePair('web.test').then(startTlsNginx),
  ]);
  return {
    ...{ sshd, site },
    login: { port: sshd.port, username: 'root', privateKey: key.privateKey },
    async stop() {
      await site.stop();
      await sshd.stop();
    },
  };
}

export interface RenewalHouse extends RenewalHost {
  world: RenewalWorld;
  house: LocalHouse;
  admin: Visitor;
  dnsCredentialId: number;
}

export async function startRenewalHouse(
  options: WorldOptions & Parameters<typeof startHouse>[1] = {},
): Promise<RenewalHouse> {
  const { pebble, bind, ...more } = options;
  const [world, host] = await Promise.all([
    startWorld({ ...(pebble ? { pebble } : {}), ...(bind ? { bind } : {}) }),
    startHost(),
  ]);
  const house = await startHouse(world.env, more);
  const admin = await signIn(house.url);
  await addAuthority(admin, world);
  return {
    ...{ ...host, world, house, admin },
    dnsCredentialId: await addCredential(admin, world),
    async stop() {
      await house.stop();
      await host.stop();
      await world.stop();
    },
  };
}
