/** The numbers of a user and a group of the host: SFTP knows no names. */
import type { FileOwner, SshSession } from '../../../../server/ssh/contract.js';
import { InstallProblem } from '../../../../server/ssh/install-problem.js';
import { shCommand } from '../../../../server/ssh/quote.js';
import { PREPARED } from '../host-facts.js';
import { keyValues } from '../key-values.js';

// A host without getent (some with busybox) has its groups in the one file.
const SCRIPT = [
  'echo "uid=$(id -u -- "$1" 2>/dev/null)"',
  '[ -z "$2" ] || echo "gid=$( (getent group "$2" || grep "^$2:" /etc/group) 2>/dev/null | head -n 1 | cut -d: -f3)"',
  'exit 0',
].join('; ');

const numberOf = (text: string | undefined) => (text !== undefined && /^\d{1,10}$/u.test(text) ? Number(text) : null);

/** Nothing to change where no owner is set; throws an InstallProblem where the host does not know the name. */
export async function ownerOf(session: SshSession, owner: string | null, signal: AbortSignal): Promise<FileOwner> {
  if (owner === null) return { uid: null, gid: null };
  const [user = '', group = ''] = owner.split(':');
  const { stdout } = await session.exec(shCommand(PREPARED + SCRIPT, user, group), { signal, timeoutMs: 30_000 });
  const { uid, gid } = keyValues(stdout);
  const found = { uid: numberOf(uid), gid: group ? numberOf(gid) : null };
  if (found.uid === null) throw new InstallProblem('INSTALL_FAILED', `The host knows no user ${user}.`);
  if (group && found.gid === null) throw new InstallProblem('INSTALL_FAILED', `The host knows no group ${group}.`);
  return found;
}
