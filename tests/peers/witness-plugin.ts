/** The witness of the tests as a plugin, for a server in a process of its own; `startServer` reads its complaints from stderr. */
import type { Plugin } from '@hapi/hapi';
import { witness } from '../../server/documents/testing/witness.js';

/** Before each complaint, on a line of its own. */
export const COMPLAINT = 'not as published: ';

export const plugin: Plugin<object> = {
  name: 'tests-witness',
  register(server) {
    const tell = (complaint: string) => void process.stderr.write(`${COMPLAINT}${complaint}\n`);
    // Another one beside this.
    const hasGuests = process.env['SIGNALBOX_PLUGINS']?.includes(',') === true;
    server.ext('onPostStart', async () => void (await witness(server, { tell, hasGuests })));
  },
};
