import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import '../main.js';
import type { Json } from '../../../server/operations/contract.js';
import type { SignalboxButton } from '../../elements/button/button.js';
import {
  certificateClient,
  checks,
  credentials,
  look,
  planned,
  served,
  settings,
  view,
} from '../../testing/certificates.js';
import { type FakeClient, problem } from '../../testing/fake-client.js';
import { renewing } from '../../testing/renewals.js';
import type { ConsoleApp } from '../app.js';
import { settingsOf } from '../settings/setting.js';
import { certificateFrom, timeOfCron } from './certificate-payload.js';
import { endpointsFrom, endpointText } from './endpoint-lines.js';
import { sightsOf, worstOf } from './served.js';
import { commonName, leftSentence, momentIn, nextSentence, pairs } from './words.js';

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const now = Date.parse('2026-11-23T12:00:00.000Z');

interface Scene {
  client: FakeClient;
  find<E extends HTMLElement = HTMLElement>(selector: string): E;
  all(selector: string): HTMLElement[];
  fill(values: Record<string, string>): void;
  shows(text: string, within?: string): Promise<void>;
  /** What was sent last by this method, as it went. */
  sent(method: string): unknown;
}

async function stage(hash: string, client = certificateClient(), role: 'admin' | 'operator' = 'admin'): Promise<Scene> {
  history.replaceState(null, '', hash);
  const user = { username: 'mira', role };
  const app = await fixture<ConsoleApp>(html`<signalbox-console .client=${client} .user=${user}></signalbox-console>`);
  const all = (selector: string): HTMLElement[] => [...app.querySelectorAll<HTMLElement>(selector)];
  const find = <E extends HTMLElement>(selector: string): E => all(selector)[0] as E;
  const fill = (values: Record<string, string>): void => {
    for (const [name, value] of Object.entries(values)) {
      const input = find<HTMLInputElement>(`main [name=${name}]`);
      input.value = value;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  };
  const shows = (text: string, within = 'main'): Promise<void> =>
    waitUntil(() => words(find(within)).includes(text), `${within} shows “${text}”`, { timeout: 5_000 });
  const sent = (method: string): unknown => {
    const call = client.calls.findLast((one) => one.startsWith(`${method} `)) ?? '';
    return JSON.parse(call.slice(call.indexOf('{'))) as unknown;
  };
  return { client, find, all, fill, shows, sent };
}

/** Lets everything but reading answer with `answer`. */
function answering(client: FakeClient, answer: (method: string, path: string) => unknown): void {
  const before = client.answer;
  client.answer = (method, path, body) => (method === 'GET' ? before(method, path, body) : answer(method, path));
}

function refusing(client: FakeClient, ...errors: { pointer: string; message: string }[]): void {
  answering(client, () => {
    throw problem(400, 'VALIDATION_FAILED', 'The request is not valid.', { body: { errors } });
  });
}

describe('the words of certificates', () => {
  const at = (ms: number): string => new Date(now + ms).toISOString();
  const [hour, day] = [3_600_000, 86_400_000];

  it('says how long is left, and never more than there is', () => {
    expect(leftSentence(at(61.9 * day), now)).to.equal('61 days left');
    expect(leftSentence(at(47 * hour), now)).to.equal('47 hours left');
    expect(leftSentence(at(119 * 60_000), now)).to.equal('119 minutes left');
    expect(leftSentence(at(90_000), now)).to.equal('1 minute left');
    expect(leftSentence(at(-3 * day), now)).to.equal('expired 3 days ago');
  });

  it('says when it renews, in the time zone that was chosen, or why not', () => {
    const zone = settings.renewal;
    const say = (changes: Parameters<typeof planned>[0]): string => nextSentence(planned(changes), zone, now);
    expect(say({ runsAt: '2027-01-12T02:17:00.000Z' })).to.equal(
      'Renews on 12 January 2027, 03:17 Europe/Berlin: suggested by the CA.',
    );
    expect(say({ runsAt: '2027-07-12T01:17:00.000Z', reason: 'lifetime' })).to.equal(
      'Renews on 12 July 2027, 03:17 Europe/Berlin: a third of its lifetime is left then.',
    );
    expect(say({ runsAt: at(-1000), reason: 'missing' })).to.equal('Renews at any moment: nothing of ours is served.');
    const waits = { waitsUntil: '2026-11-23T22:30:00.000Z', waitsBecause: 'The last renewal failed: It is full.' };
    expect(say(waits)).to.equal(
      'Waits until 23 November 2026, 23:30 Europe/Berlin. The last renewal failed: It is full.',
    );
    expect(say({ automatic: false, runsAt: null, dueAt: null })).to.equal('Automatic renewal is off.');
    expect(nextSentence(null, zone, now)).to.equal('When it renews is not known yet.');
    expect(momentIn('2027-01-12T02:17:00.000Z', 'Mars/Olympus')).to.equal('12 January 2027, 02:17 UTC');
  });

  it('shows a serial in pairs, and an issuer by its common name', () => {
    expect([pairs('049C1E'), pairs('0A')]).to.deep.equal(['04:9c:1e', '0a']);
    expect([commonName('C=US, O=Let’s Encrypt, CN=R11'), commonName('O=House')]).to.deep.equal(['R11', 'O=House']);
  });

  it('takes endpoints that show the same for one, and the worst for all', () => {
    const sights = sightsOf([look(443, served()), look(8443, served()), look(9443, null, 'Nothing answered.')]);
    expect(sights.map(({ endpoints }) => endpoints)).to.deep.equal([
      ['10.50.2.18:443', '10.50.2.18:8443'],
      ['10.50.2.18:9443'],
    ]);
    expect(worstOf(sights, Date.now())).to.deep.equal(['failed', 'not reached']);
    const verdict = (changes: Parameters<typeof served>[0]): unknown =>
      worstOf(sightsOf([look(443, served(changes))]), now);
    const [notBefore, notAfter] = [at(-80 * day), at(10.5 * day)];
    expect(verdict({ notBefore, notAfter })).to.deep.equal(['due', '10 days left']);
    expect(verdict({ notBefore, notAfter: at(-1) })).to.deep.equal(['failed', 'expired']);
    expect(verdict({ notBefore: at(hour), notAfter })).to.deep.equal(['failed', 'not valid yet']);
    const fresh = { notBefore: at(-day), notAfter: at(89 * day) };
    expect(verdict({ ...fresh, trusted: false })).to.deep.equal(['failed', 'not trusted']);
    expect(verdict({ ...fresh, missingNames: ['a.example'] })).to.deep.equal(['failed', 'names missing']);
    expect(verdict(fresh)).to.deep.equal(['completed', 'trusted']);
    expect(worstOf([], now)).to.equal(null);
  });

  it('reads endpoints and times as they are written, and leaves what is wrong to the server', () => {
    const text = '443\nlb.example:8443 www.example\n[2001:db8::1]:443\n:70000\nno-port';
    const endpoints = endpointsFrom(text);
    expect(endpoints).to.deep.equal([
      { host: null, port: 443, servername: null },
      { host: 'lb.example', port: 8443, servername: 'www.example' },
      { host: '2001:db8::1', port: 443, servername: null },
      { host: null, port: 70_000, servername: null },
      { host: null, port: 'no-port', servername: null },
    ]);
    expect(endpointText(endpoints.slice(0, 3) as unknown as Parameters<typeof endpointText>[0])).to.equal(
      text.split('\n').slice(0, 3).join('\n'),
    );
    expect(['17 3 * * *', '0 12 * * 1', '*/5 * * * *'].map(timeOfCron)).to.deep.equal(['03:17', '', '']);
    const sent = (given: Record<string, string>): { [key: string]: Json } => {
      const form = new FormData();
      for (const [key, value] of Object.entries(given)) form.set(key, value);
      return certificateFrom(form, settingsOf(null));
    };
    expect(sent({ time: '04:05', timeZone: 'UTC' })['renewal']).to.deep.equal({
      ...{ automatic: false, timeZone: 'UTC', cron: '5 4 * * *' },
    });
    expect(sent({ time: '04:05', cron: ' 0 6 * * 1 ', timeZone: 'UTC' })['renewal']).to.have.property(
      'cron',
      '0 6 * * 1',
    );
    expect(sent({ timeZone: 'UTC' })).to.not.have.property('endpoints');
    expect(sent({ timeZone: 'UTC' })['renewal']).to.not.have.property('cron');
  });
});

describe('the console’s card of a certificate', () => {
  it('says what is served, what comes next and what was made', async () => {
    await setViewport({ width: 1440, height: 1000 });
    const scene = await stage('#/connections/8');
    await scene.shows('61 days left');
    const card = words(scene.find('console-certificate'));
    expect(card).to.match(/^Certificate .*trusted 61 days left until \d+ \w+ \d{4}, \d\d:\d\d/);
    expect(card).to.contain('Served at 10.50.2.18:443 10.50.2.18:8443 Names cucm-sub-02.voice.example *.voice.example');
    expect(card).to.contain('Issuer R11 Chain trusted Key RSA 3072, made on the device Serial 04:9c:1e:');
    expect(card).to.contain('Seen 5 min ago');
    expect(card).to.contain('Renews on 12 January 2097, 03:17 Europe/Berlin: suggested by the CA.');
    expect(card).to.match(/Made here 3 Served 04:9c.* Replaced by a later one 03:12:fe .* Given up cucm-sub-02/);
    expect(scene.all('.head signalbox-button').map((button) => button.getAttribute('type'))).to.deep.equal([
      'ssh_test',
    ]);
    await expect(scene.find('console-certificate')).to.be.accessible();
  });

  it('says why it is not trusted, what it lacks, and which endpoint was not reached', async () => {
    const bad = served({ trusted: false, trustError: 'The chain ends nowhere.', missingNames: ['*.voice.example'] });
    const shown = view({ served: [look(443, bad), look(8443, null, 'Nothing answered within 15 s.')] });
    const scene = await stage(
      '#/connections/8',
      certificateClient(() => shown),
    );
    await scene.shows('not trusted');
    expect(words(scene.find('console-certificate'))).to.contain(
      'Chain not trusted The chain ends nowhere. It lacks *.voice.example.',
    );
    expect(words(scene.find('console-certificate .notice'))).to.match(
      /10.50.2.18:8443 was not reached Nothing answered within 15 s. Looked at 5 min ago$/,
    );
    await expect(scene.find('console-certificate')).to.be.accessible();
  });

  it('looks now and shows what is new; a refusal is said', async () => {
    let left = 9.2;
    const scene = await stage(
      '#/connections/8',
      certificateClient(() => {
        const notAfter = new Date(Date.now() + left * 86_400_000).toISOString();
        return view({ served: [look(443, served({ notAfter }))] });
      }),
    );
    await scene.shows('9 days left');
    expect(words(scene.find('console-certificate header'))).to.equal('Certificate 9 days left');
    answering(scene.client, () => ({}));
    left = 88.2;
    scene.find('[name=look]').focus();
    await sendKeys({ press: 'Enter' });
    await scene.shows('88 days left');
    expect(scene.client.calls).to.include('POST /connections/8/certificate/look');
    await scene.shows('Looked just now.');
    answering(scene.client, () => {
      throw problem(422, 'CA_NOT_CHOSEN', 'No CA is marked as the default.');
    });
    scene.find('[name=look]').click();
    await scene.shows('No CA is marked as the default.', 'console-certificate [role=alert]');
  });

  it('asks admins to set one up where none is wanted, and nobody else', async () => {
    const empty = view({ settings: null, served: [], stored: [], next: null });
    const scene = await stage(
      '#/connections/8',
      certificateClient(() => empty),
    );
    await scene.shows('No certificate is wanted here.');
    expect(scene.find('console-certificate .btn').getAttribute('href')).to.equal('#/connections/8/certificate');
    await expect(scene.find('console-certificate')).to.be.accessible();
    const operator = await stage(
      '#/connections/8',
      certificateClient(() => empty, 'operator'),
      'operator',
    );
    await operator.shows('No certificate is wanted here.');
    expect(operator.all('console-certificate .body :is(.btn, signalbox-button)').length).to.equal(0);
    const none = await stage('#/connections/6');
    await none.shows('tea-kitchen');
    await none.shows('Host key');
    expect(none.all('console-certificate').length, 'a platform without certificates has no card').to.equal(0);
  });

  it('renews, and reads anew what is served when that has ended', async () => {
    const scene = await stage('#/connections/8');
    await scene.shows('61 days left');
    const button = scene.find<SignalboxButton>('console-certificate signalbox-button');
    await waitUntil(() => words(button.shadowRoot?.querySelector('button')) === 'Renew Certificate');
    button.focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => scene.client.calls.at(-1) === 'start 8 certificate_renewal {"preflight":false}');
    scene.client.show(renewing(900));
    await waitUntil(() => words(button.shadowRoot?.querySelector('button')) === 'Processing Renewal (60 %)');
    expect(scene.all('[name=check]').length).to.equal(0);
    const reads = (): number => scene.client.calls.filter((call) => call === 'GET /connections/8/certificate').length;
    const before = reads();
    scene.client.show(
      renewing(900, { status: 'completed', progress: 100, completedAt: new Date().toISOString(), revision: 9 }),
    );
    await waitUntil(() => words(button.shadowRoot?.querySelector('button')) === 'Renewed');
    await waitUntil(() => reads() === before + 1);
  });

  it('checks first without calling that a renewal, and lists what it found', async () => {
    const scene = await stage('#/connections/8');
    await scene.shows('61 days left');
    scene.find('[name=check]').click();
    await waitUntil(() => scene.client.calls.at(-1) === 'start 8 certificate_renewal {"preflight":true}');
    const check = renewing(901, { params: { preflight: true }, progress: 20, result: { checks: checks.slice(0, 1) } });
    scene.client.show(check);
    await scene.shows('Checking… (20 %)', 'console-certificate');
    expect(scene.all('console-certificate signalbox-button').length).to.equal(0);
    await scene.shows('Check: all in order, so far Served now 10.50.2.18:443 serves');
    const error = { code: 'PREFLIGHT_FAILED', message: '1 of 2 failed.', hint: null, retryable: true };
    scene.client.show({
      ...check,
      ...{ status: 'failed', completedAt: new Date().toISOString(), revision: 7, error, result: { checks } },
    });
    await scene.shows('Check: 1 of 2 not in order, now');
    await scene.shows('DNS credential The provider refused the key. Enter it again.');
    const [first, second] = scene.all('.checks .lamp').map((lamp) => lamp.getAttribute('aria-label'));
    expect([first, second]).to.deep.equal(['in order', 'not in order']);
    const button = scene.find<SignalboxButton>('console-certificate signalbox-button');
    await waitUntil(() => words(button.shadowRoot?.querySelector('button')) === 'Renew Certificate');
    await expect(scene.find('console-certificate')).to.be.accessible();
  });

  it('revokes only after a question, with a reason', async () => {
    const scene = await stage('#/connections/8');
    await scene.shows('Made here');
    expect(scene.all('.made button').length, 'only what was issued').to.equal(2);
    scene.find('.made summary').click();
    scene.find('.made button').click();
    await waitUntil(() => scene.find<HTMLDialogElement>('#revoke').open);
    await expect(scene.find('#revoke')).to.be.accessible();
    expect(words(scene.find('#revoke'))).to.contain('It is served now: browsers may refuse the host');
    scene.find('#revoke [value=no]').click();
    expect(scene.client.calls.some((call) => call.includes('revoke'))).to.equal(false);
    scene.find('.made button').click();
    await waitUntil(() => scene.find<HTMLDialogElement>('#revoke').open);
    answering(scene.client, () => ({}));
    scene.fill({ reason: 'keyCompromise' });
    scene.find('#revoke [value=yes]').click();
    await scene.shows('The CA has revoked it.');
    expect(scene.client.calls).to.include(
      'POST /connections/8/certificate/revoke {"certificateId":3,"reason":"keyCompromise"}',
    );
    const operator = await stage('#/connections/8', certificateClient(view, 'operator'), 'operator');
    await operator.shows('Made here');
    expect(operator.all('.made button').length).to.equal(0);
    expect(operator.all('console-certificate a').length).to.equal(0);
  });

  it('shows the records that a person has to set as long as they are wanted, and copies them', async () => {
    const scene = await stage('#/connections/8');
    await scene.shows('61 days left');
    const records = [{ name: '_acme-challenge.voice.example', type: 'TXT', value: 'LoqXcYV8' }];
    scene.client.show(renewing(902, { result: { records } }));
    await scene.shows('A DNS record is wanted', 'console-wanted-records');
    expect(words(scene.find('console-wanted-records'))).to.contain('Name _acme-challenge.voice.example Copy');
    await expect(scene.find('console-wanted-records')).to.be.accessible();
    const copied: string[] = [];
    const own = Object.getOwnPropertyDescriptor(navigator, 'clipboard');
    const writeText = (text: string): Promise<void> => Promise.resolve(void copied.push(text));
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    scene.all('console-wanted-records button')[1]?.click();
    await scene.shows('The value is copied.', 'console-wanted-records');
    expect(copied).to.deep.equal(['LoqXcYV8']);
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
    scene.all('console-wanted-records button')[0]?.click();
    await scene.shows('The browser does not let this page copy.', 'console-wanted-records');
    if (own) Object.defineProperty(navigator, 'clipboard', own);
    else Reflect.deleteProperty(navigator, 'clipboard');
    scene.client.show(renewing(902, { result: { records: [] }, revision: 6 }));
    await waitUntil(() => words(scene.find('console-wanted-records')) === '');
  });
});

