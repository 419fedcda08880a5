import type { Route } from './route.js';

const titles: Record<Route['page'], string> = {
  fleet: 'Fleet',
  new: 'Add connection',
  connection: 'Connection',
  edit: 'Edit connection',
  certificate: 'Certificate settings',
  renewals: 'Renewals',
  settings: 'Live updates',
  users: 'Users',
  tokens: 'Tokens',
  'certificate-authorities': 'Certificate authorities',
  'dns-credentials': 'DNS credentials',
  audit: 'Audit trail',
  monitoring: 'Monitoring',
  missing: 'Nothing here',
};

/** What a page dispatches when it knows what it is about. */
export const pageNamed = (name: string): CustomEvent<string> =>
  new CustomEvent('page-named', { detail: name, bubbles: true });

/** The window's title: what the page is about, where it has said so, else which page it is. */
export function windowTitle(route: Route, name: string): string {
  return [name, titles[route.page], 'Signalbox'].filter(Boolean).join(' · ');
}
