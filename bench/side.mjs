/** A process that is measured: forked once, asked over IPC, ended at the end. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export class Side {
  #child;
  #asked = 0;
  #open = new Map();
  #heard = new Map();
  #said = '';

  constructor(module, { args = [], env = {}, execArgv = [], cwd } = {}) {
    this.#child = fork(module, args, {
      cwd,
      execArgv,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (text) => (this.#said = (this.#said + text).slice(-4000)));
    this.#child.on('message', (message) => this.#take(message));
    this.#child.once('exit', (code) => this.#gone(code));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Sends a question and resolves with what the other side answers to it. */
  ask(what, data = {}) {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#child.send({ bench: what, id, ...data });
    });
  }

  /** The first message of this name that nobody asked for, also one that came already. */
  async heard(name) {
    return this.#heard.get(name) ?? new Promise((resolve, reject) => this.#open.set(name, { resolve, reject }));
  }

  /** CPU time of the whole process so far, in ms. */
  async cpuMs() {
    return (await this.ask('cpu')).cpuMs;
  }

  async end() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.removeAllListeners('exit');
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #take(message) {
    const key = message.id ?? message.name;
    if (message.id === undefined) this.#heard.set(message.name, message);
    const waiting = this.#open.get(key);
    this.#open.delete(key);
    if (message.error) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message);
  }

  #gone(code) {
    const error = new Error(`A side of the bench ended with ${code}:\n${this.#said}`);
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
