/** The events that the elements send; all bubble and cross shadow roots. */
import type { ConnectionState, Operation } from '../client/contract.js';

export interface StartRequest {
  connection: number;
  type: string;
  params: Record<string, unknown> | null;
}

export interface SignalboxEventMap {
  /** Before a start is sent; `preventDefault()` keeps it from being sent. */
  'signalbox-before-start': CustomEvent<StartRequest>;
  /** An operation began, whoever started it. */
  'signalbox-start': CustomEvent<{ operation: Operation }>;
  'signalbox-update': CustomEvent<{ operation: Operation }>;
  'signalbox-complete': CustomEvent<{ operation: Operation }>;
  /** An operation failed or was cancelled. */
  'signalbox-error': CustomEvent<{ operation: Operation }>;
  /** There is no valid token: sign in, then call `reauthenticate()`. */
  'signalbox-auth-required': CustomEvent<Record<string, never>>;
  'signalbox-connection-state': CustomEvent<ConnectionState>;
  /** Before a connection's link is followed; `preventDefault()` leaves the way there to the page. */
  'signalbox-open': CustomEvent<{ connection: number }>;
  /** The lines of a fleet are others now. */
  'signalbox-fleet-change': CustomEvent<Record<string, never>>;
}

declare global {
  interface HTMLElementEventMap extends SignalboxEventMap {}
}

/** Sends an event; false where a listener prevented what it announces. */
export function send<Name extends keyof SignalboxEventMap>(
  target: EventTarget,
  name: Name,
  detail: SignalboxEventMap[Name]['detail'],
  cancelable = false,
): boolean {
  return target.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }));
}
