import { expect } from '@open-wc/testing';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import { byHand, planned, summary } from '../../testing/certificates.js';
import { renewing } from '../../testing/renewals.js';
import type { Operation } from '../../client/contract.js';
import { percentOf, ticksOf } from './axis.js';
import { lineOf, linesOf, needsSomebody } from './line.js';
import { dayMs, momentOf, span } from './moments.js';
import { latestRenewals } from './renewals.js';
import { inventoryWords, labelOf, lifeWords, reasonOf, spokenOf } from './words.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const at = (days: number): string => new Date(now + days * dayMs).toISOString();

/** 90 days long, ending in so many, with its renewal 30 days before. */
function certificate(days: number, changes: Partial<CertificateSummary> = {}): CertificateSummary {
  const runsAt = at(Math.max(1, days - 30));
  const times = { notBefore: at(days - 90), notAfter: at(days), next: planned({ runsAt }) };
  return summary(1, 'web-1', days, { ...times, ...changes });
}

const failed = (changes: Partial<Operation> = {}): Operation =>
  renewing(5, { connectionId: 1, status: 'failed', completedAt: at(-1), ...changes });
const words = (one: CertificateSummary, renewal: Operation | null = null): string =>
  labelOf(lineOf(one, renewal, now), now, false);
const standing = (one: CertificateSummary, renewal: Operation | null = null): string =>
  lineOf(one, renewal, now).standing;

