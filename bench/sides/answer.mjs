/** The measured side's end of IPC: answers questions, and tells what it has used of the CPU. */

/** `questions`: by name, a function from the question to its answer. Every side can be asked for `cpu` and `memory`. */
export function answer(questions) {
  const all = {
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, userMs: user / 1000 };
    },
    memory: () => {
      globalThis.gc?.();
      return { rssBytes: process.memoryUsage.rss() };
    },
    ...questions,
  };
  process.on('message', async (question) => {
    const { bench, id } = question;
    if (bench === undefined) return;
    try {
      process.send({ id, ...(await all[bench](question)) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  // Whoever measures has gone.
  process.on('disconnect', () => process.exit());
}
