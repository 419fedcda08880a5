/**
 * The walls of the house (docs/architecture.md): who may import whom. tests/boundaries.test.ts breaks each rule once and
 * sees that it is noticed.
 */
const TYPE_ONLY = ['type-only'];
// What is never built: tests, and what only tests use.
const TESTS = '\\.(test|fixture)\\.ts$|/testing/|^tests/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contracts-are-types',
      comment: 'A contract holds types only, so that a plugin or a page can import it without loading the engine.',
      severity: 'error',
      from: { path: '/contract\\.ts$' },
      to: { dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'engine-knows-no-plugin',
      comment: 'No operation type, platform or provider is named in the engine or in what it stands on.',
      severity: 'error',
      from: { path: '^(db/|server/[^/]+/)', pathNot: TESTS },
      to: { path: '^(plugins|examples)/' },
    },
    {
      name: 'plugins-use-the-door',
      comment: 'Plugins reach the server by server.operation() and its like; they import types, and server/ssh.',
      severity: 'error',
      from: { path: '^(plugins|examples)/', pathNot: TESTS },
      to: { path: '^(db|server)/', pathNot: '^server/ssh/', dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'plugins-are-strangers',
      comment: 'A plugin is one folder: removing another one never breaks it.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/([^/]+)/', pathNot: TESTS },
      to: { path: '^plugins/', pathNot: '^plugins/$1/$2/' },
    },
    {
      name: 'ssh-is-a-library',
      comment: 'server/ssh is for plugins too, so it stands on nothing but the errors and types of operations.',
      severity: 'error',
      from: { path: '^server/ssh/', pathNot: TESTS },
      to: {
        path: '^(db|server)/',
        pathNot: '^server/(ssh/|operations/errors\\.ts$)',
        dependencyTypesNot: TYPE_ONLY,
      },
    },
    {
      name: 'pages-take-only-types',
      comment: 'The page speaks to the server over the network; of its code it takes types.',
      severity: 'error',
      from: { path: '^web-components/', pathNot: TESTS },
      to: { path: '^(db|server|plugins|scripts|tests|examples)/', dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'pages-run-in-browsers',
      comment: 'Nothing of Node.js is there in a page.',
      severity: 'error',
      from: { path: '^web-components/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'client-is-framework-free',
      comment: 'Portals use the client with any framework or none.',
      severity: 'error',
      from: { path: '^web-components/client/', pathNot: TESTS },
      to: { path: '^web-components/(?!client/)|node_modules/(lit|lit-html|lit-element|@lit)/' },
    },
    {
      name: 'server-knows-no-page',
      comment: 'The server hands out what the build made; it imports nothing of it.',
      severity: 'error',
      from: { path: '^(db|server|plugins)/', pathNot: TESTS },
      to: { path: '^web-components/' },
    },
    {
      name: 'lab-is-outside',
      comment: 'The lab plays the other side: the product never stands on it, and it takes nothing from the product.',
      severity: 'error',
      from: { path: '^(db|server|plugins|web-components|examples)/', pathNot: TESTS },
      to: { path: '^lab/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third. Types may point both ways.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: TYPE_ONLY } },
    },
    {
      name: 'product-needs-no-tools',
      comment: 'What runs in production is in dependencies.',
      severity: 'error',
      from: { path: '^(db|server|plugins|web-components)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'fixtures-stay-in-tests',
      comment: 'The build leaves out what only tests use.',
      severity: 'error',
      from: { path: '^(db|server|plugins|web-components)/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { couldNotResolve: true, dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'packages-are-named',
      comment: 'What is only there because another package needs it is gone when that one is.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: TYPE_ONLY },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
