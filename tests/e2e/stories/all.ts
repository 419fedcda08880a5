/** In the order in which they are told: the site lives through all of them. */
import { blockedSocket } from './blocked-socket.js';
import { deadToken } from './dead-token.js';
import { lostNetwork } from './lost-network.js';
import { reload } from './reload.js';
import { killed, terminated } from './server-restarts.js';
import { signOut } from './sign-out.js';
import type { Story } from './story.js';
import { together } from './together.js';

export const stories: readonly Story[] = [
  together,
  reload,
  signOut,
  killed,
  terminated,
  blockedSocket,
  lostNetwork,
  deadToken,
];
