/** The first steps in an empty house, and which of them the store shows as done. */
import type { Connection } from '../../../server/connections/contract.js';
import type { User } from '../session/session.js';

export interface Account extends User {
  createdAt: string;
  updatedAt: string;
}

export interface Step {
  key: 'password' | 'connection' | 'test';
  title: string;
  words: string;
  done: boolean;
}

interface House {
  /** The username of the one who looks. */
  own: string;
  users: readonly Account[];
  connections: readonly Connection[];
  /** Whether anything has completed yet. */
  ran: boolean;
}

/** The account that the server made when it started first: it has the password that stands in the log or the settings. */
function ownFirstAccount({ own, users }: House): Account | null {
  const [first] = [...users].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  return first?.username === own ? first : null;
}

export function firstSteps(house: House): Step[] {
  const first = ownFirstAccount(house);
  return [
    {
      key: 'password',
      title: 'Set your own password.',
      words: 'The first one was written where the server was started.',
      done: first === null || first.updatedAt !== first.createdAt,
    },
    {
      key: 'connection',
      title: 'Add a connection.',
      words: 'The appliance or server that Signalbox shall reach, and how to sign in there.',
      done: house.connections.length > 0,
    },
    {
      key: 'test',
      title: 'Test it.',
      words: 'The first SSH test signs in, shows each step live and pins the host key.',
      done: house.ran,
    },
  ];
}
