/** What an account at an acme-dns holds: what its /register answered. */
import Joi from 'joi';
import type { DnsRun } from '../../../server/dns/contract.js';

export interface AcmeDnsSettings {
  serverUrl: string;
  username: string;
  password: string;
  subdomain: string;
  fulldomain: string;
  resolvers: string[];
  timeoutSeconds: number;
}

// Without a name and password in it, and in the clear only to this machine itself.
const SAFE_URL = /^(https:\/\/[^\s/@\\?#]+|http:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d{1,5})?)(\/[^\s?#]*)?$/i;
const NAME = /^([a-z0-9_-]{1,63}\.)+[a-z0-9-]{1,63}$/i;
const RESOLVER = /^((\d{1,3}\.){3}\d{1,3}(:\d{1,5})?|[0-9a-f:]+|\[[0-9a-f:]+\]:\d{1,5})$/i;

const word = (description: string) =>
  Joi.string()
    .max(256)
    .pattern(/^[!-~]+$/, 'visible characters')
    .required()
    .description(description);

export const settings = Joi.object<AcmeDnsSettings>({
  serverUrl: Joi.string()
    .max(1000)
    .pattern(SAFE_URL, 'an https address, or http to this machine')
    .required()
    .description('Where the API of the acme-dns is: an https address.'),
  username: word('The username that the registration answered with.'),
  password: word('The password that the registration answered with.'),
  subdomain: word('The subdomain that the registration answered with.'),
  fulldomain: Joi.string()
    .max(253)
    .pattern(NAME, 'a DNS name')
    .lowercase()
    .required()
    .description('The full domain that the registration answered with, to which _acme-challenge is a CNAME.'),
  resolvers: Joi.array()
    .items(Joi.string().pattern(RESOLVER, 'an address, with a port where it is not 53').description('A name server.'))
    .max(8)
    .default([])
    .description('Name servers that the CNAME is looked up through; empty for those of the system.'),
  timeoutSeconds: Joi.number()
    .integer()
    .min(1)
    .max(120)
    .default(30)
    .description('How long one request may take, in seconds.'),
});

/** The opened settings; throws where they were never let in by this schema. */
export function settingsOf(run: DnsRun): AcmeDnsSettings {
  return Joi.attempt(run.settings, settings);
}
