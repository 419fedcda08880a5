import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { build, withHashes } from './build.mjs';
import { create } from './create.mjs';
import { missingPackages, needed } from './debian.mjs';
import { makeDigest } from './digest.mjs';
import { errorsPage, settingsPage } from './docs.mjs';
import { isInstalled } from './install.mjs';
import { withLock } from './lock.mjs';
import { nodeProblem } from './prepare.mjs';
import { filesOf, isBuilt, root, serverSources } from './sources.mjs';
import { browserTotals, sum, sumSessions, tapTotals } from './totals.mjs';
import { checkTraffic, gapsOf, readTraffic } from './traffic.mjs';
import { lockProblem, sizeProblem } from './verify.mjs';

const run = promisify(execFile);

t.test('the sums of a test run', async (t) => {
  t.test('reads the last total of a tap report', async (t) => {
    const report = '# { total: 1, pass: 1 }\nok 1\n# { total: 9, pass: 5, fail: 2, todo: 1, skip: 1 }\n# time=12ms\n';
    t.same(tapTotals(report, 1), { passed: 5, failed: 2 });
  });

  t.test('counts a report without a total as failed', async (t) => {
    t.same(tapTotals('ok 1 - cut off', 0), { passed: 0, failed: 1 });
  });

  t.test('counts a runner that ran nothing as failed', async (t) => {
    t.same(tapTotals('# { total: 0 }\n', 0), { passed: 0, failed: 1 });
    t.same(browserTotals('{"passed":0,"failed":0}', 0), { passed: 0, failed: 1 });
    t.same(browserTotals('', 1), { passed: 0, failed: 1 });
  });

  t.test('does not believe a runner that failed without a failure', async (t) => {
    t.same(tapTotals('# { total: 3, pass: 3 }\n', 1), { passed: 3, failed: 1 });
    t.same(browserTotals('{"passed":3,"failed":0}', 1), { passed: 3, failed: 1 });
  });

  t.test('sums suites within suites and leaves out what was skipped', async (t) => {
    const passed = { passed: true, skipped: false };
    const failed = { passed: false, skipped: false };
    const suite = { tests: [passed], suites: [{ tests: [failed, { passed: false, skipped: true }], suites: [] }] };
    t.same(sumSessions([{ passed: false, testResults: suite }]), { passed: 1, failed: 1 });
  });

  t.test('counts a page that could not be loaded as failed', async (t) => {
    const good = { passed: true, testResults: { tests: [{ passed: true, skipped: false }], suites: [] } };
    t.same(sumSessions([{ passed: false }, good]), { passed: 1, failed: 1 });
  });

  t.test('adds the runners up', async (t) => {
    const parts = [
      { passed: 2, failed: 0 },
      { passed: 3, failed: 1 },
    ];
    t.same(sum(parts), { passed: 5, failed: 1 });
  });
});

t.test('the traffic of a test run', async (t) => {
  const published = ['published GET /a 200', 'published GET /a 304', 'published POST /a 200', 'published POST /a 202'];
  const refusals = ['published POST /a 401', 'published POST /a 422', 'published GET /ready 503'];
  const messages = ['published /a event', 'published protocol hello'];
  const directoryOf = (t: Test, files: Record<string, string[]>) => {
    const contents = Object.entries(files).map(([name, lines]) => [name, lines.map((line) => `${line}\n`).join('')]);
    return t.testdir(Object.fromEntries(contents) as Record<string, string>);
  };

  t.test('is summed over all processes', async (t) => {
    const one = ['server', ...published, 'seen GET /a 200', 'seen GET /a 304', 'seen POST /a 202'];
    const two = ['server', 'server', ...published, ...messages, 'seen POST /a 200', 'seen /a event'];
    const directory = directoryOf(t, { '1.txt': one, '2.txt': two, '3.txt': ['seen protocol hello'] });
    t.same(checkTraffic(readTraffic(directory)), {
      totals: { passed: 1, failed: 0 },
      lines: ['✓ 4 of 4 answers and 2 of 2 messages that 3 watched servers publish were seen.'],
    });
  });

  t.test('names what nobody has seen, and fails', async (t) => {
    const seen = ['seen GET /a 200', 'seen POST /a 200', 'seen GET /b 200', 'seen POST /a 409', 'seen /a event'];
    const directory = directoryOf(t, { '1.txt': ['server', ...published, ...refusals, ...messages, ...seen] });
    t.same(checkTraffic(readTraffic(directory)), {
      totals: { passed: 0, failed: 1 },
      lines: [
        '✗ 3 of 6 answers and 1 of 2 messages that 1 watched servers publish were seen.',
        '    never seen: GET /a 304',
        '    never seen: GET /ready 5xx',
        '    never seen: POST /a 202',
        '    never seen: protocol hello',
      ],
    });
  });

  t.test('takes any success of a route whose plugin says no more', async (t) => {
    const open = ['published GET /x 2XX', 'published GET /y 2XX', 'seen GET /x 204', 'seen GET /y 404'];
    t.same(gapsOf(readTraffic(directoryOf(t, { '1.txt': open }))).answers, { wanted: 2, unseen: ['GET /y 2xx'] });
  });

  t.test('leaves out a line that a kill has cut off', async (t) => {
    const directory = t.testdir({ '1.txt': 'server\nseen GET /a 200\nseen GET /a 30' });
    t.same([...readTraffic(directory).seen], ['GET /a 200']);
  });

  t.test('fails where nothing was watched', async (t) => {
    t.match(checkTraffic(readTraffic(join(t.testdir({}), 'missing'))), { totals: { passed: 0, failed: 1 } });
    const silent = directoryOf(t, { '1.txt': ['server', 'published GET /a 200', 'seen GET /a 200'] });
    t.match(checkTraffic(readTraffic(silent)), { totals: { passed: 0, failed: 1 } });
  });
});

