/** A process that starts where it is told to: for each directory that it is sent it answers with the keys that it got. */
import { loadConfig } from '../../settings/settings.js';

process.on('message', (dataDir: string) => {
  const { secretKeys, jwtSecret } = loadConfig({ SIGNALBOX_DATA_DIR: dataDir });
  process.send?.(
    [secretKeys.map(({ id, key }) => `${id}:${key.toString('hex')}`), jwtSecret.toString('hex')].join(' '),
  );
});
process.send?.('ready');
