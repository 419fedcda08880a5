/** What the compiler does not see. Style is prettier's; who may import whom is in .dependency-cruiser.cjs. */
import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

const room = { max: 300, skipBlankLines: true, skipComments: true };

export default tseslint.config(
  { ignores: ['**/dist/', 'node_modules/', 'coverage/', 'data/', '.tap/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './web-components/tsconfig.json',
          './tests/browser/tsconfig.json',
          './examples/portal-react/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // `void` says in a union that nothing need be returned.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A class can be the place of a private constructor or of a decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['warn', room],
    },
  },
  {
    // A test may leave its own promise to the runner, and knows what it has just put in.
    files: ['**/*.test.ts', 'tests/**/*.ts', 'web-components/**/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-properties': [
        'error',
        { property: 'only', message: 'The other tests would not run.' },
        { property: 'skip', message: 'A test that is skipped proves nothing.' },
      ],
      'max-lines': 'off',
    },
  },
  { files: ['web-components/**/*.ts'], ...lit.configs['flat/recommended'] },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'performance',
          'URL',
          'setInterval',
          'clearInterval',
          'setTimeout',
          'clearTimeout',
          'Buffer',
          'module',
          'fetch',
          'AbortSignal',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'max-lines': ['warn', room] },
  },
);