t.test('the digest of a report', async (t) => {
  const digestOf = (report: string): string[] => report.split('\n').flatMap(makeDigest());

  t.test('has one line for a file that passed', async (t) => {
    const report = `TAP version 14
# Subtest: server/a.test.ts
    # Subtest: counts
        ok 1 - should be equal
        1..1
    ok 1 - counts # time=2.5ms

    ok 2 - later # TODO
    1..2
ok 1 - server/a.test.ts # time=31.5ms
# { total: 2, pass: 1, todo: 1 }`;
    t.same(digestOf(report), ['✓ server/a.test.ts time=31.5ms']);
  });

  t.test('shows a failure once, where it happened and why', async (t) => {
    const report = `# Subtest: server/a.test.ts
    # Subtest: counts
        # Subtest: to two
            not ok 1 - should be equal
              ---
              diff: |
                -2
                not ok 1 - is only text here
              ...
            ok 2 - should be equal
        not ok 1 - to two # time=1ms
          ---
          at:
            lineNumber: 3
          ...
    not ok 1 - counts # time=2ms
    # Subtest: ends
        ok 1 - fine
    ok 2 - ends # time=1ms
not ok 1 - server/a.test.ts # time=9ms
  ---
  exitCode: 1
  ...
`;
    t.same(digestOf(report), [
      '✗ server/a.test.ts > counts > to two > should be equal',
      '    diff: |',
      '      -2',
      '      not ok 1 - is only text here',
      '✗ server/a.test.ts time=9ms',
    ]);
  });

  t.test('shows why a file failed whose tests all passed', async (t) => {
    const report = `# Subtest: server/a.test.ts
    ok 1 - fine
not ok 1 - server/a.test.ts # time=9ms
  ---
  exitCode: 3
  ...
ok 2 - server/b.test.ts # time=1ms
`;
    const failure = ['✗ server/a.test.ts time=9ms', '    exitCode: 3'];
    t.same(digestOf(report), [...failure, '✓ server/b.test.ts time=1ms']);
  });

  t.test('shows a failed subtest that has no failure inside', async (t) => {
    const report = `# Subtest: server/a.test.ts
    # Subtest: waits
        1..0
    not ok 1 - timeout!
      ---
      expired: TAP
      ...
`;
    t.same(digestOf(report), ['✗ server/a.test.ts > timeout!', '    expired: TAP']);
  });
});

