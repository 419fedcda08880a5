/** What can be asked of an appliance without changing anything. */
import type { ListedService, PlatformRun, Readiness } from '../../../server/platforms/contract.js';
import type { SshSession } from '../../../server/ssh/contract.js';
import { Cli } from './cli/cli.js';
import { failureIn, wordsOf } from './cli/cues.js';
import { serviceList } from './services.js';
import type { World } from './world.js';

export const LIST = 'utils service list';
const VERSION = 'show version active';
/** Lines; a version is told in fewer. */
const MAX_SHOWN = 40;

/** Says that the list cannot be had; `message` holds the appliance's own words. */
export class NoServiceList extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoServiceList';
  }
}

/** Throws `NoServiceList`, or what the session throws. */
export async function listedBy(cli: Cli, signal?: AbortSignal): Promise<ListedService[]> {
  const output = await cli.run(LIST, signal);
  const failure = failureIn(output);
  if (failure) throw new NoServiceList(`The appliance does not list its services: ${wordsOf(failure)}`);
  const services = serviceList(output);
  if (services.length === 0) throw new NoServiceList('The appliance answered with no list of services.');
  return services;
}

async function withCli<T>(session: SshSession, run: PlatformRun, world: World, work: (cli: Cli) => Promise<T>) {
  const cli = await Cli.open(session, { signal: run.signal, timing: world.cli });
  try {
    return await work(cli);
  } finally {
    await cli.close();
  }
}

/** `Active Master Version: 15.0.1.11900-40` in the output of `show version active`. */
export function systemIn(output: readonly string[]): string | null {
  const line = output.map((text) => text.trim()).find((text) => /^Active Master Version: *\S/u.test(text));
  return line?.slice(0, 255) ?? null;
}

export function inventory(world: World) {
  return {
    /** Proves that a prompt is reached and that a command is answered. */
    sshTest: (session: SshSession, run: PlatformRun): Promise<Readiness> =>
      withCli(session, run, world, async (cli) => {
        run.log(VERSION, 'in');
        const output = await cli.run(VERSION);
        for (const line of output.slice(0, MAX_SHOWN)) run.log(line, 'out');
        return { how: 'prompt', system: systemIn(output) };
      }),

    listServices: (session: SshSession, run: PlatformRun): Promise<ListedService[]> =>
      withCli(session, run, world, (cli) => {
        run.log(LIST, 'in');
        return listedBy(cli);
      }),
  };
}
