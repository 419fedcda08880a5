import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../main.js';
import '../settings/elements.js';
import { problem } from '../../testing/fake-client.js';
import { completed, failed } from '../../testing/operations.js';
import { figures, houseClient } from '../testing/house.js';
import { words } from '../testing/stage.js';
import { figuresOf } from './figures.js';
import { durationsOf, failuresOf } from './runs.js';
import { countsBy, samplesOf, sumOf } from './samples.js';

async function open(read: (path: string) => Promise<string>): Promise<HTMLElement> {
  const client = houseClient();
  return fixture<HTMLElement>(
    html`<signalbox-provider .client=${client}
      ><console-monitoring .read=${read}></console-monitoring
    ></signalbox-provider>`,
  );
}

describe('Prometheus’ text form', () => {
  it('is read with labels, escapes, time stamps and what is infinite', () => {
    const text = [
      '# HELP x_total Words with {braces} 1',
      'x_total{a="one",b="with \\"quotes\\", a } and \\\\ and \\n"} 3',
      'x_total{a="two",} 4.5e1 1700000000000',
      'up 1',
      'top +Inf',
      'odd NaN',
      'not a sample at all',
      '',
    ].join('\r\n');
    expect(samplesOf(text)).to.deep.equal([
      { name: 'x_total', labels: { a: 'one', b: 'with "quotes", a } and \\ and \n' }, value: 3 },
      { name: 'x_total', labels: { a: 'two' }, value: 45 },
      { name: 'up', labels: {}, value: 1 },
      { name: 'top', labels: {}, value: Infinity },
    ]);
  });

  it('adds up over labels, and tells 0 from what is not there', () => {
    const samples = samplesOf('x{a="b"} 2\nx{a="c"} 3\nx{a="b"} 4\nz 0');
    expect([sumOf(samples, 'x'), sumOf(samples, 'z'), sumOf(samples, 'y')]).to.deep.equal([9, 0, null]);
    expect(countsBy(samples, 'x', 'a')).to.deep.equal([
      ['b', 6],
      ['c', 3],
    ]);
    expect(figuresOf(samples).since).to.equal(null);
  });
});

describe('what the last operations say', () => {
  const at = (startedAt: number, ranMs: number): object => ({
    startedAt: new Date(startedAt).toISOString(),
    completedAt: new Date(startedAt + ranMs).toISOString(),
  });

  it('takes the median of what a type took', () => {
    const runs = [1000, 9000, 2000, 4000].map((ranMs, index) => completed(index + 1, at(1e12, ranMs)));
    expect(durationsOf(runs)).to.deep.equal([{ type: 'ssh_test', count: 4, medianMs: 3000, longestMs: 9000 }]);
    expect(durationsOf([])).to.deep.equal([]);
  });

  it('counts failures by their codes, with the newest of each', () => {
    const [first, second] = [failed(2), failed(1)];
    expect(failuresOf([first, second])).to.deep.equal([{ code: 'SSH_AUTH_REFUSED', count: 2, last: first }]);
  });
});

describe('the console’s page of figures', () => {
  it('shows each figure with what it means, and since when', async () => {
    const element = await open(() => Promise.resolve(figures));
    await waitUntil(() => element.querySelectorAll('.figure-list li').length === 11);
    const shown = [...element.querySelectorAll('.figure-list li')].map(words);
    expect(shown[0]).to.match(/^Stuck operations 0 /);
    expect(shown[1]).to.match(/^Duplicates prevented 21 .*ssh test 17, service restart 4$/);
    expect(shown[2]).to.match(/^Polls answered with 304 20,418 /);
    expect(shown[6]).to.match(/^Sign-ins 14 .*bad credentials 11, too many 3$/);
    expect(shown[8]).to.match(/^Socket messages 0 /);
    expect(words(element)).to.contain('Counted by this server since 1 Mar');
    await waitUntil(() => words(element).includes('SSH_AUTH_REFUSED'));
    const tables = [...element.querySelectorAll('.figures tbody')].map(words);
    expect(tables[0]).to.equal('SSH test 812 23 0 Service restart 38 0 0');
    expect(tables[1]).to.equal('SSH test 640 ms 640 ms 3');
    expect(tables[2]).to.match(/^SSH_AUTH_REFUSED The server refused the password\. 2 14 min ago SSH_HOST_KEY_CHANGED/);
    await expect(element).to.be.accessible();
  });

  it('marks what must never be, by more than colour', async () => {
    const element = await open(() => Promise.resolve('signalbox_operations_stuck 2\n'));
    await waitUntil(() => words(element).includes('Stuck operations 2 '));
    expect(element.querySelector('.figure-list li .lamp')).to.not.equal(null);
    await expect(element).to.be.accessible();
  });

  it('says what is in the way, and asks again', async () => {
    let answers = false;
    const element = await open(() =>
      answers ? Promise.resolve('') : Promise.reject(problem(503, 'UNAVAILABLE', 'Signalbox is not ready.')),
    );
    await waitUntil(() => words(element).includes('Signalbox is not ready.'));
    await expect(element).to.be.accessible();
    answers = true;
    element.querySelector<HTMLElement>('.btn')?.click();
    await waitUntil(() => words(element).includes('since it was started'));
    expect(words(element)).to.contain('None has ended yet.');
  });
});
