/** A person at the CLI, for tests: an ssh2 client with a shell, and all that came so far. */
import { once } from 'node:events';
import ssh2, { type AnyAuthMethod, type ClientChannel, type ConnectConfig } from 'ssh2';

/** Where to sign in, and as whom. */
export interface Door {
  sshPort: number;
  username: string;
  password: string;
}

export interface SignInOptions {
  password?: string;
  username?: string;
  method?: 'password' | 'keyboard-interactive';
  algorithms?: ConnectConfig['algorithms'] | undefined;
}

/** An authenticated connection; rejects with ssh2's error. The password is sent once. */
export async function connect(appliance: Door, options: SignInOptions = {}): Promise<ssh2.Client> {
  const { username = appliance.username, password = appliance.password, method = 'password' } = options;
  const client = new ssh2.Client();
  const answers: Record<typeof method, AnyAuthMethod> = {
    password: { type: 'password', username, password },
    'keyboard-interactive': {
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _language, _prompts, finish) => finish([password]),
    },
  };
  let tries = 0;
  await new Promise<void>((resolve, reject) => {
    client.on('ready', resolve).on('error', reject);
    client.on('close', () => reject(new Error('The connection was closed.')));
    client.connect({
      host: '127.0.0.1',
      port: appliance.sshPort,
      username,
      ...(options.algorithms ? { algorithms: options.algorithms } : {}),
      // ssh2's types know a false for "no more".
      authHandler: (_left, _partial, next) => next(tries++ === 0 ? answers[method] : (false as never)),
    });
  });
  return client;
}

export class Cli {
  readonly client: ssh2.Client;
  readonly channel: ClientChannel;
  readonly chunks: string[] = [];
  closed = false;
  #changed: () => void = () => undefined;

  private constructor(client: ssh2.Client, channel: ClientChannel) {
    this.client = client;
    this.channel = channel;
    channel.on('data', (bytes: Buffer) => this.#heard(bytes.toString('latin1')));
    client.on('close', () => {
      this.closed = true;
      this.#changed();
    });
  }

  static async open(appliance: Door, options: SignInOptions = {}): Promise<Cli> {
    const client = await connect(appliance, options);
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      client.shell((error, stream) => (error ? reject(error) : resolve(stream)));
    });
    return new Cli(client, channel);
  }

  /** The same, once the first prompt is there. */
  static async ready(appliance: Door, options: SignInOptions = {}): Promise<Cli> {
    const cli = await Cli.open(appliance, options);
    await cli.until('admin:');
    return cli;
  }

  get text(): string {
    return this.chunks.join('');
  }

  type(text: string): void {
    this.channel.write(text);
  }

  /** Types a line and answers with what came up to the next prompt, its echo and the prompt with it. */
  async run(line: string): Promise<string> {
    const from = this.text.length;
    this.type(`${line}\r`);
    await this.until('\nadmin:', from);
    return this.text.slice(from);
  }

  /** Resolves when what came since `from` has this in it; rejects when the connection ends without. */
  async until(wanted: string, from = 0): Promise<void> {
    while (!this.text.slice(from).includes(wanted)) {
      if (this.closed) throw new Error(`Closed without ${JSON.stringify(wanted)}: ${JSON.stringify(this.text)}`);
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  /** Resolves when the connection has ended, whoever ended it. */
  async ended(): Promise<void> {
    if (!this.closed) await once(this.client, 'close');
  }

  async leave(): Promise<void> {
    this.client.end();
    await this.ended();
  }

  #heard(text: string): void {
    this.chunks.push(text);
    this.#changed();
  }
}
