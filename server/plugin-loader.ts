/** Finds the plugins: every folder of plugins/<kind>/, and what SIGNALBOX_PLUGINS names. All come in through the same door. */
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin, Server } from '@hapi/hapi';

/** Platforms first: an operation type may ask for one. */
const KINDS = ['platforms', 'dns', 'operations'];

interface PluginModule {
  plugin?: Plugin<unknown>;
}

/** By kind and folder: `operations/certificate_renewal`. What is left out is as the plugin itself has it. */
export type PluginOptions = Record<string, object>;

// Sources while developing, the build else: the plugins lie beside the server in both.
const HERE = fileURLToPath(import.meta.url);
const ROOT = join(HERE, '..', '..');

async function foldersOf(kind: string): Promise<string[]> {
  try {
    const entries = await readdir(join(ROOT, 'plugins', kind), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(ROOT, 'plugins', kind, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function load(server: Server, name: string, url: string, options: object = {}): Promise<void> {
  let module: PluginModule;
  try {
    module = (await import(url)) as PluginModule;
  } catch (cause) {
    throw new Error(`The plugin ${name} can't be loaded: ${(cause as Error).message}`, { cause });
  }
  if (typeof module.plugin?.register !== 'function')
    throw new Error(`The plugin ${name}: expected an export "plugin" with a register function, got none.`);
  await server.register({ plugin: module.plugin, options });
}

/** What to import for a package or a path, seen from the directory that the server was started in. */
function locate(name: string): string {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(name)).href;
  } catch (cause) {
    // `require` sees no package that exports to `import` only; installed beside the server, its bare name will do.
    if (!/^[./]/.test(name)) return name;
    throw new Error(`SIGNALBOX_PLUGINS: ${name} can't be found; expected a package or a path.`, { cause });
  }
}

/** Registers our own plugins, each with its options, then those named. */
export async function loadPlugins(server: Server, named: string[], options: PluginOptions = {}): Promise<void> {
  for (const kind of KINDS)
    for (const folder of (await foldersOf(kind)).sort()) {
      const url = pathToFileURL(join(folder, `index${extname(HERE)}`)).href;
      await load(server, folder, url, options[`${kind}/${basename(folder)}`]);
    }
  for (const name of named) await load(server, name, locate(name));
}
