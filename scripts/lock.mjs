/**
 * One at a time: what writes node_modules/ or dist/ holds this lock file, so that two starts at once do not build into each
 * other. A holder touches the file while it works; a lock whose holder is dead, or silent, is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const TOUCH_EVERY_MS = 5_000;
const SILENT_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 200;

function create(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if (cause.code === 'EEXIST') return false;
    throw cause;
  }
}

function look(path) {
  try {
    return { pid: Number(readFileSync(path, 'utf8')), silentMs: Date.now() - statSync(path).mtimeMs };
  } catch (cause) {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  }
}

function isAlive(pid) {
  // A container gives the same number to each of its first processes, so our own number is a dead one's.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause.code === 'EPERM';
  }
}

/** Takes a dead holder's lock away; if somebody else did so meanwhile and holds it now, it is put back. */
function remove(path, pid) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== String(pid)) linkSync(aside, path);
  } catch (cause) {
    if (cause.code !== 'ENOENT' && cause.code !== 'EEXIST') throw cause;
  }
  rmSync(aside, { force: true });
}

async function take(path, onWait) {
  let told = false;
  while (!create(path)) {
    const holder = look(path);
    if (!holder) continue;
    // An empty file is one that is being written at this moment.
    const dead = holder.pid > 0 && !isAlive(holder.pid);
    if (dead || holder.silentMs > SILENT_AFTER_MS) remove(path, holder.pid > 0 ? holder.pid : '');
    else {
      if (!told) onWait(holder.pid);
      told = true;
      await delay(LOOK_EVERY_MS);
    }
  }
}

/** Runs `work` while this process alone holds the lock; `onWait` is told once who is waited for. */
export async function withLock(path, work, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  await take(path, onWait);
  const touching = setInterval(() => utimesSync(path, new Date(), new Date()), TOUCH_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    rmSync(path, { force: true });
  }
}
