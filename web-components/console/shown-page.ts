/** Which page an address shows, and from which wing of the house it comes. */
import { html, type TemplateResult } from 'lit';
import type { EndNotices } from './end-notices.js';
import { missing } from './pages/missing.js';
import type { PlainPage, Route } from './route.js';
import type { User } from './session/session.js';
import type { Wing } from './doors.js';
import type { Wings } from './wings.js';

export interface Shown {
  user: User;
  wings: Wings<Wing>;
  notices: EndNotices;
  /** The text of a path of the server, with the user's token. */
  read(path: string): Promise<string>;
}

const waiting = html`<p class="soft late" role="status">Loading…</p>`;

const settingPages: Record<Exclude<PlainPage, 'renewals'>, (shown: Shown) => [Wing, TemplateResult]> = {
  settings: ({ user }) => ['settings', html`<console-settings .user=${user}></console-settings>`],
  users: ({ user }) => ['settings', html`<console-users .user=${user}></console-users>`],
  tokens: ({ user }) => ['settings', html`<console-tokens .user=${user}></console-tokens>`],
  audit: () => ['settings', html`<console-audit></console-audit>`],
  monitoring: ({ read }) => ['settings', html`<console-monitoring .read=${read}></console-monitoring>`],
  'certificate-authorities': () => [
    'certificates',
    html`<console-certificate-authorities></console-certificate-authorities>`,
  ],
  'dns-credentials': () => ['certificates', html`<console-dns-credentials></console-dns-credentials>`],
};

/** The list on the left, one page on the right. */
function settings(page: Exclude<PlainPage, 'renewals'>, shown: Shown): TemplateResult {
  const { wings, user } = shown;
  const [wing, content] = settingPages[page](shown);
  const list = html`<console-settings-list .page=${page} .user=${user}></console-settings-list>`;
  return html`<div class="settings">
    ${wings.show('settings', list)}
    <div>${wings.show(wing, content, waiting)}</div>
  </div>`;
}

function fleet({ user, wings }: Shown): TemplateResult {
  wings.ready('connection');
  const guide = html`<console-first-run .user=${user}></console-first-run>`;
  return html`${user.role === 'admin' ? wings.show('guide', guide) : ''} <console-fleet .user=${user}></console-fleet>`;
}

function connection(route: Extract<Route, { page: 'connection' }>, { user, wings, notices }: Shown): TemplateResult {
  const { id, operation = '' } = route;
  // Nearly every connection has a card of its certificate: it comes beside the page and not after it.
  wings.ready('certificates');
  return wings.show(
    'connection',
    html`<console-connection .connection=${id} .operation=${operation} .user=${user} .notices=${notices}>
    </console-connection>`,
    waiting,
  );
}

const form = (id: number, { user, wings }: Shown): TemplateResult =>
  wings.show(
    'form',
    html`<console-connection-form .connection=${id} .user=${user}></console-connection-form>`,
    waiting,
  );

const certificate = (id: number, { wings }: Shown): TemplateResult =>
  wings.show('certificates', html`<console-certificate-form .connection=${id}></console-certificate-form>`, waiting);

const renewals = ({ user, wings }: Shown): TemplateResult =>
  wings.show('renewals', html`<console-renewals .user=${user}></console-renewals>`, waiting);

export function shownPage(route: Route, shown: Shown): TemplateResult {
  switch (route.page) {
    case 'fleet':
      return fleet(shown);
    case 'connection':
      return connection(route, shown);
    case 'new':
      return form(0, shown);
    case 'edit':
      return form(route.id, shown);
    case 'certificate':
      return certificate(route.id, shown);
    case 'renewals':
      return renewals(shown);
    case 'missing':
      return missing('There is no such page.');
    case 'users':
    case 'tokens':
    case 'audit':
    case 'certificate-authorities':
    case 'dns-credentials':
    case 'settings':
    case 'monitoring':
      return settings(route.page, shown);
  }
}
