/** What a database says where a constraint refuses a row. */

/** SQLite has one code for all constraints and tells them apart only in its message. */
function violates(error: unknown, postgres: string, sqlite: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === postgres || (code === 'SQLITE_CONSTRAINT' && error.message.includes(`${sqlite} constraint failed`));
}

/** A row that another one points at is missing, or is still pointed at. */
export const isForeignKeyViolation = (error: unknown): boolean => violates(error, '23503', 'FOREIGN KEY');

/** Something has to be one of its own and is not. */
export const isUniqueViolation = (error: unknown): boolean => violates(error, '23505', 'UNIQUE');
