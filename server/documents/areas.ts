/** What the routes are about, in the order of the page. */
export const areas = [
  { name: 'auth', description: 'Signing in and out, and tokens for widgets.' },
  { name: 'connections', description: 'The machines, who may use them, and their host keys.' },
  { name: 'operations', description: 'Starting, watching, cancelling and retrying operations.' },
  { name: 'certificates', description: 'Certificates, the authorities that issue them, and access to their DNS.' },
  { name: 'users', description: 'Accounts, for admins.' },
  { name: 'platforms', description: 'What kinds of machines there are.' },
  { name: 'audit', description: 'Who did what, for admins.' },
  { name: 'server', description: 'The server itself: health, figures, settings, documents, pages.' },
] as const;

export type Area = (typeof areas)[number]['name'];

const named: Record<string, Area> = {
  api: 'operations',
  operations: 'operations',
  certificates: 'certificates',
  'certificate-authorities': 'certificates',
  'dns-providers': 'certificates',
  'dns-credentials': 'certificates',
  auth: 'auth',
  users: 'users',
  connections: 'connections',
  platforms: 'platforms',
  audit: 'audit',
};

/** By the path as it is published: `/connections/{id}/operations` is about operations. */
export function areaOf(path: string): Area {
  const [, first = ''] = path.split('/');
  if (path.includes('/operations')) return 'operations';
  if (path.includes('/certificate')) return 'certificates';
  return named[first] ?? 'server';
}
