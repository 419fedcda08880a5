/** `npm run lab -- …`: what may be said, and one clear sentence for what may not. */
import { parseArgs } from 'node:util';
import { noFaults, type Faults } from './vos/faults.js';
import type { ApplianceOptions } from './vos/options.js';

export class UsageError extends Error {}

const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/iu;
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  help: { ...flag, short: 'h' },
  clock: text,
  username: text,
  password: text,
  auth: text,
  algorithms: text,
  'start-up': text,
  subscriber: flag,
  host: text,
  'ssh-port': text,
  'tls-port': text,
  'https-port': text,
  hostname: text,
  'csr-name': { ...text, multiple: true },
  fault: { ...text, multiple: true },
  seed: text,
  'stopping-seconds': text,
  'starting-seconds': text,
  'poll-seconds': text,
  'port-delay-seconds': text,
  'pager-style': text,
} as const;

type Name = keyof typeof options;
type Values = ReturnType<typeof parse>;
type Single = Exclude<Name, 'help' | 'subscriber' | 'fault' | 'csr-name'>;

export const USAGE = `npm run lab -- [options]

  --clock N                    appliance seconds in one real second (1)
  --username NAME              (administrator)
  --password WORD              (made at random)
  --auth MODE                  password, keyboard-interactive or both (both)
  --algorithms PROFILE         modern, 12.5 or legacy (12.5)
  --start-up PROFILE           normal, slow or needs_newline (normal)
  --subscriber                 a subscriber instead of a publisher
  --host ADDRESS               where it listens (127.0.0.1)
  --ssh-port N                 (a free one)
  --tls-port N, --https-port N the ports that stand for 8443 and 443 (free ones)
  --hostname NAME              what the node calls itself (lab-vos.example)
  --csr-name NAME              a name that it adds to each request by itself, as often as wanted
  --fault NAME[=N]             as often as wanted: ${Object.keys(noFaults()).join(', ')}
  --seed N                     varies what real nodes vary
  --stopping-seconds N         how long Cisco Tomcat stops, in appliance seconds (60)
  --starting-seconds N         how long it starts (230)
  --poll-seconds N             one state line each (10)
  --port-delay-seconds N       for the fault port_closed_for_a_while (60)
  --pager-style STYLE          press or options (press)`;

/** The options of the appliance; null where help is asked for. Throws a UsageError. */
export function applianceOptions(args: string[]): ApplianceOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const given: Record<keyof ApplianceOptions, unknown> = {
    clock: positive(values, 'clock'),
    username: values.username,
    password: values.password,
    auth: choice(values, 'auth', ['password', 'keyboard-interactive', 'both']),
    algorithms: choice(values, 'algorithms', ['modern', '12.5', 'legacy']),
    startUp: choice(values, 'start-up', ['normal', 'slow', 'needs_newline']),
    primary: !values.subscriber,
    host: values.host,
    sshPort: whole(values, 'ssh-port', 65_535),
    tlsPort: whole(values, 'tls-port', 65_535),
    httpsPort: whole(values, 'https-port', 65_535),
    hostname: values.hostname === undefined ? undefined : hostName(values.hostname, 'hostname'),
    csrNames: values['csr-name']?.map((name) => hostName(name, 'csr-name')),
    faults: Object.assign({}, ...(values.fault ?? []).map(faultOf)) as Partial<Faults>,
    seed: whole(values, 'seed', 2 ** 32 - 1),
    stoppingSeconds: positive(values, 'stopping-seconds'),
    startingSeconds: positive(values, 'starting-seconds'),
    pollSeconds: positive(values, 'poll-seconds'),
    portDelaySeconds: positive(values, 'port-delay-seconds'),
    pagerStyle: choice(values, 'pager-style', ['press', 'options']),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** One fault and its value, as `fault <name> <value>` says it: on, off, or a number of bytes. Throws a UsageError. */
export function faultValue(name: string, value: string): Partial<Faults> {
  const faults = noFaults();
  if (!Object.hasOwn(faults, name))
    throw new UsageError(`There is no fault ${name}. The faults are: ${Object.keys(faults).join(', ')}.`);
  const none = faults[name as keyof Faults];
  if (value === 'off') return { [name]: none };
  if (none === false && value === 'on') return { [name]: true };
  if (none === null && /^\d{1,9}$/u.test(value)) return { [name]: Number(value) };
  throw new UsageError(
    `The fault ${name} takes ${none === null ? 'a number of bytes' : 'on'} or off, not ${value || 'nothing'}.`,
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function faultOf(spelled: string): Partial<Faults> {
  const [name = '', value = 'on'] = spelled.split('=');
  return faultValue(name, value);
}

function choice(values: Values, name: Single, choices: string[]): string | undefined {
  const value = values[name];
  if (value === undefined || choices.includes(value)) return value;
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not ${value}.`);
}

function hostName(value: string, name: 'hostname' | 'csr-name'): string {
  if (value.length <= 253 && HOST_NAME.test(value)) return value;
  throw new UsageError(`--${name} must be a DNS name, not ${value}.`);
}

function positive(values: Values, name: Single): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/u.test(value) && Number(value) > 0) return Number(value);
  throw new UsageError(`--${name} must be a number above 0, not ${value}.`);
}

function whole(values: Values, name: Single, most: number): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/u.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`--${name} must be a whole number from 0 to ${most}, not ${value}.`);
}
