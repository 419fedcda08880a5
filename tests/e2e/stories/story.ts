import type { Test } from 'tap';
import type { Site } from '../site.js';

/** One thing that happens to people, on whichever site it is told. */
export interface Story {
  title: string;
  tell(t: Test, site: Site): Promise<void>;
}
