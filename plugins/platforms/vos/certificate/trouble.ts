/** What can come between a call and its answer. */

/**
 * `refused`: nothing was sent, and it passes by itself where Tomcat restarts; `unreachable`: nothing was sent; `lost`: the
 * call may have been carried out; `silent`: it was sent, and no answer came in time.
 */
export type LinkTrouble = 'refused' | 'unreachable' | 'lost' | 'silent';

/** There was no answer; `message` is a sentence for people. */
export class LinkError extends Error {
  readonly trouble: LinkTrouble;

  constructor(trouble: LinkTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LinkError';
    this.trouble = trouble;
  }
}

/** The machine shows a certificate that is neither pinned nor verified; nothing was sent to it. */
export class UntrustedError extends Error {
  readonly fingerprint256: string;
  readonly subject: string;

  constructor(fingerprint256: string, subject: string, why: string) {
    super(why);
    this.name = 'UntrustedError';
    this.fingerprint256 = fingerprint256;
    this.subject = subject;
  }
}

/** There was an answer that nobody can use: too long, or no JSON; `message` is a sentence for people. */
export class AnswerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AnswerError';
  }
}
