/** What a connection may say about its appliance's certificate interface. */
import { X509Certificate } from 'node:crypto';
import Joi from 'joi';
import type { JsonObject } from '../../../../server/operations/contract.js';
import { pemBlocks } from './pem.js';

export interface InstallSettings {
  certmgrPort: number;
  tlsFingerprint: string | null;
  tlsRootsPem: string | null;
}

const FINGERPRINT = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/i;
const MAX_PEM = 65_536;

/** Refuses what holds no certificate, or one that cannot be read: it would never verify anything. */
function readableRoots(pem: string, { message }: Joi.CustomHelpers): string | Joi.ErrorReport {
  const blocks = pemBlocks(pem);
  const custom = '{{#label}} must be one or more certificates in PEM form';
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    return message({ custom });
  }
  return blocks.length > 0 && !pem.includes('PRIVATE KEY') ? pem : message({ custom });
}

export const settings = Joi.object<InstallSettings>({
  certmgrPort: Joi.number()
    .port()
    .min(1)
    .default(443)
    .description('The port of the certificate interface (certmgr), which release 14 and later serve on 443 and 8443.'),
  tlsFingerprint: Joi.string()
    .pattern(FINGERPRINT)
    .messages({
      'string.pattern.base': '{{#label}} must be a SHA-256 fingerprint: 32 pairs of hexadecimal digits, AA:BB:…',
    })
    .allow(null)
    .default(null)
    .description(
      'SHA-256 fingerprint (AA:BB:…) of the certificate that the appliance shows now; it is believed as it is.',
    ),
  tlsRootsPem: Joi.string()
    .max(MAX_PEM)
    .custom(readableRoots)
    .allow(null)
    .default(null)
    .description('Roots in PEM form that the appliance’s own certificate may lead to, beside the public ones.'),
});

/** The stored settings, completed by the defaults; throws where they were never let in by this schema. */
export function settingsOf({ install }: { install: JsonObject }): InstallSettings {
  return Joi.attempt(install, settings) as InstallSettings;
}
