/**
 * Puts new files in the place of old ones, all of them or none. Each step leaves on the host what the next try needs, so
 * that a swap that was lost anywhere goes on with the same id: `name.tmp-<id>` is new and not whole yet, `name.old-<id>`
 * is the true old file, `name.none-<id>` says that there was none, `name.done-<id>` that what is kept may go.
 */
import type { FileOwner, FileStat, SshFiles } from './contract.js';
import { SshError } from './errors.js';

/** What a swap needs of the files of a host: those of a session, or others with more rights. */
export type SwapFiles = Pick<SshFiles, 'write' | 'stat' | 'resolve' | 'replace' | 'remove'> & {
  /** A true copy under another name, whole or not at all; `between` is a name that it may use on the way. */
  copy(path: string, other: string, between: string): Promise<void>;
};

export interface FileWish {
  path: string;
  data: Buffer;
  mode: number;
  /** Whether an old file's mode is taken over instead. */
  keepMode: boolean;
  /** What is null in it is taken over from the old file. */
  owner: FileOwner;
}

/** One file and the names beside it. */
interface Place {
  wish: FileWish;
  /** Where it really lies. */
  path: string;
  temporary: string;
  old: string;
  none: string;
  done: string;
  /** Null where there was none. */
  before: FileStat | null;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/u;

function placeOf(wish: FileWish, path: string, id: string): Place {
  const beside = (word: string) => `${path}.${word}-${id}`;
  return {
    wish,
    path,
    temporary: beside('tmp'),
    old: beside('old'),
    none: beside('none'),
    done: beside('done'),
    before: null,
  };
}

export class FileSwap {
  /** Whether new files may be in place: by this try or by an earlier one. */
  begun = false;
  readonly #files: SwapFiles;
  readonly #places: Place[];

  private constructor(files: SwapFiles, places: Place[]) {
    this.#files = files;
    this.#places = places;
  }

  /** Follows the links and looks what an earlier try with the same id has left; changes nothing that is in use. */
  static async open(files: SwapFiles, id: string, wishes: FileWish[]): Promise<FileSwap> {
    if (!ID.test(id)) throw new Error('The id of a swap holds something that no file name should.');
    const places: Place[] = [];
    for (const wish of wishes) places.push(placeOf(wish, await files.resolve(wish.path), id));
    if (new Set(places.map(({ path }) => path)).size < places.length)
      throw new SshError('SSH_SFTP_FAILED', 'Two of the paths lead to the same file.');
    const swap = new FileSwap(files, places);
    await swap.#takeUp();
    return swap;
  }

  /** Where the files really lie, and whether there was one before. */
  get report(): { path: string; replaced: boolean }[] {
    return this.#places.map(({ path, before }) => ({ path, replaced: before !== null }));
  }

  /** The files whose old mode is not taken over though it was another one. */
  get modeChanges(): { path: string; from: number; to: number }[] {
    return this.#places.flatMap(({ path, before, wish: { keepMode, mode } }) =>
      before && !keepMode && (before.mode & 0o777) !== mode ? [{ path, from: before.mode & 0o777, to: mode }] : [],
    );
  }

  /**
   * Keeps the old files, writes the new ones beside them, then renames them over. No new file comes into its place before
   * every old one is kept: so what has no kept one after a loss is still the old one itself.
   */
  async swap(): Promise<void> {
    for (const place of this.#places) await this.#keep(place);
    for (const place of this.#places) await this.#write(place);
    this.begun = true;
    for (const { temporary, path } of this.#places) await this.#files.replace(temporary, path);
  }

  /** Puts back what there was, from any stage, and leaves nothing beside it. */
  async restore(): Promise<void> {
    for (const { path, old, none, temporary } of this.#places) {
      if (await this.#files.stat(old)) {
        await this.#files.replace(old, path);
        // Two names of one file: rename(2) does nothing then.
        await this.#files.remove(old);
      } else if (await this.#files.stat(none)) {
        await this.#files.remove(path);
        await this.#files.remove(none);
      }
      await this.#files.remove(temporary);
    }
  }

  /** The new files stay: removes the old ones. One rename decides it, so that no try takes the rest for a whole set. */
  async finish(): Promise<void> {
    const [first] = this.#places;
    if (!first) return;
    await this.#files.replace(first.before ? first.old : first.none, first.done);
    await this.#tidy(first.done);
  }

  async #takeUp(): Promise<void> {
    const done = this.#places[0]?.done;
    if (done && (await this.#files.stat(done))) await this.#tidy(done);
    for (const { old, none } of this.#places)
      this.begun ||= !!((await this.#files.stat(old)) ?? (await this.#files.stat(none)));
  }

  async #tidy(done: string): Promise<void> {
    for (const { old, none, temporary } of this.#places)
      for (const path of [old, none, temporary]) await this.#files.remove(path);
    await this.#files.remove(done);
  }

  async #keep(place: Place): Promise<void> {
    const { path, old, none, temporary } = place;
    place.before = await this.#files.stat(old);
    if (place.before || (await this.#files.stat(none))) return;
    place.before = await this.#files.stat(path);
    if (place.before && place.before.kind !== 'file')
      throw new SshError('SSH_SFTP_FAILED', `At ${path} there is something that is no file.`);
    if (place.before) await this.#files.copy(path, old, temporary);
    else await this.#files.write(none, Buffer.alloc(0), 0o600);
  }

  async #write({ wish, before, temporary }: Place): Promise<void> {
    const { data, mode, keepMode, owner } = wish;
    await this.#files.remove(temporary);
    const uid = owner.uid ?? before?.uid ?? null;
    const gid = owner.gid ?? before?.gid ?? null;
    await this.#files.write(temporary, data, keepMode && before ? before.mode & 0o777 : mode, { uid, gid });
  }
}

/** Far more than any certificate or key. */
const MOST_BYTES = 1024 * 1024;

/** The files of a session, with its own account's rights. */
export function swapFiles(files: SshFiles): SwapFiles {
  return {
    write: (path, data, mode, owner) => files.write(path, data, mode, owner),
    stat: (path) => files.stat(path),
    resolve: (path) => files.resolve(path),
    replace: (path, other) => files.replace(path, other),
    remove: (path) => files.remove(path),
    async copy(path, other, between) {
      if (await files.link(path, other)) return;
      const [data, stat] = [await files.read(path, MOST_BYTES), await files.stat(path)];
      if (!data || !stat) throw new SshError('SSH_SFTP_FAILED', `The file ${path} went away meanwhile.`);
      await files.remove(between);
      await files.write(between, data, stat.mode, stat);
      await files.replace(between, other);
    },
  };
}
