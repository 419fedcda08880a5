/** What a refused request carries, to be matched in a test; null where it was not refused. */
export interface Refusal {
  message: string;
  output: { statusCode: number };
  data: { code: string; hint: string | null };
}

/** Waits for the refusal of what should not succeed. */
export const refusalOf = (request: Promise<unknown>): Promise<Refusal | null> =>
  request.then(
    () => null,
    (error: unknown) => error as Refusal,
  );
