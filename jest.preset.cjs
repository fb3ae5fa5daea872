/** Every package's Jest project: swc to CommonJS, because several Nest packages break in native-ESM Jest on Node 20. */
module.exports = (rootDir) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@phancong/', ''),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@phancong/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  // Those need a server: see jest.stack.config.cjs.
  testPathIgnorePatterns: ['/node_modules/', '\\.stack\\.spec\\.ts$'],
  // ESM-only packages (Nest, uuid, …) are compiled too: listing them would go stale at every upgrade.
  transformIgnorePatterns: [
    '/node_modules/(better-sqlite3|@swc|typescript|exceljs|@e965|@eventstore|@grpc|google-protobuf|mongoose|mongodb|bson|kafkajs)/',
  ],
  transform: {
    '\\.(?:[cm]?js|ts)$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
});