describe('the console’s form of certificate settings', () => {
  it('shows what is stored, and sends all of it back', async () => {
    const scene = await stage('#/connections/8/certificate');
    await scene.shows('Certificate of cucm-sub-02');
    expect(document.title).to.equal('Certificate settings · Signalbox');
    const value = (name: string): string => scene.find<HTMLInputElement>(`main [name=${name}]`).value;
    expect(value('names')).to.equal(settings.names.join('\n'));
    expect([value('challenge'), value('dnsCredentialId')]).to.deep.equal(['dns-01', '2']);
    expect([value('time'), value('timeZone'), value('cron')]).to.deep.equal(['03:17', 'Europe/Berlin', '']);
    expect(value('endpoints')).to.equal('443\n8443');
    expect(scene.all('main [name=reuseKey]').length, 'the device has the key').to.equal(0);
    const keys = [...scene.find<HTMLSelectElement>('main [name=key]').options].map(words);
    expect(keys).to.deep.equal(['What the device usually takes', 'RSA 2048', 'RSA 3072', 'RSA 4096']);
    const challenges = [...scene.find<HTMLSelectElement>('main [name=challenge]').options].map(({ value: one }) => one);
    expect(challenges, 'this platform places no files').to.deep.equal(['http-01', 'dns-01']);
    await expect(scene.find('main')).to.be.accessible();
    answering(scene.client, () => ({}));
    const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    scene.fill({ names: ' a.example \n\nb.example', 'setting-tlsRootsPem': pem, authorityId: '2' });
    const moved = oneEvent(window, 'hashchange');
    scene.find('form .primary').click();
    await moved;
    expect(location.hash).to.equal('#/connections/8');
    expect(scene.sent('PATCH')).to.deep.equal({
      certificate: {
        ...settings,
        ...{ names: ['a.example', 'b.example'], authorityId: 2 },
        install: { ...settings.install, tlsRootsPem: pem },
      },
    });
  });

  it('begins with the host’s own name, and asks for what the platform can', async () => {
    const scene = await stage('#/connections/3/certificate');
    await scene.shows('Certificate of web-12');
    expect(scene.find<HTMLTextAreaElement>('main [name=names]').value, 'an address is no name').to.equal('');
    expect(scene.all('main [name=dnsCredentialId]').length).to.equal(0);
    expect([...scene.find<HTMLSelectElement>('main [name=challenge]').options].map(words)).to.deep.equal([
      'Signalbox answers over HTTP (http-01)',
      'A file on the host (http-01)',
      'A DNS record (dns-01)',
    ]);
    scene.fill({ names: 'web-12.example', challenge: 'dns-01' });
    await waitUntil(() => scene.find('main [name=dnsCredentialId]') !== undefined);
    expect(scene.find<HTMLTextAreaElement>('main [name=names]').value, 'what was written stays').to.equal(
      'web-12.example',
    );
    scene.find('main [name=reuseKey]').click();
    answering(scene.client, () => ({}));
    const moved = oneEvent(window, 'hashchange');
    scene.find('form .primary').click();
    await moved;
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(scene.sent('PATCH')).to.deep.equal({
      certificate: {
        ...{ names: ['web-12.example'], authorityId: null, challenge: 'dns-01', dnsCredentialId: 2 },
        ...{ key: 'ecdsa-p256', reuseKey: true, profile: null, preferredChain: null },
        install: { fullchainPath: null, useSudo: false },
        renewal: { automatic: true, timeZone },
      },
    });
  });

  it('shows each mistake at its field, and goes to the first', async () => {
    const scene = await stage('#/connections/8/certificate');
    await scene.shows('Certificate of cucm-sub-02');
    refusing(
      scene.client,
      { pointer: '/certificate/names/1', message: 'certificate.names[1] is a wildcard, which needs dns-01' },
      { pointer: '/certificate/endpoints/0/port', message: 'certificate.endpoints[0].port must be a valid port' },
      { pointer: '/certificate/install/certmgrPort', message: 'certificate.install.certmgrPort must be a valid port' },
      { pointer: '/certificate/renewal/cron', message: 'certificate.renewal.cron must be a cron expression' },
    );
    scene.find('form .primary').click();
    await scene.shows('Line 2 is a wildcard, which needs dns-01.', '#names-error');
    await scene.shows('Line 1 must be a valid port.', '#endpoints-error');
    await scene.shows('This must be a valid port.', '#setting-certmgrPort-error');
    await scene.shows('This must be a cron expression.', '#cron-error');
    expect(scene.find<HTMLDetailsElement>('main details').open).to.equal(true);
    await waitUntil(() => document.activeElement === scene.find('[name=names]'));
    await scene.shows('Correct the marked fields.', 'form [role=alert]');
    await expect(scene.find('main')).to.be.accessible();
  });

  it('takes the settings away after a question', async () => {
    const scene = await stage('#/connections/8/certificate');
    await scene.shows('Certificate of cucm-sub-02');
    scene.find('main form .danger').click();
    await waitUntil(() => scene.find<HTMLDialogElement>('main dialog').open);
    await expect(scene.find('main dialog')).to.be.accessible();
    answering(scene.client, () => ({}));
    const moved = oneEvent(window, 'hashchange');
    scene.find('main dialog [value=yes]').click();
    await moved;
    expect(scene.client.calls).to.include('PATCH /connections/8 {"certificate":null}');
  });

  it('is for admins, and for platforms with certificates', async () => {
    const client = certificateClient();
    const before = client.answer;
    client.answer = (method, path, body) => {
      if (path === '/certificate-authorities') throw problem(403, 'FORBIDDEN', 'Your role does not allow this.');
      return before(method, path, body);
    };
    const operator = await stage('#/connections/8/certificate', client, 'operator');
    await operator.shows('This page is for admins.');
    const samovar = await stage('#/connections/6/certificate');
    await samovar.shows('Connections of this platform have no certificate.');
  });
});

