/** One message to the server and its answer, over TCP: a signed update seldom fits a datagram, and must not get lost. */
import { connect } from 'node:net';
import type { DnsRun } from '../../../server/dns/contract.js';
import { plainLine } from '../../../server/ssh/text.js';
import { failure } from './failure.js';
import { hostAndPort, settingsOf } from './settings.js';
import { uint16 } from './wire.js';

const HINT = 'Check the address and the port, and that updates over TCP are let through.';

/** Rejects with DNS_UNREACHABLE, or with the reason of the run's signal. */
export function exchange(run: DnsRun, message: Buffer): Promise<Buffer> {
  const { server, timeoutSeconds } = settingsOf(run);
  return new Promise((resolve, reject) => {
    const socket = connect(hostAndPort(server));
    let received = Buffer.alloc(0);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const fail = (why: string, cause?: unknown) =>
      end(() => reject(failure('DNS_UNREACHABLE', `The name server ${server} ${why}.`, HINT, cause)));
    const abort = () => end(() => reject(run.signal.reason as Error));
    const timer = setTimeout(() => fail(`did not answer within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    run.signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      fail(`can’t be reached (${plainLine(error.code ?? error.message, 60)})`, error),
    );
    socket.on('close', () => fail('closed the connection without an answer'));
    socket.once('connect', () => socket.write(Buffer.concat([uint16(message.length), message])));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0))
        end(() => resolve(received.subarray(2, 2 + received.readUInt16BE(0))));
    });
  });
}
