/** One CA (RFC 8555), reached by its directory. */
import { Account, makeClient } from './account.js';
import { ariId, fetchRenewalInfo } from './ari.js';
import type {
  AcmeAccount,
  AcmeAuthority,
  AcmeDirectory,
  AcmeMeta,
  AcmeOptions,
  AcmeRegistration,
  ReachAuthority,
  RenewalInfo,
} from './contract.js';
import { fetchDirectory, type Directory } from './directory.js';
import { AcmeError } from './errors.js';
import type { StepClient } from './library.js';
import { Steps } from './steps.js';
import { Wire } from './wire.js';

class Authority implements AcmeAuthority {
  readonly #url: string;
  readonly #steps: Steps;
  #known: Promise<Directory> | null = null;

  constructor(directory: AcmeDirectory, options: AcmeOptions) {
    this.#url = directory.url;
    this.#steps = new Steps(new Wire(directory, options));
  }

  /** Asked once; again where that failed. */
  #directory(): Promise<Directory> {
    const known = this.#known ?? fetchDirectory(this.#steps.wire, this.#url);
    this.#known = known;
    known.catch(() => (this.#known = null));
    return known;
  }

  async meta(): Promise<AcmeMeta> {
    return (await this.#directory()).meta;
  }

  /**
   * The same key is the same account (RFC 8555 §7.3), so a lost answer is asked for again by the same call. An account that
   * exists is told the contacts: always as a list, because an update without any is no update.
   */
  async register({ accountKeyPem, contactEmails, externalAccount }: AcmeRegistration): Promise<string> {
    await this.#directory();
    const binding = externalAccount ? { kid: externalAccount.keyId, hmacKey: externalAccount.hmacKey } : null;
    const client = await makeClient({
      directoryUrl: this.#url,
      accountKey: accountKeyPem,
      ...(binding ? { externalAccountBinding: binding } : {}),
    });
    const unauthorized = binding ? 'CA_EAB_REFUSED' : 'CA_ACCOUNT_REFUSED';
    const contact = contactEmails.map((email) => `mailto:${email}`);
    const { value } = await this.#steps.run({ harmless: true, unauthorized }, async () => {
      await client.createAccount({ termsOfServiceAgreed: true, contact });
      return client.getAccountUrl();
    });
    return value;
  }

  account(accountKeyPem: string, accountUrl: string): AcmeAccount {
    let made: Promise<StepClient> | null = null;
    const client = async (): Promise<StepClient> => {
      await this.#directory();
      made ??= makeClient({ directoryUrl: this.#url, accountKey: accountKeyPem, accountUrl });
      return made;
    };
    const offersRenewalInfo = async () => (await this.#directory()).meta.renewalInfo;
    return new Account(accountUrl, { steps: this.#steps, client, offersRenewalInfo });
  }

  async renewalInfo(certificatePem: string): Promise<RenewalInfo | null> {
    const { renewalInfoUrl } = await this.#directory();
    if (renewalInfoUrl === null) return null;
    try {
      return await fetchRenewalInfo(this.#steps.wire, renewalInfoUrl, await ariId(certificatePem));
    } catch (error) {
      if (error instanceof AcmeError && error.code === 'CA_NO_ARI_ID') return null;
      throw error;
    }
  }
}

export const reachAuthority: ReachAuthority = (directory, options) => new Authority(directory, options);
