/** A log of 100,000 lines costs what one sees of it. */
import { expect, waitUntil } from '@open-wc/testing';
import type { LogLine } from '../../client/contract.js';
import { Blocks, blockSize } from './blocks.js';
import { Rows } from './rows.js';
import { LogView } from './view.js';
import { LogStage, many, words } from './testing/log-stage.js';

const AMOUNT = 100_000;
/** What stands near the view, above and beneath it, in whole blocks. */
const MOST_ROWS = 4 * blockSize;

/** Twenty pictures, on a machine that does other things as well. */
const patient = { timeout: 25_000 };

describe('a log of 100,000 lines', function () {
  this.timeout(60_000);
  let lines: LogLine[];

  before(() => {
    lines = many(AMOUNT + 1000);
  });

  it('has only what is near the view in the page, wherever one reads', async () => {
    const stage = await LogStage.of(lines.slice(0, AMOUNT));
    const settled = async (text: string): Promise<void> => {
      await waitUntil(() => stage.rows.some((row) => stage.isInView(row) && words(row).endsWith(text)), text, patient);
      expect(stage.rows.length).to.be.at.most(MOST_ROWS);
    };
    await settled('line 100000');
    expect(words(stage.find('.foot'))).to.contain('100,000 lines');
    expect(stage.all('*').length).to.be.lessThan(AMOUNT / blockSize + 3 * MOST_ROWS + 100);
    expect(stage.box.scrollHeight).to.be.at.least(AMOUNT * 20);
    stage.box.scrollTop = 0;
    await settled('line 1');
    stage.box.scrollTop = 50_000 * 20;
    await settled('line 50002');
    await waitUntil(() => stage.rows.length <= MOST_ROWS, 'what is far away is gone', patient);
    await expect(stage.element).to.be.accessible();
  });

  it('keeps the blocks that are there when lines come', async () => {
    const stage = await LogStage.of(lines.slice(0, AMOUNT));
    await waitUntil(() => words(stage.rows.at(-1)).endsWith('line 100000'), 'line 100000', patient);
    const blocks = stage.all('.block');
    stage.client.showLog(lines);
    await waitUntil(() => words(stage.rows.at(-1)).endsWith('line 101000'), 'line 101000', patient);
    expect(stage.all('.block').slice(0, blocks.length)).to.deep.equal(blocks);
    expect(stage.all('.block').length).to.equal(blocks.length + 1000 / blockSize);
  });

  it('comes in a few pictures, none of which reads all of it', () => {
    const view = new LogView(() => undefined);
    const steps: number[] = [];
    while (steps.at(-1) !== AMOUNT) {
      view.take(lines.slice(0, AMOUNT));
      steps.push(view.rows.all.length);
    }
    view.close();
    expect(steps).to.deep.equal(Array.from({ length: 20 }, (_, index) => (index + 1) * 5_000));
  });

  it('draws a line once, and none that is far away', () => {
    const rows = new Rows();
    rows.take(lines.slice(0, AMOUNT));
    const blocks = new Blocks(document.createElement('div'), rows.all, () => undefined);
    blocks.grow();
    expect(blocks.drawnRows).to.equal(blockSize);
    rows.take(lines.slice(0, AMOUNT + 10));
    blocks.grow();
    expect(blocks.drawnRows).to.equal(blockSize + 10);
    rows.take(lines);
    blocks.grow();
    expect(blocks.drawnRows).to.equal(2 * blockSize + 100);
    blocks.close();
  });
});
