/**
 * Opening an encrypted private key takes up to seconds of pure computing, and whoever made the key chose how many.
 * So it happens on a thread of its own, and ends with the phase.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { within } from './phase.js';

// As text, because a worker's own file is found by no loader when the server runs from its TypeScript sources.
const WORK = `
const { parentPort, workerData } = require('node:worker_threads');
const { sealed, passphrase, ssh2 } = workerData;
const parsed = require(ssh2).utils.parseKey(sealed, passphrase);
parentPort.postMessage(parsed instanceof Error ? { error: parsed.message } : { pem: parsed.getPrivatePEM() });
`;

type Answer = { pem: string } | { error: string };

/** Answers with an unencrypted PEM; rejects with the parser's own error, or as the phase's signal says. */
export async function unsealKey(sealed: string, passphrase: string, signal: AbortSignal): Promise<string> {
  const ssh2 = createRequire(import.meta.url).resolve('ssh2');
  const worker = new Worker(WORK, { eval: true, execArgv: [], workerData: { sealed, passphrase, ssh2 } });
  try {
    return await within('authenticate', signal, () => answerOf(worker));
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: Answer) =>
      'pem' in answer ? resolve(answer.pem) : reject(new Error(answer.error)),
    );
  });
}
