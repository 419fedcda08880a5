/** The frames of nes' protocol 2, as far as a page meets them. */
import { RequestProblem } from './problem.js';

/** A frame from the server; which members it has depends on `type`. */
export interface Frame {
  type: string;
  id?: number;
  path?: string;
  message?: unknown;
  /** Of an answer that refuses: the HTTP status that would say the same. */
  statusCode?: number;
  payload?: { error?: string; message?: string };
  headers?: Record<string, unknown>;
  /** Of the hello's answer; false where the server sends no pings. */
  heartbeat?: { interval: number; timeout: number } | false;
}

/** Puts frames together again that the server cut: `+` goes on, `!` is the last part, `{` is whole. */
export class FrameReader {
  #parts: string[] = [];

  /** The frame that this text completes, or null; throws where it is not JSON. */
  read(text: string): Frame | null {
    const mark = text.charAt(0);
    if (mark === '{') {
      this.#parts = [];
      return JSON.parse(text) as Frame;
    }
    this.#parts.push(text.slice(1));
    if (mark !== '!') return null;
    const whole = this.#parts.join('');
    this.#parts = [];
    return JSON.parse(whole) as Frame;
  }
}

/** A refusing answer as a Problem. */
export function refusalOf(frame: Frame): RequestProblem {
  const status = frame.statusCode ?? 500;
  const seconds = Number(frame.headers?.['retry-after'] ?? frame.headers?.['Retry-After'] ?? Number.NaN);
  return new RequestProblem({
    status,
    code: `REALTIME_${status}`,
    message: frame.payload?.message ?? frame.payload?.error ?? 'The server refused.',
    retryAfter: Number.isFinite(seconds) ? seconds : null,
  });
}
