/** What the routes of CAs answer with. */
import type { CertificateAuthority } from '../../authorities/contract.js';
import { flag, list, moment, orNull, record, ref, text, whole } from '../words.js';

export const authorityShapes = {
  CertificateAuthority: record<CertificateAuthority>(
    'A CA that certificates can be ordered from. Its keys go in and never come out.',
    {
      id: whole('The CA.', { minimum: 1 }),
      name: text('What people call it.'),
      directoryUrl: text('Where its ACME directory is.'),
      directoryRootsPem: orNull(text('Roots for the TLS of the directory itself, as PEM; null: only the system’s.')),
      issuedRootsPem: orNull(text('Roots that issued chains must end in, as PEM; null: the system’s.')),
      contactEmails: list(text('An address.'), 'Whom the CA may write to.'),
      eabKeyId: orNull(text('The key id of an external account binding.')),
      hasEabHmacKey: flag('Whether the HMAC key of the binding is stored.'),
      termsAgreedAt: orNull(moment('When an admin agreed to its terms; nothing is registered before.')),
      termsAgreedBy: orNull(text('Who agreed to them.')),
      termsOfService: orNull(text('Where they can be read; null where the CA does not say. In GET of one CA only.')),
      isDefault: flag('Whether it is the CA of connections that choose none; exactly one is.'),
      builtIn: flag('Whether it is one of our own, which stays and keeps its directory.'),
      accountUrl: orNull(text('The account there; null until the first certificate or check.')),
      createdAt: moment('When it was added.'),
      updatedAt: moment('When it was last changed.'),
    },
    ['termsOfService'],
  ),
  CertificateAuthorities: record<{ certificateAuthorities: CertificateAuthority[] }>('The CAs.', {
    certificateAuthorities: list(ref('CertificateAuthority'), 'The default first, then by name.'),
  }),
};
