import type { PublishedDefinition } from '../../client/contract.js';
import { FakeClient } from '../fake-client.js';

const never = <Answer>(): Promise<Answer> => new Promise(() => undefined);
const unwatched = (): (() => void) => () => undefined;

/** A client that has heard nothing yet. */
export class SilentClient extends FakeClient {
  override state = { phase: 'connecting' as const, lastKnownAt: null };
  override watchConnection = unwatched;
  override watchFleet = unwatched;
  override watchLog = unwatched;

  override definitions(): Promise<readonly PublishedDefinition[]> {
    return never();
  }

  override request<Answer>(): Promise<Answer> {
    return never();
  }
}
