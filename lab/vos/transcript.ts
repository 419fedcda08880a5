/**
 * What the appliance says, literally. Where a literal was only guessed, its comment says so, and lab/README.md lists it.
 * Sources: the CLI reference guides for CUCM 12.5 and VVB, Cisco TAC notes, the DevNet samples for Finesse and UCCX, and the
 * vos plugin of unicon.plugins (its mock data and patterns).
 */
import { systemServices } from './catalogue.js';
import type { Service, ServiceVerb } from './services.js';

export const PROMPT = 'admin:';

/** Each with the appliance seconds that pass before it, as measured on 11.5; the last is the wait before the prompt. */
export interface StartUp {
  starting: number;
  welcome: number;
  hardware: number;
  prompt: number;
}
export const startUpSeconds: StartUp = { starting: 0.7, welcome: 5.4, hardware: 1.6, prompt: 0.9 };
/** Makes a minute of them. */
export const SLOW_FACTOR = 7;

export const startUpText = {
  starting: ['Command Line Interface is starting up, please wait ...', ''],
  welcome: ['   Welcome to the Platform Command Line Interface', ''],
  hardware: [
    'VMware Installation:',
    '\t2 vCPU: Intel(R) Xeon(R) CPU           E5640  @ 2.67GHz',
    '\tDisk 1: 80GB, Partitions aligned',
    '\t6144 Mbytes RAM',
    '',
  ],
  // Its place among the others is a guess.
  dnsWarning: ['WARNING: DNS unreachable', ''],
};

export const NO_VALID_COMMAND = 'No valid command entered';
export const UNSUCCESSFUL = 'Executed command unsuccessfully';
export const PAGINATION_OFF = 'Automatic pagination is turned off';
/** A guess, after the one above. */
export const PAGINATION_ON = 'Automatic pagination is turned on';
export const CONTINUE = 'Continue (y/n)?';
/** A guess: that harmless lines with this word occur was seen, their words were not. */
export const HARMLESS_ERROR = 'log4j:ERROR No appenders could be found for logger, using the default';

/** Guesses: the reasons that go before "Executed command unsuccessfully" are not published. */
export const reasons = {
  unknownService: (name: string) => `Service ${name} is not known to the Service Manager`,
  refused: 'Service Manager refused the request',
};

export const pagers = {
  press: '\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m\x1b[K',
  options: (first: number, last: number, total: number) =>
    `\x1b[1moptions: q=quit, n=next, p=prev, b=begin, e=end (lines ${first} - ${last} of ${total}) :\x1b[0m`,
};

const participles = {
  start: ['STARTED', 'Started'],
  stop: ['STOPPED', 'Stopped'],
  restart: ['RESTARTED', 'Restarted'],
};

/** The head for a restart is the one of the Finesse samples; those for start and stop are guesses after it. */
export function serviceHead(verb: ServiceVerb): string[] {
  const [loud, plain] = participles[verb];
  return [
    ` Don't press Ctrl-c while the service is getting ${loud}.If Service has not ${plain} Properly, execute the same Command Again`,
    'Service Manager is running',
  ];
}

/** Two blanks stand behind the bracket, then the reason where there is one. */
export function stateLine({ name, state, reason }: Service): string {
  return `${name}[${state}]  ${reason}`;
}

function listLine({ name, state, reason, wide }: Service): string {
  if (state !== 'STOPPED') return `${name}[${state}]`;
  return wide ? `${name}[ ${state} ]  ${reason}` : `${name}[${state}]  ${reason}`;
}

export function serviceList(services: readonly Service[], primary: boolean): string[] {
  return [
    'Requesting service status, please wait...',
    ...systemServices,
    'Service Manager is running',
    'Getting list of all services',
    '>> Return code = 0',
    ...services.map(listLine),
    `Primary Node =${primary}`,
  ];
}

export const versionActive = [
  'Active Master Version: 15.0.1.11900-40',
  'Active Version Installed Software Options:',
  'No Installed Software Options Found.',
];

/** Names and order are published; the values, and the form of the lines after the version, are made up. */
export function status(date: Date, uptimeSeconds: number, hostname: string): string[] {
  const minutes = Math.floor(uptimeSeconds / 60);
  return [
    '',
    `Host Name          : ${hostname.split('.')[0]}`,
    `Date               : ${date.toUTCString()}`,
    'Time Zone          : Coordinated Universal Time (Etc/UTC)',
    'Locale             : en_US.UTF-8',
    'Product Ver        : 12.5.1.12900-115',
    'Unified OS Version : 7.0.0.0-4',
    '',
    'Uptime:',
    ` up ${minutes} min,  1 user,  load average: 0.12, 0.10, 0.09`,
    '',
    'CPU Idle:   95.00%  System:   02.00%    User:   03.00%',
    '',
    'Memory Total:        6011384K',
    '       Free:          351640K',
    '       Used:         5659744K',
    '',
    '                        Total            Free            Used',
    'Disk/active         20644844K        8257936K       12178244K (60%)',
    'Disk/inactive       20644844K       19595408K          49424K (1%)',
    'Disk/logging        49573612K       29743736K       17311640K (37%)',
    '',
  ];
}

/** One line of `show cert list own`; `issuer` is null for a certificate that the node made itself. */
export function certificateLine(issuer: string | null): string {
  const origin = issuer === null ? 'Self-signed certificate generated by system' : `Certificate Signed by ${issuer}`;
  return `tomcat/tomcat.pem: ${origin}`;
}
