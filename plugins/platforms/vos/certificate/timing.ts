/** How long the certificate interface is given for what. */
export interface CertmgrTiming {
  /** For the connection and the TLS handshake, each. */
  connectTimeoutMs: number;
  /** For the answer of a call that only reads. */
  readTimeoutMs: number;
  /** For the answer of a call that makes a key or stores a certificate. */
  writeTimeoutMs: number;
  /** How long it may stay closed: a restart of Tomcat takes five minutes, on some appliances ten. */
  patienceMs: number;
  /** The same where somebody only wants to know whether it would work. */
  checkPatienceMs: number;
  /** The longest first wait between two attempts, and the longest of all. */
  firstRetryMs: number;
  mostRetryMs: number;
}

export const certmgrTiming: CertmgrTiming = {
  connectTimeoutMs: 10_000,
  readTimeoutMs: 60_000,
  writeTimeoutMs: 180_000,
  patienceMs: 900_000,
  checkPatienceMs: 10_000,
  firstRetryMs: 1_000,
  mostRetryMs: 15_000,
};
