/** The specs that need real servers: KAFKA_BROKERS, MONGODB_URL, KURRENTDB_URL name them. */
const { existsSync, readdirSync } = require('node:fs');
const preset = require('./jest.preset.cjs');

const packages = ['libs', 'services'].flatMap((folder) =>
  readdirSync(`${__dirname}/${folder}`).map((name) => `${__dirname}/${folder}/${name}`),
);

module.exports = {
  // One spec after the other: some of them kill the servers that all share.
  maxWorkers: 1,
  projects: packages
    .filter((folder) => existsSync(`${folder}/package.json`))
    .map((folder) => ({
      ...preset(folder),
      testMatch: ['<rootDir>/src/**/*.stack.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/'],
    })),
};
