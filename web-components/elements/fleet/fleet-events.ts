/** The events that a fleet sends beside those of all elements. */
export interface FleetEventMap {
  /** Before a connection's link is followed; `preventDefault()` leaves the way there to the page. */
  'signalbox-open': CustomEvent<{ connection: number }>;
  /** The lines are others now. */
  'signalbox-fleet-change': CustomEvent<Record<string, never>>;
}

declare global {
  interface HTMLElementEventMap extends FleetEventMap {}
}

/** Sends an event; false where a listener prevented what it announces. */
export function sendFleet<Name extends keyof FleetEventMap>(
  target: EventTarget,
  name: Name,
  detail: FleetEventMap[Name]['detail'],
  cancelable = false,
): boolean {
  return target.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }));
}
