/** Lets the appliance make a key and a request for it; the key stays inside. */
import type { CertificateRun, CsrWish } from '../../../../server/platforms/contract.js';
import type { World } from '../world.js';
import { Certmgr, isFine } from './certmgr.js';

/** The upper bound of a common name (RFC 5280, ub-common-name). */
const MAX_COMMON_NAME = 64;
const CSR = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----[A-Za-z0-9+/=\s]+-----END (?:NEW )?CERTIFICATE REQUEST-----/u;

function requestBody({ names, rsaBits }: CsrWish): object {
  const commonName = names.find((name) => name.length <= MAX_COMMON_NAME) ?? names[0];
  const altNames = names.filter((name) => name !== commonName);
  return {
    ...{ service: 'tomcat', distribution: 'this-server', commonName },
    ...(altNames.length > 0 ? { altNames } : {}),
    ...(rsaBits === null ? {} : { keyType: 'rsa', keyLength: rsaBits }),
    hashAlgorithm: 'sha256',
  };
}

/** As the appliance made it: it may carry other names than were wished, which is for the caller to judge. */
export async function makeCsr(run: CertificateRun, wish: CsrWish, world: World): Promise<string> {
  const certmgr = await Certmgr.open(run, world);
  run.message('The appliance is making a key');
  // A request that nobody has seen may be replaced by the next one: nothing is settled by a lost answer.
  const answer = await certmgr.post({ purpose: 'csr', path: '/csr', body: requestBody(wish) }, () =>
    Promise.resolve(null),
  );
  if (!isFine(answer)) certmgr.refuse('csr', answer);
  const { csr } = (certmgr.json(answer) ?? {}) as { csr?: unknown };
  const pem = typeof csr === 'string' ? CSR.exec(csr)?.[0] : undefined;
  if (pem === undefined)
    run.fail('INSTALL_FAILED', `${run.connection.hostname} answered without a certificate request.`);
  return `${pem.replaceAll('\r', '')}\n`;
}
