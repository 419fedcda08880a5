/** Who uses the portal, and what each may do at Signalbox: the portal's own knowledge, from its own database in real life. */
export const users = {
  kessler: { name: 'T. Kessler', connections: [1], actions: ['read', 'start', 'cancel', 'retry'] },
  lang: { name: 'J. Lang', connections: [2], actions: ['read'] },
};
