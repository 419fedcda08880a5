/** The one state of each service, which the CLI, the served port and the certificate REST all follow. */
import { COMMANDED_OUT, NOT_ACTIVATED, NOT_RUNNING, featureServices } from './catalogue.js';
import type { Clock } from './clock.js';
import type { Faults } from './faults.js';

export type ServiceState = 'STARTED' | 'STARTING' | 'STOPPED' | 'STOPPING';
export type ServiceVerb = 'start' | 'stop' | 'restart';

export interface Service {
  readonly name: string;
  readonly state: ServiceState;
  /** Why it is stopped; empty in the instant between STOPPING and STARTING. */
  readonly reason: string;
  readonly wide?: true;
}

interface Machine extends Service {
  state: ServiceState;
  reason: string;
  /** Takes back the next change. */
  cancel: () => void;
}

/** How long a restarting service shows as STOPPED, in appliance seconds. */
const STOPPED_SECONDS = 1;
const HANG_LOOK_SECONDS = 1;

export interface ServicesOptions {
  clock: Clock;
  faults: Faults;
  stoppingSeconds: number;
  startingSeconds: number;
  changed(service: Service): void;
}

export class Services {
  readonly #options: ServicesOptions;
  readonly #machines: Machine[];

  constructor(options: ServicesOptions) {
    this.#options = options;
    this.#machines = featureServices.map((entry) => ({ ...entry, cancel: () => undefined }));
  }

  /** In the order of the list: those that are STOPPED come last. */
  all(): readonly Service[] {
    const isStopped = ({ state }: Service) => state === 'STOPPED';
    return [...this.#machines.filter((one) => !isStopped(one)), ...this.#machines.filter(isStopped)];
  }

  /** The service of exactly that name. */
  find(name: string): Service | undefined {
    return this.#machines.find((machine) => machine.name === name);
  }

  /** Does what it is told, even while it still does something else. Throws where there is no such service. */
  command(verb: ServiceVerb, name: string): void {
    const machine = this.#machine(name);
    machine.cancel();
    if (verb === 'stop') this.#stop(machine, () => this.#change(machine, 'STOPPED', COMMANDED_OUT));
    else if (verb === 'start' && machine.state === 'STARTED') this.#change(machine, 'STARTED');
    else if (verb === 'start') this.#start(machine);
    else this.#stop(machine, () => this.#stoppedForRestart(machine));
  }

  /** STOPPED at once, as if somebody had stopped it long ago. */
  halt(name: string): void {
    const machine = this.#machine(name);
    machine.cancel();
    this.#change(machine, 'STOPPED', COMMANDED_OUT);
  }

  reset(): void {
    for (const machine of this.#machines) {
      const first = featureServices.find(({ name }) => name === machine.name);
      machine.cancel();
      this.#change(machine, first?.state ?? 'STOPPED', first?.reason ?? NOT_ACTIVATED);
    }
  }

  #machine(name: string): Machine {
    const machine = this.#machines.find((one) => one.name === name);
    if (!machine) throw new Error(`There is no service ${JSON.stringify(name)} on this appliance.`);
    return machine;
  }

  #stop(machine: Machine, then: () => void): void {
    if (machine.state === 'STOPPED') return then();
    this.#change(machine, 'STOPPING');
    machine.cancel = this.#options.clock.after(this.#options.stoppingSeconds, then);
  }

  #stoppedForRestart(machine: Machine): void {
    if (this.#options.faults.stays_stopped) return this.#change(machine, 'STOPPED', NOT_RUNNING);
    // A service that was stopped before goes to STARTING at once.
    if (machine.state === 'STOPPED') return this.#start(machine);
    this.#change(machine, 'STOPPED');
    machine.cancel = this.#options.clock.after(STOPPED_SECONDS, () => this.#start(machine));
  }

  #start(machine: Machine): void {
    this.#change(machine, 'STARTING');
    machine.cancel = this.#options.clock.after(this.#options.startingSeconds, () => this.#started(machine));
  }

  #started(machine: Machine): void {
    if (!this.#options.faults.hang) return this.#change(machine, 'STARTED');
    machine.cancel = this.#options.clock.after(HANG_LOOK_SECONDS, () => this.#started(machine));
  }

  #change(machine: Machine, state: ServiceState, reason = ''): void {
    machine.state = state;
    machine.reason = reason;
    this.#options.changed(machine);
  }
}