describe('the console’s certificate authorities', () => {
  it('lists them, and agrees to terms only by a box that links to them', async () => {
    const scene = await stage('#/certificate-authorities');
    await scene.shows('Let’s Encrypt (staging), the default');
    await waitUntil(() => scene.all('nav [aria-current]').map(words).join() === 'Settings,Certificate authorities');
    const [staging, house] = scene.all('.users li').map(words);
    expect(staging).to.contain('Nobody has agreed to its terms yet');
    expect(house).to.equal('House CA https://ca.example/acme Edit House CA');
    await expect(scene.find('main')).to.be.accessible();
    scene.find('.users button').click();
    await scene.shows('Edit Let’s Encrypt (staging)', '#edited');
    await waitUntil(() => document.activeElement === scene.find('#edited'));
    expect(scene.find('form a').getAttribute('href')).to.equal('https://ca.example/terms');
    expect(scene.find<HTMLInputElement>('[name=directoryUrl]').disabled).to.equal(true);
    expect(scene.all('form.panel .danger').length, 'a built-in CA stays').to.equal(0);
    await expect(scene.find('main')).to.be.accessible();
    answering(scene.client, () => ({}));
    scene.find('[name=termsAgreed]').click();
    scene.find('form .primary').click();
    await scene.shows('Saved.');
    expect(scene.client.calls).to.include('PATCH /certificate-authorities/1 {"termsAgreed":true}');
  });

  it('adds one, with its mistakes at their fields', async () => {
    const scene = await stage('#/certificate-authorities');
    await scene.shows('House CA');
    scene.find('[name=add]').click();
    await scene.shows('Add a CA', 'form');
    const pointer = '/contactEmails/1';
    refusing(scene.client, { pointer, message: 'contactEmails[1] must be an email address' });
    scene.fill({ name: 'Step', directoryUrl: 'https://step.example/acme', contactEmails: 'a@example.org\nb' });
    scene.fill({ eabKeyId: 'kid', eabHmacKey: 'c2VjcmV0c2VjcmV0', issuedRootsPem: ' PEM\n' });
    scene.find('form .primary').click();
    await scene.shows('Line 2 must be an email address.', '#contactEmails-error');
    expect(scene.sent('POST')).to.deep.equal({
      ...{ name: 'Step', directoryUrl: 'https://step.example/acme', contactEmails: ['a@example.org', 'b'] },
      ...{ eabKeyId: 'kid', eabHmacKey: 'c2VjcmV0c2VjcmV0', directoryRootsPem: null, issuedRootsPem: 'PEM' },
    });
    await expect(scene.find('main')).to.be.accessible();
  });

  it('keeps a secret that was left empty, removes a binding whose id was emptied, and makes a default', async () => {
    const scene = await stage('#/certificate-authorities');
    await scene.shows('House CA');
    const edit = async (): Promise<void> => {
      scene.all('.users button')[1]?.click();
      await scene.shows('Edit House CA', '#edited');
    };
    await edit();
    expect(words(scene.find('#eabHmacKey-hint'))).to.contain('One is stored; leave this empty to keep it.');
    answering(scene.client, () => ({}));
    scene.fill({ name: 'Our CA' });
    scene.find('[name=isDefault]').click();
    scene.find('form .primary').click();
    await scene.shows('Saved.');
    expect(scene.sent('PATCH')).to.deep.equal({ name: 'Our CA', isDefault: true });
    await edit();
    scene.fill({ eabKeyId: '' });
    scene.find('form .primary').click();
    await scene.shows('Saved.');
    expect(scene.sent('PATCH')).to.deep.equal({ eabKeyId: null, eabHmacKey: null });
  });

  it('deletes after a question, and says why it cannot', async () => {
    const scene = await stage('#/certificate-authorities');
    await scene.shows('House CA');
    scene.all('.users button')[1]?.click();
    await scene.shows('Edit House CA', '#edited');
    answering(scene.client, () => {
      throw problem(409, 'AUTHORITY_IN_USE', 'Connections use this CA.');
    });
    scene.find('main form .danger').click();
    await waitUntil(() => scene.find<HTMLDialogElement>('main dialog').open);
    await expect(scene.find('main dialog')).to.be.accessible();
    scene.find('main dialog [value=yes]').click();
    await scene.shows('Connections use this CA.', 'form [role=alert]');
    expect(scene.client.calls).to.include('DELETE /certificate-authorities/2');
  });
});

