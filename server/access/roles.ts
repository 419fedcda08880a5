/** The order of the roles: admin above operator above viewer. */
import type { GrantRole, Role } from './contract.js';

const RANKS: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];
export const GRANT_ROLES: readonly GrantRole[] = ['viewer', 'operator'];

export function atLeast(role: Role, minimum: Role): boolean {
  return RANKS[role] >= RANKS[minimum];
}

export function lowerOf(role: Role, other: Role): Role {
  return atLeast(role, other) ? other : role;
}

/** A role out of a column; a word that is none of them must not become a right. */
export function roleFrom(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (!role) throw new Error(`role: expected one of ${ROLES.join(', ')}, got '${text}'.`);
  return role;
}

/** As `roleFrom`, for a grant. */
export function grantRoleFrom(text: string): GrantRole {
  const role = GRANT_ROLES.find((known) => known === text);
  if (!role) throw new Error(`grant: expected one of ${GRANT_ROLES.join(', ')}, got '${text}'.`);
  return role;
}
