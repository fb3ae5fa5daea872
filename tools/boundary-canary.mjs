/**
 * Proves that the lint rules about who may import whom are awake: puts one forbidden import into a project at a time
 * and expects lint to fail for that reason. (Without a project graph the rule says nothing and lint passes.)
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const forbidden = [
  {
    project: 'event-sourcing',
    folder: 'libs/event-sourcing',
    import: '@phancong/privacy',
    rule: 'enforce-module-boundaries',
  },
  { project: 'contracts', folder: 'libs/contracts', import: 'better-sqlite3', rule: 'no-restricted-imports' },
  { project: 'privacy', folder: 'libs/privacy', import: '@phancong/nest', rule: 'enforce-module-boundaries' },
  {
    project: 'activity',
    folder: 'services/activity',
    import: '@phancong/membership',
    rule: 'enforce-module-boundaries',
  },
  {
    project: 'activity',
    folder: 'services/activity',
    import: '@phancong/event-feed-kafka',
    rule: 'enforce-module-boundaries',
  },
];

let failures = 0;
for (const { project, folder, import: name, rule } of forbidden) {
  const file = `${folder}/src/boundary-canary.ts`;
  writeFileSync(file, `import * as forbidden from '${name}';\nexport const canary = forbidden;\n`);
  try {
    const lint = spawnSync('npx', ['nx', 'run', `@phancong/${project}:lint`, '--skip-nx-cache'], { encoding: 'utf8' });
    const found = lint.status !== 0 && `${lint.stdout}${lint.stderr}`.includes(rule);
    console.log(`${found ? 'ok    ' : 'FAILED'} ${project} may not import ${name} (${rule})`);
    if (!found) failures += 1;
  } finally {
    rmSync(file, { force: true });
  }
}
console.log(`${forbidden.length - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
