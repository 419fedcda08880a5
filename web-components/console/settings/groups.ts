/** The pages of the settings, in the order of their list. */
import type { PlainPage } from '../route.js';
import type { User } from '../session/session.js';

interface Entry {
  page: Exclude<PlainPage, 'renewals'>;
  label: string;
  /** Whether it is for everybody and not for admins only. */
  forAll?: boolean;
}

export interface Group {
  title: string;
  pages: readonly Entry[];
}

export const groups: readonly Group[] = [
  {
    title: 'Access',
    pages: [
      { page: 'users', label: 'Users' },
      { page: 'tokens', label: 'Tokens', forAll: true },
      { page: 'audit', label: 'Audit trail' },
    ],
  },
  {
    title: 'Certificates',
    pages: [
      { page: 'certificate-authorities', label: 'Certificate authorities' },
      { page: 'dns-credentials', label: 'DNS credentials' },
    ],
  },
  {
    title: 'Server',
    pages: [
      { page: 'settings', label: 'Live updates' },
      { page: 'monitoring', label: 'Monitoring' },
    ],
  },
];

export const maySee = (user: User | null, { forAll }: Entry): boolean => forAll === true || user?.role === 'admin';