describe('a line of the timeline', () => {
  it('is calm while a renewal comes in time', () => {
    expect([standing(certificate(61)), words(certificate(61.5))]).to.deep.equal(['calm', '61 days']);
    expect(needsSomebody(lineOf(certificate(61), null, now))).to.equal(false);
    expect(standing(certificate(61, { next: byHand }))).to.equal('calm');
    expect(standing(certificate(61, { next: null, wanted: false }))).to.equal('calm');
  });

  it('needs somebody where it ends soon and nothing is planned, or too late', () => {
    for (const next of [null, byHand]) {
      expect(words(certificate(29, { next }))).to.equal('29 days, nothing planned');
      expect(standing(certificate(31, { next }))).to.equal('calm');
    }
    expect(standing(certificate(29, { next: null, notBefore: null }))).to.equal('unplanned');
    const late = certificate(20, { next: planned({ runsAt: at(21) }) });
    expect([standing(late), words(late)]).to.deep.equal(['unplanned', '20 days, the renewal comes too late']);
  });

  it('judges a short life by its own length', () => {
    const six = (days: number): CertificateSummary => certificate(days, { next: null, notBefore: at(days - 6) });
    expect([standing(six(3)), standing(six(1.9))]).to.deep.equal(['calm', 'unplanned']);
    expect(words(six(1.9))).to.equal('45 hours, nothing planned');
  });

  it('says since when it has expired, and that a renewal runs or waits to', () => {
    expect(words(certificate(-3.5, { next: byHand }))).to.equal('expired 3 days ago, nothing planned');
    expect(words(certificate(-3.5, { next: planned({ runsAt: at(-1) }) }))).to.equal(
      'expired 3 days ago, renewal at any moment',
    );
    const running = renewing(6, { connectionId: 1 });
    expect([standing(certificate(-3), running), words(certificate(29.5), running)]).to.deep.equal([
      'renewing',
      '29 days, renewing now',
    ]);
    const waiting = renewing(6, { connectionId: 1, status: 'pending', progress: 0 });
    expect(words(certificate(29.5), waiting)).to.equal('29 days, renewal waiting');
  });

  it('says that a renewal failed and when the next try is, until a later certificate is there', () => {
    const next = planned({ runsAt: at(0.5), waitsUntil: at(0.5), failures: 1, waitsBecause: 'It is full.' });
    const again = momentOf(Date.parse(at(0.5)), now);
    expect(words(certificate(11.5, { next }), failed())).to.equal(`11 days, renewal failed, next try ${again}`);
    expect(standing(certificate(11, { next }))).to.equal('failed');
    expect(words(certificate(11.5, { next: byHand }), failed())).to.equal(
      '11 days, renewal failed, no next try is planned',
    );
    expect(words(certificate(11.5, { next: planned({ runsAt: at(-1) }) }), failed())).to.equal(
      '11 days, renewal failed, next try at any moment',
    );
    const renewedSince = certificate(89.9, { notBefore: at(-0.1) });
    expect(standing(renewedSince, failed())).to.equal('calm');
    expect(reasonOf(lineOf(certificate(11, { next }), null, now))).to.equal('It is full.');
  });

  it('tells another certificate than wanted from a host that was not reached', () => {
    const seen = { endpoint: 'web-1:443', seenAt: at(0) };
    const wrong = { ...seen, notAfter: at(61), failure: 'It ends nowhere.' };
    const silent = { ...seen, endpoint: 'web-1:8443', notAfter: null, failure: 'Nobody answered.' };
    const both = certificate(61.5, { endpoints: [silent, wrong] });
    expect([standing(both), words(both)]).to.deep.equal(['wrong', '61 days, not as wanted at web-1:443']);
    expect(standing({ ...both, wanted: false })).to.equal('calm');
    const away = certificate(61.5, { endpoints: [silent] });
    expect([standing(away), words(away)]).to.deep.equal(['calm', '61 days, not reached at web-1:8443']);
  });

  it('waits for the first one where none is served yet', () => {
    const missing = { notBefore: null, notAfter: null, status: null };
    const first = certificate(0, { ...missing, next: planned({ runsAt: at(1), reason: 'missing' }) });
    expect(words(first)).to.equal(`not served yet, first renewal on ${momentOf(now + dayMs, now)}`);
    expect(words(certificate(0, { ...missing, next: byHand }))).to.equal('not served yet, nothing planned');
    expect(lifeWords({ endsAt: null }, now)).to.equal('not served yet');
  });

  it('says in a sentence what the picture shows', () => {
    expect(spokenOf(lineOf(certificate(61, { next: byHand }), null, now), now)).to.equal(
      'Ends on 23 Jan 2027. No renewal is planned.',
    );
    const line = lineOf(certificate(-3, { next: planned({ runsAt: at(-1) }) }), null, now);
    expect(spokenOf(line, now)).to.equal('Ended on 20 Nov 2026. Renews at any moment.');
    expect(labelOf(lineOf(certificate(400), null, now), now, true)).to.equal('28 Dec 2027');
    expect([span(61.9 * dayMs), span(47 * 3_600_000), span(90_000)]).to.deep.equal(['61 days', '47 hours', '1 minute']);
  });

  it('comes first where somebody is needed, then by its end', () => {
    const named = (id: number, one: CertificateSummary): CertificateSummary => ({
      ...one,
      connection: { id, name: `web-${id}`, role: 'admin' },
    });
    const all = [
      named(1, certificate(61)),
      named(2, certificate(0, { notAfter: null, next: planned({ runsAt: at(1) }) })),
      named(3, certificate(33)),
      named(4, certificate(9, { next: null })),
      named(5, certificate(-1)),
      named(6, certificate(70)),
    ];
    const lines = linesOf(all, new Map([[6, failed({ connectionId: 6, completedAt: at(-1) })]]), now);
    expect(lines.map(({ certificate: { connection } }) => connection.id)).to.deep.equal([5, 4, 6, 3, 1, 2]);
    expect(inventoryWords(lines, 45, now + 45 * dayMs)).to.equal('3 of 6 end within 45 days');
  });

  it('takes the newest renewal of a connection, and no check for one', () => {
    const check = renewing(9, { connectionId: 1, params: { preflight: true } });
    const all = [check, renewing(7, { connectionId: 1 }), failed(), renewing(7, { connectionId: 1, revision: 9 })];
    const latest = latestRenewals([...all, renewing(4, { connectionId: 2 }), renewing(8, { type: 'ssh_test' })]);
    expect([...latest].map(([id, { revision }]) => [id, revision])).to.deep.equal([
      [1, 9],
      [2, 5],
    ]);
  });
});

describe('the axis of the timeline', () => {
  const here = new Date(2026, 10, 23, 12).getTime();

  it('goes from now to its last day', () => {
    const axis = { now: here, days: 90 };
    expect(percentOf(axis, here)).to.equal(0);
    expect(percentOf(axis, here + 45 * dayMs)).to.equal(50);
    expect([percentOf(axis, here - dayMs), percentOf(axis, here + 91 * dayMs)]).to.deep.equal([0, 100]);
  });

  it('names the months, fewer of a long one and the weeks of a short one', () => {
    const labels = (days: number): string[] => ticksOf({ now: here, days }).map(({ label }) => label);
    expect(labels(90)).to.deep.equal(['Dec', 'Jan 2027', 'Feb']);
    expect(labels(21)).to.deep.equal(['30 Nov', '7 Dec', '14 Dec']);
    expect(labels(398).length).to.be.within(5, 8);
    const [first] = ticksOf({ now: here, days: 365 });
    expect(first?.at).to.be.closeTo((38.5 / 365) * 100, 0.1);
  });
});