t.test('what a checkout needs', async (t) => {
  t.test('says in one sentence that Node.js is too old', async (t) => {
    t.equal(nodeProblem('18.20.4'), 'Signalbox needs Node.js 20.19 or newer; this is 18.20.4.');
    t.equal(nodeProblem('20.18.1'), 'Signalbox needs Node.js 20.19 or newer; this is 20.18.1.');
    t.equal(nodeProblem('20.19.0'), null);
    t.equal(nodeProblem('24.1.0'), null);
  });

  t.test('names exactly the packages whose files are missing', async (t) => {
    const missing = missingPackages((file: string) => file !== needed.nginx && file !== needed.pebble);
    t.same(missing, ['nginx', 'pebble']);
  });

  const locked = {
    packages: {
      '': { name: 'x' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', dev: true },
      'node_modules/c': { version: '3.0.0', optional: true },
    },
  };

  function checkout(dir: string, installed: Record<string, { version: string }>): string {
    mkdirSync(join(dir, 'node_modules'), { recursive: true });
    writeFileSync(join(dir, 'package-lock.json'), JSON.stringify(locked));
    writeFileSync(join(dir, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    return dir;
  }

  t.test('wants an install where there are no packages', async (t) => {
    t.equal(isInstalled(t.testdir({ 'package-lock.json': JSON.stringify(locked) })), false);
  });

  t.test('takes packages that were installed by hand', async (t) => {
    const all = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } };
    const dir = checkout(t.testdir(), all);
    t.equal(isInstalled(dir, true), true);
    t.equal(existsSync(join(dir, 'node_modules/.signalbox-lock')), true);
  });

  t.test('tells a production install from one that can run tests', async (t) => {
    const dir = checkout(t.testdir(), { 'node_modules/a': { version: '1.0.0' } });
    t.equal(isInstalled(dir, true), false);
    t.equal(isInstalled(dir, false), true);
    t.equal(isInstalled(dir, true), false, 'also when it has been looked at before');
  });

  t.test('wants an install after the lock file has changed', async (t) => {
    const dir = checkout(t.testdir(), { 'node_modules/a': { version: '1.0.0' } });
    t.equal(isInstalled(dir), true);
    const changed = { packages: { ...locked.packages, 'node_modules/a': { version: '1.0.1' } } };
    writeFileSync(join(dir, 'package-lock.json'), JSON.stringify(changed));
    t.equal(isInstalled(dir), false);
  });
});

t.test('the build', async (t) => {
  const sources = {
    'package.json': '{"type":"module"}',
    server: {
      'main.ts': "import type { A } from './a.js';\nimport { b } from './a.js';\nexport const c: A = b;\n",
      'a.ts': 'export type A = number;\nexport const b = 42;\n',
      'a.test.ts': 'throw new Error();\n',
    },
    'web-components': {
      'index.ts': 'export const answer: number = 42;\n',
      console: {
        'main.ts': 'document.title = "x";\n',
        'console.css': 'body { color: red; }\n',
        'index.html': '<link rel="stylesheet" href="/console/console.css"><script src="/console/main.js"></script>',
      },
    },
  };

  t.test('transpiles what runs in Node and bundles what runs in a page', async (t) => {
    const dir = t.testdir(sources);
    t.equal(isBuilt(dir), false);
    await build(dir);
    t.equal(isBuilt(dir), true);
    const main = (await import(join(dir, 'dist/server/main.js'))) as { c: number };
    t.equal(main.c, 42);
    t.equal(existsSync(join(dir, 'dist/server/a.test.js')), false);
    t.match(readFileSync(join(dir, 'dist/web/elements/v1/signalbox.js'), 'utf8'), '42');
  });

  t.test('puts hashes behind the addresses of the page, which change with the files', async (t) => {
    const dir = t.testdir(sources);
    await build(dir);
    const page = () => readFileSync(join(dir, 'dist/web/console/index.html'), 'utf8');
    const first = page();
    t.match(first, /href="\/console\/console\.css\?v=[0-9a-f]{12}"/);
    t.match(first, /src="\/console\/main\.js\?v=[0-9a-f]{12}"/);
    writeFileSync(join(dir, 'web-components/console/console.css'), 'body { color: blue; }\n');
    await build(dir);
    t.not(page(), first);
  });

  t.test('leaves addresses alone that it has no file for', async (t) => {
    const page = '<script src="/console/other.js"></script>';
    t.equal(
      withHashes(page, () => undefined),
      page,
    );
  });

  t.test('is due again when a source changes, and not when a test does', async (t) => {
    const dir = t.testdir(sources);
    await build(dir);
    writeFileSync(join(dir, 'server/a.test.ts'), '// changed\n');
    t.equal(isBuilt(dir), true);
    writeFileSync(join(dir, 'server/a.ts'), 'export const b = 43;\n');
    t.equal(isBuilt(dir), false);
  });

  t.test('removes what has no source any more', async (t) => {
    const dir = t.testdir({ ...sources, dist: { server: { 'gone.js': 'old' } } });
    await build(dir);
    t.equal(existsSync(join(dir, 'dist/server/gone.js')), false);
  });

  t.test('takes a build that was cut off for none', async (t) => {
    const dir = t.testdir({ ...sources, dist: { 'build.json': '{"sour' } });
    t.equal(isBuilt(dir), false);
  });

  t.test('finds the sources of this checkout, and no test among them', async (t) => {
    const files = serverSources();
    t.ok(files.includes('db/knexfile.ts'));
    t.notOk(files.some((file: string) => file.includes('.test.')));
    t.same(filesOf('no-such-folder'), []);
  });
});

t.test('npm run verify', async (t) => {
  t.test('measures the bundles as they travel', async (t) => {
    const dir = t.testdir({ 'a.js': 'x'.repeat(10_000), 'b.js': '' });
    t.equal(sizeProblem({ 'a.js': 100, 'b.js': 100 }, dir), null);
    t.match(sizeProblem({ 'a.js': 10, 'b.js': 100 }, dir), /^a[.]js: expected at most 10 bytes with gzip, got \d+[.]$/);
    t.equal(sizeProblem({ 'c.js': 10 }, dir), 'c.js was not built.');
  });

  t.test('refuses a lock file that names a registry', async (t) => {
    const entry = { version: '1.0.0' };
    t.equal(lockProblem({ packages: { '': {}, 'node_modules/a': entry } }), null);
    const named = { packages: { 'node_modules/a': { ...entry, resolved: 'https://registry.example/a.tgz' } } };
    t.match(lockProblem(named), /expected no "resolved" addresses, got 1, the first for node_modules[/]a/);
  });

  t.test('makes pages out of tables, with every entry and nothing that breaks a cell', async (t) => {
    const settings = settingsPage([{ name: 'PORT', default: '3000', description: 'a | b <c>' }]);
    t.match(settings, '| `PORT` | 3000 | a \\| b &lt;c> |');
    const errors = errorsPage({
      codes: { GONE: { status: 410, sentence: 'It is gone.', hint: null } },
      operationCodes: { OP_X: { sentence: 'X.', hint: 'Do.', retryable: true } },
      rooms: [
        { title: 'Why an SSH session failed', codes: { SSH_Y: { sentence: 'Y.', hint: null, retryable: false } } },
      ],
      types: [
        {
          type: 'probe',
          refusals: { PROBE_A: { sentence: 'A.', hint: 'Stop.', retryable: false } },
          failures: { PROBE_B: { sentence: 'B.', hint: 'Go.', retryable: true } },
        },
      ],
    });
    t.match(errors, '## Why a `probe` failed');
    t.match(errors, '| `PROBE_A` | A. | Stop. | no |');
    t.match(errors, '| `PROBE_B` | B. | Go. | yes |');
    t.match(errors, '| `GONE` | 410 | It is gone. |  |');
    t.match(errors, '| `OP_X` | X. | Do. | yes |');
    t.match(errors, '| `SSH_Y` | Y. |  | no |');
  });
});

t.test('npm start', async (t) => {
  function checkout(dir: string): string {
    for (const name of ['scripts', 'package.json', 'package-lock.json'])
      cpSync(join(root, name), join(dir, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    return dir;
  }

  const starts = (dir: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => run(process.execPath, [join(dir, 'scripts/start.mjs')])));

  t.test('builds once where several start at once, and every one of them runs', async (t) => {
    const dir = checkout(t.testdir({ server: { 'main.ts': "console.log('up' as string);\n" } }));
    const ended = await starts(dir, 4);
    t.same(
      ended.map(({ stdout }) => stdout),
      Array(4).fill('up\n'),
    );
    t.equal(ended.filter(({ stderr }) => stderr.includes('Built in')).length, 1);
    const [again] = await starts(dir, 1);
    t.equal(again?.stderr, '', 'a second start has nothing to say');
  });

  t.test('shows a mistake in a source at its own line', async (t) => {
    const dir = checkout(
      t.testdir({ server: { 'main.ts': "type A = 1;\n\nthrow new Error('no luck' as string);\n" } }),
    );
    const failure = await starts(dir, 1).catch((error: { stderr: string }) => error);
    t.match(failure, { stderr: /server[/]main[.]ts:3/ });
  });
});

t.test('npm run create', async (t) => {
  // A copy, so that what the suites find beside themselves is the new type too.
  function checkout(dir: string): string {
    for (const name of ['server', 'plugins', 'examples', 'tests/conformance.test.ts', 'package.json'])
      cpSync(join(root, name), join(dir, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    const tsconfig = { extends: join(root, 'tsconfig.json'), include: ['plugins/operations/disk_check'] };
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(tsconfig));
    return dir;
  }

  t.test('makes a type that compiles, passes its own test and the conformance suite', async (t) => {
    const dir = checkout(t.testdir({}));
    const files = create('operation', 'disk_check', dir);
    t.same(files, ['plugins/operations/disk_check/index.ts', 'plugins/operations/disk_check/disk_check.test.ts']);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    const types = await run(process.execPath, [tsc, '--noEmit', '-p', dir], { cwd: dir }).catch(
      (error: { stdout: string }) => error,
    );
    t.notMatch(types.stdout, /disk_check/);
    const own = await run(process.execPath, [tsx, files[1]], { cwd: dir });
    t.match(own.stdout, /^ok 1 - disk_check/m);
    const suite = await run(process.execPath, [tsx, 'tests/conformance.test.ts'], { cwd: dir });
    t.match(suite.stdout, /^ok \d+ - plugins[/]operations[/]disk_check keeps to the contract/m);
  });

  t.test('writes as this house does', async (t) => {
    const dir = t.testdir({ '.prettierrc.json': readFileSync(join(root, '.prettierrc.json'), 'utf8') });
    const files = create('operation', 'disk_check', dir);
    const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
    const args = ['--check', '--ignore-path', '/dev/null', ...files.map((file: string) => join(dir, file))];
    await t.resolves(run(process.execPath, [prettier, ...args]));
  });

  t.test('refuses in one sentence what it cannot make', async (t) => {
    const dir = t.testdir({ plugins: { operations: { taken: {} } } });
    t.throws(() => create('operation', 'taken', dir), { message: 'plugins/operations/taken exists already.' });
    t.throws(() => create('operation', undefined, dir), { message: /^Usage: / });
    t.throws(() => create('spaceship', 'x', dir), { message: /^Usage: / });
    for (const name of ['Disk', 'disk-check', '../x', '_x', 'x__y', '9x', 'x'.repeat(65)])
      t.throws(() => create('operation', name, dir), { message: /is no name/ }, name);
  });
});

t.test('the lock', async (t) => {
  // Each child notes when it comes in and when it goes out; two inside at once would show as two `in` in a row.
  const child = `
    import { appendFileSync } from 'node:fs';
    import { setImmediate as turn } from 'node:timers/promises';
    const { withLock } = await import(process.argv[1]);
    await withLock(process.argv[2], async () => {
      appendFileSync(process.argv[3], 'in ');
      for (let i = 0; i < 500; i++) await turn();
      appendFileSync(process.argv[3], 'out ');
    });`;
  const script = join(root, 'scripts/lock.mjs');

  t.test('lets one process in at a time', async (t) => {
    const dir = t.testdir({});
    const args = ['--input-type=module', '-e', child, script, join(dir, 'lock'), join(dir, 'log')];
    await Promise.all(Array.from({ length: 5 }, () => run(process.execPath, args)));
    t.equal(readFileSync(join(dir, 'log'), 'utf8').trim(), Array(5).fill('in out').join(' '));
    t.equal(existsSync(join(dir, 'lock')), false);
  });

  t.test('is taken over from a dead process, by one process only', async (t) => {
    const { stdout } = await run(process.execPath, ['-p', 'process.pid']);
    const dir = t.testdir({ lock: stdout.trim() });
    const args = ['--input-type=module', '-e', child, script, join(dir, 'lock'), join(dir, 'log')];
    await Promise.all(Array.from({ length: 5 }, () => run(process.execPath, args)));
    t.equal(readFileSync(join(dir, 'log'), 'utf8').trim(), Array(5).fill('in out').join(' '));
  });

  t.test('is taken over from a holder that has gone silent', async (t) => {
    const dir = t.testdir({ lock: String(process.ppid) });
    utimesSync(join(dir, 'lock'), new Date(0), new Date(0));
    t.equal(await withLock(join(dir, 'lock'), async () => 'done'), 'done');
  });

  t.test('says whom it waits for, once', async (t) => {
    const path = join(t.testdir({}), 'lock');
    const waits: number[] = [];
    let release = () => {};
    let first: Promise<void> | undefined;
    await new Promise<void>((inside) => {
      first = withLock(path, () => {
        inside();
        return new Promise<void>((resolve) => (release = resolve));
      });
    });
    // As another process would have written it.
    writeFileSync(path, String(process.ppid));
    const onWait = (pid: number) => {
      waits.push(pid);
      release();
    };
    const second = withLock(path, async () => 'second', onWait);
    await first;
    t.equal(await second, 'second');
    t.same(waits, [process.ppid]);
  });

  t.test('is given back when the work fails', async (t) => {
    const path = join(t.testdir({}), 'lock');
    await t.rejects(
      withLock(path, async () => {
        throw new Error('no space');
      }),
      { message: 'no space' },
    );
    t.equal(existsSync(path), false);
  });
});
