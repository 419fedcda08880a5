/** What a route asks before it does anything: one place decides between 404 and 403. */
import type { Request } from '@hapi/hapi';
import { problem } from '../problems/problems.js';
import type { Access, Caller, Owners, Role } from './contract.js';
import { atLeast } from './roles.js';

declare module '@hapi/hapi' {
  interface AuthCredentials {
    caller?: Caller;
  }
}

/** Who asks; 401 where the route let in a request without a token. */
export function callerOf(request: Request): Caller {
  const caller = request.auth.credentials?.caller;
  if (!caller) throw problem('AUTH_REQUIRED', { headers: { 'WWW-Authenticate': 'Bearer' } });
  return caller;
}

/**
 * The caller's role on the connection. 404 where he may not see it, the same as for a connection that does not exist;
 * 403 where he sees it but his role is below `minimum`.
 */
export function gate(access: Access, request: Request, connectionId: number, minimum: Role): Role {
  const role = access.roleOn(callerOf(request), connectionId);
  if (!role) throw problem('NOT_FOUND');
  if (!atLeast(role, minimum)) throw problem('FORBIDDEN');
  return role;
}

/** As `gate`, for what only the connection's owner (as an operator) or an admin may do; a grant is not enough. */
export function ownerGate(access: Access & Owners, request: Request, connectionId: number): Role {
  const role = gate(access, request, connectionId, 'operator');
  // A widget starts things; it never changes what they are started on, not even for the owner.
  if (callerOf(request).embed) throw problem('EMBED_REFUSED');
  if (role !== 'admin' && access.ownerOf(connectionId) !== callerOf(request).userId)
    throw problem('FORBIDDEN', {
      message: 'Only the owner of the connection may do this.',
      hint: 'Ask its owner or an admin.',
    });
  return role;
}

/** Lets admins through and answers 403 to everybody else. */
export function adminOnly(access: Access, request: Request): Caller {
  const caller = callerOf(request);
  if (access.roleOf(caller) !== 'admin') throw problem('FORBIDDEN');
  return caller;
}
