/** The process of a backup or a restore: `node dist/server/keeping/main.js backup FILE`. */
import { command } from './command.js';

// What is written holds sealed secrets and the history: nobody else's account reads it.
process.umask(0o077);
process.exitCode = await command(process.argv.slice(2), {
  env: process.env,
  // npm runs scripts in the package's own directory and says where it was called.
  directory: process.env['INIT_CWD'] ?? process.cwd(),
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
