/** What can be done with accounts; the database decides, then the directory hears of it. */
import type { Knex } from 'knex';
import type { Role } from '../access/contract.js';
import type { Directory } from '../access/directory.js';
import { USERNAME } from '../access/schemas.js';
import { Turns, type TurnsOptions } from '../access/turns.js';
import type { Code } from '../problems/codes.js';
import { problem } from '../problems/problems.js';
import { hashPassword, unknowableHash, verifyPassword } from './passwords.js';
import { deleteUser, findUser, insertUser, listUsers, ownsConnections, updateUser, type UserRecord } from './users.js';

export interface AccountsOptions {
  knex: Knex;
  directory: Directory;
  clock: () => number;
  hashing?: TurnsOptions | undefined;
}

// A hash holds one of libuv's four threads, which the database needs too; and a flood of sign-ins must end somewhere.
const HASHING: TurnsOptions = { atOnce: 2, waiting: 100 };

export interface AccountChange {
  password?: string | undefined;
  role?: Role | undefined;
}

export class Accounts {
  readonly #knex: Knex;
  readonly #directory: Directory;
  readonly #clock: () => number;
  readonly #nobody = unknowableHash();
  readonly #hashing: Turns;
  // One after the other, so that the directory hears of two changes in the order in which the table took them.
  readonly #changes = new Turns({ atOnce: 1 });

  constructor({ knex, directory, clock, hashing = HASHING }: AccountsOptions) {
    this.#hashing = new Turns(hashing);
    this.#knex = knex;
    this.#directory = directory;
    this.#clock = clock;
  }

  list(): Promise<UserRecord[]> {
    return listUsers(this.#knex);
  }

  /** The account whose password this is, or null; an unknown name takes as long as a wrong password. */
  async authenticate(username: string, password: string): Promise<UserRecord | null> {
    const user = USERNAME.test(username) ? await findUser(this.#knex, username) : null;
    const right = await this.#hashing.run(() => verifyPassword(password, user?.passwordHash ?? this.#nobody));
    return user && right ? this.#still(user) : null;
  }

  async create(username: string, password: string, role: Role): Promise<UserRecord> {
    const passwordHash = await this.#hash(password);
    return this.#changes.run(async () => {
      const user = await insertUser(this.#knex, { username, passwordHash, role }, this.#now());
      if (!user) throw problem('USERNAME_TAKEN');
      this.#directory.putUser(user);
      return user;
    });
  }

  /** A new password ends all tokens of the account; a new role counts from the next request. */
  async change(username: string, { password, role }: AccountChange): Promise<UserRecord> {
    const passwordHash = password === undefined ? undefined : await this.#hash(password);
    return this.#changes.run(async () => {
      const user = await updateUser(this.#knex, username, { passwordHash, role }, this.#now());
      if (!user) throw problem((await findUser(this.#knex, username)) ? 'LAST_ADMIN' : 'USER_NOT_FOUND');
      this.#directory.putUser(user);
      return user;
    });
  }

  async remove(username: string): Promise<void> {
    await this.#changes.run(async () => {
      const user = await findUser(this.#knex, username);
      if (!user) throw problem('USER_NOT_FOUND');
      if (!(await deleteUser(this.#knex, username))) throw problem(await this.#whyNotRemoved(username));
      this.#directory.removeUser(user.id);
    });
  }

  /** The account as it is now, unless its password has changed while the given one was being verified. */
  #still(user: UserRecord): Promise<UserRecord | null> {
    return this.#changes.run(async () => {
      const now = await findUser(this.#knex, user.username);
      if (now?.passwordHash !== user.passwordHash) return null;
      // Another node may have made or changed the account.
      this.#directory.putUser(now);
      return now;
    });
  }

  async #whyNotRemoved(username: string): Promise<Code> {
    const user = await findUser(this.#knex, username);
    if (!user) return 'USER_NOT_FOUND';
    return (await ownsConnections(this.#knex, user.id)) ? 'USER_OWNS_CONNECTIONS' : 'LAST_ADMIN';
  }

  #hash(password: string): Promise<string> {
    return this.#hashing.run(() => hashPassword(password));
  }

  #now(): string {
    return new Date(this.#clock()).toISOString();
  }
}
