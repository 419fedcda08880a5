/** The message that is published: an operation's update of about 300 bytes, another one each time. */

let revision = 0;

export function update() {
  revision += 1;
  return {
    event: 'operation:update',
    operation: {
      ...{
        id: '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000',
        connectionId: 1,
        type: 'service_restart',
        status: 'in_progress',
      },
      ...{ progress: 42, message: 'Waiting for the service to answer', updatedAt: '2026-01-01T00:00:00.000Z' },
      ...{ requestedBy: 'mira', attempt: 1, cancellable: true, revision: 1_000_000 + revision },
    },
  };
}
