/** What button and progress say before they have all their words, and where those could not be loaded. */
import type { ConnectionState, Problem, PublishedDefinition } from '../client/contract.js';
import { msg } from '../localisation/first-door.js';

/** The words that come second; null where they have not. */
type Words = { problemSentence(problem: Problem): string; staleSentence(state: ConnectionState): string } | null;

/** Those that are there, one behind the other. */
export const sentences = (...said: (string | null | undefined)[]): string => said.filter(Boolean).join(' ');

export function titleOf(type: string, definition: PublishedDefinition | null): string {
  if (definition) return definition.title;
  const words = type.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why something was refused, at least as the server said it. */
export const refusal = (problem: Problem, words: Words): string =>
  words?.problemSentence(problem) ?? sentences(problem.message, problem.hint);

export const reconnecting = (state: ConnectionState, words: Words): string =>
  words?.staleSentence(state) ?? msg('Reconnecting…');

/** Nobody has to reload the page: it goes on by itself once there is a token again. */
export const signedOut = (): string => msg('Signed out. Sign in to go on.');

export const lookOnly = (): string => msg('You may look, not start.');
