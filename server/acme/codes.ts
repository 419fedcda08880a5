/** Every code that a step with a CA can end with: what it means and what the person can do. */
import type { OperationCode } from '../operations/errors.js';

const NETWORK = 'Check the directory URL of the CA, the route and the firewalls in between.';
const ACCOUNT = 'Let Signalbox register a new account with this CA, or choose another CA.';
const LATER = 'Retry later; an order that is open goes on where it stands.';
const NAMES = 'Correct the names of the certificate, or choose a CA that may issue them.';
const CONTACT = 'Correct the e-mail addresses of the CA, or leave them out.';

export const acmeCodes = {
  CA_UNREACHABLE: { sentence: 'The CA cannot be reached.', hint: NETWORK, retryable: true },
  CA_TIMEOUT: { sentence: 'The CA did not answer within the time limit.', hint: NETWORK, retryable: true },
  CA_TLS_UNTRUSTED: {
    sentence: 'The TLS certificate of the CA is not trusted.',
    hint: 'Give the CA the root that its own TLS is verified by, or correct its directory URL.',
    retryable: false,
  },
  CA_NOT_ACME: {
    sentence: 'What answers there does not speak ACME.',
    hint: 'Correct the directory URL of the CA.',
    retryable: false,
  },
  CA_RATE_LIMITED: {
    sentence: 'The CA takes no more requests for now.',
    hint: 'Wait for the CA’s limit to end; more orders would only prolong it.',
    retryable: true,
  },
  CA_REJECTED_IDENTIFIER: { sentence: 'The CA does not issue for this name.', hint: NAMES, retryable: false },
  CA_UNSUPPORTED_IDENTIFIER: {
    sentence: 'The CA does not know this kind of name.',
    hint: 'Use DNS names, or choose a CA that issues for the others too.',
    retryable: false,
  },
  CA_UNKNOWN_PROFILE: {
    sentence: 'The CA does not offer this certificate profile.',
    hint: 'Choose one of the profiles that the CA names, or none.',
    retryable: false,
  },
  CA_CAA: {
    sentence: 'A CAA record forbids this CA to issue for the name.',
    hint: 'Allow the CA in the CAA records of the domain, or choose one that they allow.',
    retryable: true,
  },
  CA_DNS: {
    sentence: 'The CA could not look the name up in DNS.',
    hint: 'Check that the name and the name servers of its zone answer from the internet.',
    retryable: true,
  },
  CA_CONNECTION: {
    sentence: 'The CA could not connect to the host to validate the name.',
    hint: 'Check that the CA reaches the name on port 80, or validate by DNS.',
    retryable: true,
  },
  CA_UNAUTHORIZED: {
    sentence: 'The CA did not find the answer to its challenge where it looked.',
    hint: 'Check that the name leads to the host that shows the answer, and that DNS shows the new record everywhere.',
    retryable: true,
  },
  CA_INCORRECT_RESPONSE: {
    sentence: 'The CA found another answer to its challenge than it wants.',
    hint: 'Remove old records or files of earlier challenges, and anything that answers in their place.',
    retryable: true,
  },
  CA_BAD_CSR: {
    sentence: 'The CA does not accept the certificate request.',
    hint: 'Check the key and the names of the request; a device’s own request has to hold exactly the ordered names.',
    retryable: false,
  },
  CA_BAD_KEY: {
    sentence: 'The CA does not accept this kind of key.',
    hint: 'Choose another kind of key, such as ECDSA P-256 or RSA 2048.',
    retryable: false,
  },
  CA_BAD_NONCE: { sentence: 'The CA refused one nonce after another.', hint: LATER, retryable: true },
  CA_ACCOUNT_GONE: { sentence: 'The CA does not know our account.', hint: ACCOUNT, retryable: false },
  CA_ACCOUNT_REFUSED: { sentence: 'The CA does not allow this to our account.', hint: ACCOUNT, retryable: false },
  CA_EAB_REQUIRED: {
    sentence: 'The CA binds each account to one that it gave out before.',
    hint: 'Enter the key id and the HMAC key that the CA gave you.',
    retryable: false,
  },
  CA_EAB_REFUSED: {
    sentence: 'The CA refuses the key id or the HMAC key of the external account.',
    hint: 'Enter both as the CA shows them; some can be used only once.',
    retryable: false,
  },
  CA_TERMS: {
    sentence: 'The CA wants its terms of service to be agreed to.',
    hint: 'Read the terms of the CA and agree to them in its settings.',
    retryable: false,
  },
  CA_BAD_CONTACT: { sentence: 'The CA does not accept a contact address.', hint: CONTACT, retryable: false },
  CA_ORDER_NOT_READY: {
    sentence: 'The order has not come so far at the CA.',
    hint: 'Retry; the order goes on where it stands.',
    retryable: true,
  },
  CA_NOT_FOUND: {
    sentence: 'The CA no longer knows what it was asked for.',
    hint: 'Start anew; the CA has forgotten this order.',
    retryable: false,
  },
  CA_ALREADY_REVOKED: { sentence: 'The certificate is revoked already.', hint: null, retryable: false },
  CA_NO_ARI_ID: {
    sentence: 'The certificate does not name the key of its issuer, so the CA cannot be asked about it.',
    hint: null,
    retryable: false,
  },
  CA_SERVER: { sentence: 'The CA has a fault of its own.', hint: LATER, retryable: true },
  CA_REFUSED: {
    sentence: 'The CA refuses the request.',
    hint: 'Read what the CA says, and look into its documentation.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;

export type AcmeCode = keyof typeof acmeCodes;
