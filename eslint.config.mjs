import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const noIo = (message) => ({
  patterns: [
    {
      group: [
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
      ],
      message,
    },
  ],
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: [`${import.meta.dirname}/tsconfig.spec.json`] } },
    plugins: { '@nx': nx },
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          depConstraints: [
            {
              sourceTag: 'type:host',
              onlyDependOnLibsWithTags: ['type:service', 'type:kernel', 'type:contract', 'type:adapter'],
            },
            { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:adapter'] },
            { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:kernel', 'type:contract'] },
            { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:kernel'] },
            { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'] },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/testing/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'readonly', require: 'readonly', __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['libs/{event-sourcing,contracts,vietnamese,audit}/src/**/*.ts', 'src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {},
  },
);
export { noIo };