describe('the console’s DNS credentials', () => {
  it('adds one with its provider’s own settings, and sends no empty secret', async () => {
    const scene = await stage('#/dns-credentials');
    await scene.shows('bind Dynamic update (RFC 2136), used by one connection');
    await expect(scene.find('main')).to.be.accessible();
    scene.find('[name=add]').click();
    await waitUntil(() => scene.find('[name=setting-secret]') !== undefined);
    expect(scene.find<HTMLInputElement>('[name=setting-secret]').type).to.equal('password');
    await expect(scene.find('main')).to.be.accessible();
    const pointer = '/settings/secret';
    refusing(scene.client, { pointer, message: 'settings.secret is required' });
    scene.fill({ name: ' second ', 'setting-server': 'ns1.example' });
    scene.find('form .primary').click();
    await scene.shows('This is required.', '#setting-secret-error');
    expect(scene.sent('POST')).to.deep.equal({
      ...{ name: 'second', provider: 'rfc2136', settings: { server: 'ns1.example', ttlSeconds: 60 } },
    });
    scene.fill({ provider: 'manual' });
    await waitUntil(() => scene.find('[name=setting-secret]') === undefined);
    await scene.shows('A person sets each record');
  });

  it('edits one without its secret, and deletes after a question', async () => {
    const scene = await stage('#/dns-credentials');
    await scene.shows('bind');
    scene.all('.users button')[1]?.click();
    await scene.shows('Edit bind', '#edited');
    expect(scene.find<HTMLInputElement>('[name=setting-server]').value).to.equal('ns1.example');
    expect(scene.find<HTMLInputElement>('[name=setting-secret]').value).to.equal('');
    expect(words(scene.find('#setting-secret-hint'))).to.contain('One is stored; leave this empty to keep it.');
    answering(scene.client, () => ({}));
    scene.find('form .primary').click();
    await scene.shows('Saved. Check it with a name.');
    const { name, provider, settings: stored } = credentials[0] ?? {};
    expect(scene.sent('PATCH')).to.deep.equal({ name, provider, settings: stored });
    scene.all('.users button')[1]?.click();
    await scene.shows('Edit bind', '#edited');
    scene.find('main form .danger').click();
    await waitUntil(() => scene.find<HTMLDialogElement>('#delete-credential').open);
    scene.find('#delete-credential [value=yes]').click();
    await scene.shows('bind is deleted.');
    expect(scene.client.calls).to.include('DELETE /dns-credentials/2');
  });

  it('checks one with a name, and says in the dialog how it went', async () => {
    const scene = await stage('#/dns-credentials');
    await scene.shows('bind');
    scene.find('.users button').click();
    const dialog = (): HTMLDialogElement => scene.find<HTMLDialogElement>('#check-credential');
    await waitUntil(() => dialog().open);
    await expect(dialog()).to.be.accessible();
    answering(scene.client, () => {
      throw problem(422, 'DNS_REFUSED', 'The server refused the key.', { hint: 'Enter it again.' });
    });
    scene.fill({ checkedName: 'voice.example' });
    scene.find('[name=checkedName]').focus();
    await sendKeys({ press: 'Enter' });
    await scene.shows('The server refused the key. Enter it again.', '#check-credential [role=alert]');
    expect(scene.client.calls).to.include('POST /dns-credentials/2/check {"name":"voice.example"}');
    answering(scene.client, () => ({ ok: true }));
    scene.find('#check-credential .primary').click();
    await scene.shows('The record of voice.example can be set.', '#check-credential');
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => !dialog().open);
    expect(words(scene.find('main'))).not.to.contain('can be set');
  });
});
