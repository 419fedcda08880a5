/** CAs as admins keep them, on the wire. Types only. */

/** GET /certificate-authorities answers {certificateAuthorities: CertificateAuthority[]}, the default first, then by name. */
export interface CertificateAuthority {
  id: number;
  name: string;
  directoryUrl: string;
  /** PEM of the roots that the directory's own TLS is verified by, beside the system's; null: the system's alone. */
  directoryRootsPem: string | null;
  /** PEM of what issued chains must end in; null: the system's roots. */
  issuedRootsPem: string | null;
  contactEmails: string[];
  eabKeyId: string | null;
  hasEabHmacKey: boolean;
  termsAgreedAt: string | null;
  termsAgreedBy: string | null;
  /** Where to read them, as far as the CA was asked; filled by GET /certificate-authorities/{id} only. */
  termsOfService?: string | null;
  /** Exactly one CA is the default; Let's Encrypt's staging until an admin says otherwise. */
  isDefault: boolean;
  /** One of our own, which can't be deleted and keeps its directoryUrl. */
  builtIn: boolean;
  /** Null until the first certificate or check registered an account. */
  accountUrl: string | null;
  createdAt: string;
  updatedAt: string;
}

/** POST (name and directoryUrl required) and PATCH; the HMAC key goes in and never comes out, null removes it. */
export interface CertificateAuthorityChange {
  name?: string;
  directoryUrl?: string;
  directoryRootsPem?: string | null;
  issuedRootsPem?: string | null;
  contactEmails?: string[];
  eabKeyId?: string | null;
  /** base64url */
  eabHmacKey?: string | null;
  /** True agrees in the caller's name, false takes it back. */
  termsAgreed?: boolean;
  /** True only: another one takes it over. */
  isDefault?: true;
}
