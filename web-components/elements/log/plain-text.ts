import type { LogStream } from '../../client/contract.js';
import type { Row } from './rows.js';

const signs: Readonly<Partial<Record<LogStream, string>>> = { in: '› ', step: '— ' };

const worded = ({ line, text }: Row): string => `${signs[line.stream] ?? ''}${text}`;

/** The lines as one reads them, without times: for the clipboard. */
export const copyOf = (rows: readonly Row[]): string => rows.map(worded).join('\n');

/** The lines with their times in UTC: for a file that is read elsewhere. */
export const fileOf = (rows: readonly Row[]): string => rows.map((row) => `${row.line.at} ${worded(row)}\n`).join('');
