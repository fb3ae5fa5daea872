import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** A file that decides must not reach for I/O: these stand at the edge. */
const io = [
  '@nestjs/*',
  'kafkajs',
  'mongoose',
  'mongodb',
  '@eventstore/*',
  '@kurrent/*',
  'better-sqlite3',
  'fastify',
  'node:fs',
  'node:fs/*',
  'node:http',
  'node:net',
  'node:child_process',
];
const noIo = {
  'no-restricted-imports': ['error', { patterns: [{ group: io, message: 'Pure code: I/O stands at the edge.' }] }],
};
const size = (max) => ({ 'max-lines': ['error', { max, skipBlankLines: true, skipComments: true }] });
const from = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'data/**', '.nx/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      ...size(200),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          depConstraints: [
            from('type:host', 'type:service', 'type:adapter', 'type:feed-adapter', 'type:contract', 'type:kernel'),
            from('type:service', 'type:adapter', 'type:contract', 'type:kernel'),
            from('type:adapter', 'type:contract', 'type:kernel'),
            // Brings the pages of another place to the feed that stands already.
            from('type:feed-adapter', 'type:adapter', 'type:contract', 'type:kernel'),
            from('type:contract', 'type:kernel'),
            from('type:kernel', 'type:kernel'),
          ],
        },
      ],
    },
  },
  { files: ['**/*.spec.ts', '**/testing/**/*.ts'], rules: size(400) },
  {
    files: ['**/libs/{event-sourcing,contracts,vietnamese,audit}/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: noIo,
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'readonly', require: 'readonly', __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
