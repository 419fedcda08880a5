/** The parts of the console that are loaded when something of theirs is first shown; each file defines its elements. */
export const doors = {
  connection: () => import('./connection/elements.js'),
  form: () => import('./form/elements.js'),
  certificates: () => import('./certificates/elements.js'),
  renewals: () => import('./renewals/elements.js'),
  settings: () => import('./settings/elements.js'),
  guide: () => import('./guide/elements.js'),
  password: () => import('./password/elements.js'),
};

export type Wing = keyof typeof doors;
