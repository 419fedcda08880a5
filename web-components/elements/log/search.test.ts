import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { ElementMarks } from './marks.js';
import { rowElement } from './row-element.js';
import { Rows } from './rows.js';
import { Search } from './search.js';
import { line, LogStage, many, words } from './testing/log-stage.js';

const ESC = '\u001b';
const all = 'signalbox-match';
const current = 'signalbox-match-current';

async function chord(held: string, key: string): Promise<void> {
  await sendKeys({ down: held });
  await sendKeys({ press: key });
  await sendKeys({ up: held });
}

describe('searching a log', () => {
  it('counts the matches, in any case, and marks them', async () => {
    const stage = await LogStage.of([line(1, 'Tomcat is up'), line(2, 'tomcat TOMCAT'), line(3, 'nothing')]);
    stage.search('tomcat');
    await waitUntil(() => stage.matches === '1 of 3');
    expect(stage.marked(current)).to.deep.equal(['Tomcat']);
    expect(stage.marked(all)).to.deep.equal(['tomcat', 'TOMCAT']);
    expect(stage.status).to.equal('1 of 3');
    expect(stage.field.getAttribute('aria-describedby')).to.equal('matches');
    await expect(stage.element).to.be.accessible();
  });

  it('finds over the borders of colours', async () => {
    const stage = await LogStage.of([line(1, `Cisco Tom${ESC}[33mcat[STOP${ESC}[31mPING]`)]);
    stage.search('tomcat[stopping]');
    await waitUntil(() => stage.matches === '1 of 1');
    expect(stage.marked(current)).to.deep.equal(['Tom', 'cat[STOP', 'PING]']);
  });

  it('takes what is typed literally', async () => {
    const stage = await LogStage.of([line(1, 'a.c (x|y) [z] $1 \\d'), line(2, 'abc')]);
    for (const query of ['a.c', '(x|y)', '[z]', '$1', '\\d']) {
      stage.search(query);
      await waitUntil(() => stage.marked(current)[0] === query, query);
      expect(stage.matches).to.equal('1 of 1');
    }
  });

  it('goes on by Enter, back by Shift and Enter, around at the ends, out by Escape', async () => {
    const stage = await LogStage.of(many(30));
    stage.field.focus();
    await sendKeys({ type: 'line 2' });
    await waitUntil(() => stage.matches.endsWith(' of 11'));
    const at = (): string => words(stage.rows.find((row) => stage.isInView(row) && row.textContent.endsWith('line 2')));
    stage.search('line 2');
    await waitUntil(() => / of 11$/.test(stage.matches));
    const from = Number.parseInt(stage.matches);
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => stage.matches === `${(from % 11) + 1} of 11`);
    await chord('Shift', 'Enter');
    await chord('Shift', 'Enter');
    await waitUntil(() => stage.matches === `${((from + 9) % 11) + 1} of 11`);
    stage.button('Next match').click();
    await waitUntil(() => stage.matches === `${from} of 11`);
    stage.button('Previous match').click();
    await waitUntil(() => stage.matches === `${((from + 9) % 11) + 1} of 11`);
    expect(at()).to.be.a('string');
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => stage.all('.matches').length === 0);
    expect(stage.field.value).to.equal('');
    expect(stage.marked(all).concat(stage.marked(current))).to.deep.equal([]);
    expect(stage.element.shadowRoot?.activeElement).to.equal(stage.box);
  });

  it('finds in lines that are far from the view, shows them, and stops following', async () => {
    const stage = await LogStage.of(many(20_000).map((item) => (item.seq === 4321 ? line(4321, 'the needle') : item)));
    await waitUntil(() => stage.distance < 2);
    expect(stage.rows.some((row) => row.textContent.includes('needle'))).to.equal(false);
    stage.search('NEEDLE');
    await waitUntil(() => stage.matches === '1 of 1');
    const needle = (): HTMLElement | undefined => stage.rows.find((row) => row.textContent.includes('needle'));
    await waitUntil(() => stage.isInView(needle()));
    expect(stage.isFollowing).to.equal(false);
    await waitUntil(() => stage.marked(current)[0] === 'needle');
  });

  it('begins where one reads', async () => {
    const stage = await LogStage.of(many(1000));
    await waitUntil(() => stage.distance < 2);
    stage.box.scrollTop = 400 * 20;
    await waitUntil(() => stage.rows.some((row) => stage.isInView(row) && words(row).endsWith('line 405')));
    stage.search('line');
    await waitUntil(() => stage.matches === '401 of 1,000');
  });

  it('says where nothing is found', async () => {
    const stage = await LogStage.of(many(3));
    stage.search('nowhere');
    await waitUntil(() => stage.matches === 'No match');
    expect(stage.button('Next match').disabled).to.equal(true);
    await expect(stage.element).to.be.accessible();
  });

  it('counts what comes while it is open', async () => {
    const stage = await LogStage.of(many(10));
    stage.search('line');
    await waitUntil(() => stage.matches.endsWith(' of 10'));
    stage.client.showLog(many(12));
    await waitUntil(() => stage.matches.endsWith(' of 12'));
  });

  it('is reached by Ctrl+F from the lines', async () => {
    const stage = await LogStage.of(many(10));
    stage.box.focus();
    await chord('Control', 'f');
    await waitUntil(() => stage.element.shadowRoot?.activeElement === stage.field);
  });

  it('keeps the marks of two logs apart', async () => {
    const [one, two] = [await LogStage.of(many(3)), await LogStage.of(many(4))];
    one.search('line');
    two.search('line');
    await waitUntil(() => one.matches.endsWith('of 3') && two.matches.endsWith('of 4'));
    one.element.remove();
    expect(one.marked(all)).to.deep.equal([]);
    expect(two.marked(all).length).to.equal(3);
  });
});

describe('the marks of a browser without highlights', () => {
  it('are elements in the line, over the borders of colours, and leave it as it was', () => {
    const rows = new Rows();
    rows.take([line(1, `Tom${ESC}[33mcat and Tomcat`)]);
    const row = rows.all[0]!;
    const element = rowElement(row);
    const before = element.innerHTML;
    const marks = new ElementMarks();
    const spans = [
      { start: 0, end: 6, isCurrent: true },
      { start: 11, end: 17, isCurrent: false },
    ];
    marks.show([{ element, row, spans }]);
    const found = [...element.querySelectorAll('mark')];
    expect(found.map((mark) => `${mark.className}|${mark.textContent}`)).to.deep.equal([
      'current|Tom',
      'current|cat',
      '|Tomcat',
    ]);
    expect(element.querySelector('bdi')?.textContent).to.equal('Tomcat and Tomcat');
    marks.clear();
    expect(element.innerHTML).to.equal(before);
  });
});

describe('the search', () => {
  it('is taken over by the next one, and keeps its numbers in order', async () => {
    const rows = new Rows();
    rows.take(many(50_000));
    let settled = 0;
    const search = new Search(rows.all, () => (settled += 1));
    search.find('line');
    search.find('line 4999');
    await waitUntil(() => !search.isSearching);
    expect(settled).to.equal(1);
    expect(search.count).to.equal(11);
    expect(Array.from({ length: 11 }, (_, index) => search.at(index)?.row)).to.deep.equal([
      4998, 49989, 49990, 49991, 49992, 49993, 49994, 49995, 49996, 49997, 49998,
    ]);
    expect([search.from(0), search.from(4999), search.from(49_999)]).to.deep.equal([0, 1, 0]);
    expect(search.at(11)).to.equal(null);
  });
});
