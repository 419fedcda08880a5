/**
 * Where a test's process takes our programs from: `npm test` has just made the build and names it by TEST_SERVERS=dist, and a
 * server of the build starts in half the time; a file that is run by itself takes the sources as they are.
 */
const { TEST_SERVERS: built } = process.env;

const transpiled = (source: string) => `./${built}/${source.replace(/^\.\//, '').replace(/\.ts$/, '.js')}`;

/** What node is to be told so that it runs this program; `source` is seen from the checkout. */
export const programOf = (source: string): string[] => (built ? [transpiled(source)] : ['--import', 'tsx', source]);

/** A plugin of the tests as SIGNALBOX_PLUGINS has to name it; others stay as they are. */
export const pluginPath = (name: string): string => (built && name.endsWith('.ts') ? transpiled(name) : name);
