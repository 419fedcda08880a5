/** Restarts one service: looks, stores that it is about to send, sends once, and proves. It never sends twice. */
import type { ListedService, RestartProof, RestartRun, SentRestart } from '../../../../server/platforms/contract.js';
import { LIST, listedBy, NoServiceList } from '../inventory.js';
import { servicePattern, similarNames, written } from '../services.js';
import { settingsOf } from '../settings.js';
import type { World } from '../world.js';
import { Deadline } from './deadline.js';
import { Desk } from './desk.js';
import { Lookout } from './lookout.js';
import { beforeOf, Sightings, storedBefore, type PortLook } from './sightings.js';
import { Watch } from './watch.js';

const IN_TRANSITION = new Set(['STARTING', 'STOPPING']);

interface Ready {
  desk: Desk;
  listed: ListedService;
  port: PortLook;
}

export class Restart {
  readonly #run: RestartRun;
  readonly #world: World;
  readonly #lookout: Lookout;
  readonly #timeoutMs: number;
  #desk: Desk | null = null;
  #deadline: Deadline | null = null;
  #watch: Watch | null = null;

  constructor(run: RestartRun, world: World) {
    if (!servicePattern.test(run.service)) throw new Error('The service has no name that may reach a command line.');
    this.#run = run;
    this.#world = world;
    this.#lookout = new Lookout(run, world);
    this.#timeoutMs = settingsOf(run.connection).restartTimeoutSeconds * 1000;
  }

  /** Sends, or where that has been done observes; see `Platform.restartService`. */
  async run(): Promise<RestartProof> {
    try {
      return this.#run.sent ? await this.#observe(this.#run.sent) : await this.#send();
    } catch (error) {
      // Whoever stopped the run wants to hear its own reason, not what broke because of it.
      this.#run.signal.throwIfAborted();
      throw error;
    } finally {
      this.#deadline?.end();
      await Promise.all([this.#desk?.close(), this.#watch?.close(), this.#lookout.close()]);
    }
  }

  async #send(): Promise<RestartProof> {
    const ready = await this.#prepare();
    const watch = await this.#run.phase('stopping', async () => {
      const watch = await this.#give(ready);
      await watch.until(pastStopping);
      return watch;
    });
    return this.#settle(watch);
  }

  /** A run that was lost may have sent the command: from here on only looking is allowed. */
  async #observe(sent: SentRestart): Promise<RestartProof> {
    const sightings = new Sightings(beforeOf(sent), sent.seen);
    this.#deadline = Deadline.since(sent.at, this.#world, this.#timeoutMs);
    const watch = this.#watchOf(sightings, this.#deadline, null);
    this.#run.log(`The command may have been sent at ${sent.at}; it is not sent again.`, 'note');
    if (!pastStopping(sightings)) await this.#run.phase('stopping', () => watch.until(pastStopping));
    return this.#settle(watch);
  }

  async #settle(watch: Watch): Promise<RestartProof> {
    if (watch.sightings.now === 'STARTING') await this.#run.phase('starting', () => watch.until(pastStarting));
    return this.#run.phase('prove', () => watch.untilProven());
  }

  /** All that can be refused without a command having been sent. */
  async #prepare(): Promise<Ready> {
    const desk = await this.#run.phase('connect', async (signal) => {
      this.#run.message('Waiting for the prompt of the appliance');
      return (this.#desk = await Desk.open(this.#run, this.#world, { life: this.#run.signal, opening: signal }));
    });
    return this.#run.phase('check', async (signal) => {
      const listed = await this.#check(desk, signal);
      this.#run.log(written(listed), 'out');
      return { desk, listed, port: await this.#lookout.port(signal) };
    });
  }

  async #check({ cli }: Desk, signal: AbortSignal): Promise<ListedService> {
    const { service } = this.#run;
    this.#run.message('Reading the list of services');
    this.#run.log(LIST, 'in');
    const services = await listedBy(cli, signal).catch((error: unknown) => {
      if (error instanceof NoServiceList) return this.#run.fail('SERVICE_RESTART_FAILED', error.message);
      throw error;
    });
    const listed = services.find(({ name }) => name === service);
    if (!listed) return this.#run.fail('SERVICE_UNKNOWN', unknown(service, services));
    if (!IN_TRANSITION.has(listed.state)) return listed;
    return this.#run.fail('SERVICE_IN_TRANSITION', `${service} is ${listed.state} already; nothing was sent.`);
  }

  /** The one place that sends a restart. Whatever goes wrong from the promise on, the command counts as sent. */
  async #give({ desk, listed, port }: Ready): Promise<Watch> {
    if (desk.cli.lost) throw desk.cli.lost;
    const { service } = this.#run;
    const before = storedBefore(listed, port);
    await this.#run.aboutToSend(before);
    this.#deadline = Deadline.fromNow(this.#world, this.#timeoutMs);
    const sightings = new Sightings(beforeOf({ before }));
    const watch = this.#watchOf(sightings, this.#deadline, desk);
    const command = `utils service restart ${service}`;
    this.#run.message(`Restarting ${service}`);
    this.#run.log(command, 'in');
    await desk.cli.send(command, { consents: true }).catch((error: unknown) => watch.lose(error));
    return watch;
  }

  /** It closes the desk from here on. */
  #watchOf(sightings: Sightings, deadline: Deadline, desk: Desk | null): Watch {
    this.#desk = null;
    return (this.#watch = new Watch({ run: this.#run, lookout: this.#lookout, sightings, deadline, desk }));
  }
}

/** `STARTED` counts only with a trace of a restart: before the command has begun, the service is STARTED too. */
function pastStopping({ now, trace }: Sightings): boolean {
  return now === 'STARTING' || (now === 'STARTED' && trace !== null);
}

function pastStarting({ now }: Sightings): boolean {
  return now === 'STARTED';
}

function unknown(service: string, services: readonly ListedService[]): string {
  const similar = similarNames(service, services);
  const known = similar.length > 0 ? ` It has: ${similar.join(', ')}.` : '';
  return `The appliance has no service “${service}”; nothing was sent.${known}`;
}
