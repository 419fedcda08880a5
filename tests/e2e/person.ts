/** Somebody at a page of the console: what he does there, and what he sees. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, WebSocket } from 'playwright-core';
import type { Operation } from '../../server/operations/contract.js';
import { textOf, watchedContext } from '../peers/browser.js';
import { ADMIN_PASSWORD, until, type Visitor } from '../peers/house.js';

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

const WORDS: Record<Operation['status'], string> = {
  pending: 'waiting',
  in_progress: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

export class Person {
  readonly page: Page;
  readonly #url: string;
  readonly #context: BrowserContext;
  readonly #opened: WebSocket[] = [];

  private constructor(page: Page, url: string, context: BrowserContext) {
    this.page = page;
    this.#url = url;
    this.#context = context;
    page.on('websocket', (socket) => this.#opened.push(socket));
  }

  /** WebSockets of this page so far. */
  get sockets(): number {
    return this.#opened.length;
  }

  get #open(): WebSocket[] {
    return this.#opened.filter((socket) => !socket.isClosed());
  }

  static async at(
    browser: Browser,
    url: string,
    complaints: string[],
    options: BrowserContextOptions,
  ): Promise<Person> {
    const { context } = await watchedContext(browser, options, complaints);
    return new Person(await context.newPage(), url, context);
  }

  /** A second tab of the same browser; its sign-in is its own. */
  async tab(): Promise<Person> {
    return new Person(await this.#context.newPage(), this.#url, this.#context);
  }

  /** When the page loses its present socket, and when its next one has opened; ms of performance.now(). */
  nextSocket(): [closed: Promise<number>, opened: Promise<number>] {
    const closed = Promise.all(this.#open.map((socket) => socket.waitForEvent('close', { timeout: 0 })));
    const opened = this.page
      .waitForEvent('websocket', { timeout: 0 })
      .then((socket) => socket.waitForEvent('framereceived', { timeout: 0 }));
    return [closed.then(() => performance.now()), opened.then(() => performance.now())];
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }

  /** The whole machine, with all its tabs. */
  async offline(isOffline: boolean): Promise<void> {
    await this.#context.setOffline(isOffline);
  }

  async enter(hash = ''): Promise<void> {
    await this.page.goto(`${this.#url}/${hash}`);
    await this.signIn();
  }

  async signIn(): Promise<void> {
    await this.page.fill('input[name=username]', 'admin');
    await this.page.fill('input[name=password]', ADMIN_PASSWORD);
    await this.page.keyboard.press('Enter');
    await this.page.waitForSelector('input[name=password]', { state: 'detached' });
  }

  async signOut(): Promise<void> {
    await this.page.locator('summary[aria-label^="Your account"]').click();
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.page.waitForSelector('input[name=password]');
  }

  button(type: string): Locator {
    return this.page.locator(`signalbox-button[type=${type}]`).first().locator('button').first();
  }

  async press(type: string, label: RegExp): Promise<void> {
    await this.sees(label);
    await this.button(type).click();
  }

  async sees(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    await until(
      () => textOf(this.page).catch(() => ''),
      (text) => pattern.test(text),
      timeoutMs,
    );
  }

  /** The states of the rows of the history, in words, newest first. */
  async rows(): Promise<string[]> {
    const rows = await this.page.locator('signalbox-history li').all();
    const lamps = rows.map((row) => row.locator('[role=img]').first().getAttribute('aria-label'));
    return (await Promise.all(lamps)).map(String);
  }

  /** Resolves when the history shows what the store holds, and everything there has ended. */
  async seesTheStore(who: Visitor, id: number, timeoutMs = 60_000): Promise<Operation[]> {
    const stored = await until(
      async () => (await who.call('GET', `/connections/${id}/operations`)).body['operations'] as unknown as Operation[],
      (operations) => operations.length > 0 && operations.every(({ completedAt }) => completedAt !== null),
      timeoutMs,
    );
    const wanted = stored.map(({ status }) => WORDS[status]);
    await until(
      () => this.rows().catch(() => []),
      (rows) => String(rows) === String(wanted),
      timeoutMs,
    );
    return stored;
  }
}
