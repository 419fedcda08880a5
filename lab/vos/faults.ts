/** What can be wrong with an appliance; each one can be switched while it runs. */

/** Of the CLI and the services. */
interface CliFaults {
  /** The prompt comes back after `[STARTING]` without any `[STARTED]`; the service does start later. */
  subscriber_without_started: boolean;
  /** A restart is answered by a reason and "Executed command unsuccessfully"; nothing is restarted. */
  unsuccessful: boolean;
  /** The service stays STARTING, the output stops and the prompt never comes back, until this is switched off. */
  hang: boolean;
  /** The SSH connection that watches a restart is destroyed at `[STARTING]`; the restart goes on. */
  drop_in_restart: boolean;
  /** After STOPPING the service stays STOPPED ("Component is not running") and the prompt comes back. */
  stays_stopped: boolean;
  /** `[STARTED]` is said and listed, but the TLS port opens `portDelaySeconds` later. */
  port_closed_for_a_while: boolean;
  /** The word "ERROR" stands in a harmless line of the restart and of the list. */
  harmless_error: boolean;
  /** `set cli pagination off` answers nothing and changes nothing. */
  pager_left_on: boolean;
  /** Every byte is a chunk of its own. */
  split_bytes: boolean;
  /** Escape codes anywhere in the output, and the prompt comes twice. */
  escape_codes: boolean;
  /** A restart asks "Continue (y/n)?" first. */
  continue_question: boolean;
  /** "WARNING: DNS unreachable" in the start-up text. */
  dns_warning: boolean;
  /** Cisco Tomcat is STOPPED ("Commanded Out of Service") from the moment when this is switched on. */
  already_stopped: boolean;
  /** The connection is destroyed once a session's server has sent so many bytes of the CLI; once, then null again. */
  cut_after_bytes: number | null;
  /** The same for the bytes that it has received on the CLI. */
  cut_after_received: number | null;
}

/** Of the certificate REST. */
interface RestFaults {
  /** The certificate REST takes every call and answers none. */
  rest_silent: boolean;
  /** Every call of the REST is answered by 503 and no JSON, as by a proxy in front of it. */
  rest_unavailable: boolean;
  /** The account may read in the REST; whatever would change something is answered by 403. */
  rest_read_only: boolean;
  /** The connection of the next POST is destroyed before anything is done; once, then off again. */
  rest_lost_request: boolean;
  /** The next POST is carried out, and its connection destroyed before the answer; once, then off again. */
  rest_lost_answer: boolean;
  /** An upload of the identity is answered by 201 and not stored. */
  rest_forgets: boolean;
}

export type Faults = CliFaults & RestFaults;
/** What can be wrong with a restart. */
export type FaultName = keyof CliFaults;

export function noFaults(): Faults {
  return {
    subscriber_without_started: false,
    unsuccessful: false,
    hang: false,
    drop_in_restart: false,
    stays_stopped: false,
    port_closed_for_a_while: false,
    harmless_error: false,
    pager_left_on: false,
    split_bytes: false,
    escape_codes: false,
    continue_question: false,
    dns_warning: false,
    already_stopped: false,
    cut_after_bytes: null,
    cut_after_received: null,
    rest_silent: false,
    rest_unavailable: false,
    rest_read_only: false,
    rest_lost_request: false,
    rest_lost_answer: false,
    rest_forgets: false,
  };
}

/** Faults that tell of each change; `heard` is called after the value is in. */
export function liveFaults(heard: (name: keyof Faults) => void): Faults {
  return new Proxy(noFaults(), {
    set(faults, name, value) {
      if (!(name in faults)) return false;
      Reflect.set(faults, name, value);
      heard(name as keyof Faults);
      return true;
    },
  });
}
