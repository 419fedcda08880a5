/** What a database says where a name has to be one of its own and is not. */

/** SQLite has one code for all constraints and tells them apart only in its message. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && error.message.includes('UNIQUE constraint failed'));
}
