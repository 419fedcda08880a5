/** A moment as a part of a file's name. */

/** `now` in epoch ms; `2026-11-23T10-15-00-000Z`. */
export const stamped = (now: number): string => new Date(now).toISOString().replace(/[:.]/g, '-');
