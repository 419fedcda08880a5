/** Files, test, reload, a look at what is served; and everything as it was where one of them goes wrong. */
import type { JsonObject } from '../operations/contract.js';
import type { InstallFailure, InstallReport, InstallRun } from '../platforms/contract.js';
import type { SshSession } from './contract.js';
import { SshError } from './errors.js';
import { FileSwap, type FileWish, type SwapFiles } from './file-swap.js';
import { endOf, runCommand, type CommandEnd, type HostCommand } from './host-command.js';
import { InstallProblem, problemOf } from './install-problem.js';
import { plainLine } from './text.js';

export interface InstallWork {
  files: SwapFiles;
  wishes: FileWish[];
  /** Changes nothing on the host, and says by its exit code whether the new files will do. */
  test: HostCommand | null;
  reload: HostCommand | null;
}

const octal = (mode: number) => `0${mode.toString(8)}`;

class CertificateInstall {
  readonly #run: InstallRun;
  readonly #session: SshSession;
  readonly #work: InstallWork;
  readonly #swap: FileSwap;
  #reloadSent = false;

  constructor(run: InstallRun, session: SshSession, work: InstallWork, swap: FileSwap) {
    this.#run = run;
    this.#session = session;
    this.#work = work;
    this.#swap = swap;
    // An earlier try that got as far as the files may have reloaded them too.
    this.#reloadSent = swap.begun;
  }

  async go(): Promise<InstallReport> {
    try {
      await this.#install();
    } catch (error) {
      // Then the host is out of reach, or another server's: whoever tries again finds all that is needed there.
      if (this.#over(error)) throw error;
      await this.#rollBack(error);
    }
    await this.#finish();
    return this.#report();
  }

  async #install(): Promise<void> {
    const { test, reload } = this.#work;
    this.#run.message('Putting the new files in place');
    await this.#swap.swap();
    for (const { path, from, to } of this.#swap.modeChanges)
      this.#run.log(`${path} had the mode ${octal(from)} and has ${octal(to)} now`, 'note');
    if (test) await this.#expect(test, 'The test command', 'INSTALL_TEST_FAILED');
    this.#reloadSent = true;
    if (reload) await this.#expect(reload, 'The reload command', 'INSTALL_RELOAD_FAILED');
    this.#run.message('Looking whether the new certificate is served');
    const { served, instead } = await this.#run.served(this.#run.signal);
    if (served) return;
    const what = plainLine(instead).replace(/\.$/u, '');
    throw new InstallProblem(
      'INSTALL_FAILED',
      `The new certificate was installed but is not served; instead: ${what}.`,
      {
        instead: plainLine(instead),
      },
    );
  }

  async #expect(command: HostCommand, name: string, code: InstallFailure): Promise<void> {
    this.#run.message(`Running ${plainLine(command.line, 80)}`);
    const end = await this.#command(command);
    if (end.code !== 0)
      throw new InstallProblem(code, `${name} ${endOf(end, command)}.`, { exitCode: end.code, output: end.output });
  }

  async #command(command: HostCommand): Promise<CommandEnd> {
    this.#run.log(command.line, 'in');
    const end = await runCommand(this.#session, command, this.#run.signal);
    if (end.shown) this.#run.log(end.shown, 'out');
    return end;
  }

  async #rollBack(error: unknown): Promise<never> {
    const begun = this.#swap.begun;
    const problem = problemOf(error);
    const known = problem instanceof InstallProblem;
    const restored: JsonObject = {};
    let about: string;
    try {
      if (begun) this.#run.message('Putting the old files back');
      await this.#swap.restore();
      about = begun ? await this.#reloadOld(restored) : 'Nothing was changed.';
    } catch (second) {
      if (this.#run.signal.aborted) throw second;
      about = `The old files could not be put back (${plainLine(second instanceof Error ? second.message : '')}); they lie beside the new ones with names that end in .old-${this.#run.certificate.id}.`;
      restored.failed = true;
    }
    this.#run.log(about, 'note');
    if (!known) throw problem;
    throw new InstallProblem(problem.code, `${problem.message} ${about}`, { ...problem.detail, restored }, error);
  }

  /** What was loaded with the new files is loaded again with the old ones; then the test says whether they are well. */
  async #reloadOld(restored: JsonObject): Promise<string> {
    const { test, reload } = this.#work;
    const ends: string[] = [];
    for (const [name, command] of Object.entries({ reload: this.#reloadSent ? reload : null, test })) {
      if (!command) continue;
      const end = await this.#command(command);
      restored[name] = end.code;
      if (end.code !== 0) ends.push(`the ${name} command ${endOf(end, command)}`);
    }
    return ends.length > 0
      ? `The old files are back, but with them ${ends.join(', and ')}.`
      : 'The old files are back.';
  }

  /** It is installed and served: old files that cannot be removed change nothing of that. */
  async #finish(): Promise<void> {
    try {
      await this.#swap.finish();
    } catch (error) {
      if (this.#over(error) || !(problemOf(error) instanceof InstallProblem)) throw error;
      this.#run.log(`The old files could not all be removed. ${(error as Error).message}`, 'note');
    }
  }

  #report(): InstallReport {
    const { test, reload } = this.#work;
    const files = this.#swap.report;
    return {
      summary: `Installed ${files.length} files${reload ? ', had them loaded' : ''} and saw the new certificate served.`,
      detail: { files, test: test?.line ?? null, reload: reload?.line ?? null },
    };
  }

  #over(error: unknown): boolean {
    return this.#run.signal.aborted || (error instanceof SshError && error.code === 'SSH_CONNECTION_LOST');
  }
}

/** See `Platform.installCertificate`; throws an InstallProblem, or what the session threw. */
export async function installFiles(run: InstallRun, session: SshSession, work: InstallWork): Promise<InstallReport> {
  const swap = await FileSwap.open(work.files, run.certificate.id, work.wishes);
  return new CertificateInstall(run, session, work, swap).go();
}
