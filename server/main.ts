/** The process: settings, house, signals. */
import { compose, type House } from './compose.js';
import type { Config } from './settings/config.js';
import { loadConfig, describeConfig, SettingsError } from './settings/settings.js';

const EXIT_MISTAKE = 2;

function settingsOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const mistake of error.mistakes) process.stderr.write(`${mistake}\n`);
    process.exit(EXIT_MISTAKE);
  }
}

/** What a person at the terminal needs; on stderr, since stdout is the log. */
function greet(config: Config, house: House): void {
  const lines = [`Signalbox is at ${config.publicUrl ?? house.server.info.uri}`];
  if (house.adminPassword)
    lines.push(`Sign in as admin with the password ${house.adminPassword} (shown once; change it in the console)`);
  process.stderr.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
}

/** The first signal drains; a second one ends at once. */
function stopOnSignal(house: House): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    house.logger.info({ signal }, 'stopping');
    house.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        house.logger.error({ err: error }, 'the server could not be stopped cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

// The database holds sealed secrets and the history: nobody else's account reads it.
process.umask(0o077);
const config = settingsOrExit();
const house = await compose(config);
stopOnSignal(house);
await house.start();
house.logger.info(describeConfig(config), 'listening');
greet(config, house);
