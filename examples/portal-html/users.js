/** Who uses the portal, and what each may do at Signalbox: the portal's own knowledge, from its own database in real life. */
export const users = {
  okafor: { name: 'Dr. A. Okafor', connections: [1], actions: ['read', 'start', 'cancel', 'retry'] },
  duarte: { name: 'I. Duarte', connections: [1], operations: ['ssh_test'], actions: ['read', 'start'] },
  brandt: { name: 'M. Brandt', connections: [2], actions: ['read'] },
};
