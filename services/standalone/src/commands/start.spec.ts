import { z } from 'zod';
import { get } from '../testing/keyed-client.ts';
import { type RunningProcess, startProcess } from '../testing/running-process.ts';
import { failureIn, phancong, temporaryFolder } from '../testing/run-command.ts';

const LONG = 60_000;

const Health = z.object({ organisations: z.int() });

describe('phancong start --empty', () => {
  let folder = temporaryFolder();
  let server: RunningProcess | undefined;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(async () => {
    await server?.kill();
    folder.remove();
  });

  it(
    'serves a system that knows nothing yet, until it is told to stop',
    async () => {
      server = await startProcess(folder.path, '--empty', '--json');
      const ready = await get(server.url, '/health/ready');
      const checks = { membership: 'ok', assignment: 'ok', activity: 'ok', reporting: 'ok' };
      expect([ready.status, JSON.parse(ready.body)]).toEqual([200, { status: 'ok', checks }]);
      const { body } = await get(server.url, '/reporting/health');
      expect(Health.parse(JSON.parse(body))).toEqual({ organisations: 0 });
      expect(await server.stop()).toBe(0);
    },
    LONG,
  );

  it(
    'is refused while another process has the data folder, or the port',
    async () => {
      server = await startProcess(folder.path, '--empty');
      const { url } = server;
      const other = temporaryFolder();
      const [sameFolder, samePort] = await Promise.all([
        phancong(folder.path, ['start', '--empty', '--json']),
        phancong(other.path, ['start', '--empty', '--json'], { PORT: new URL(url).port }),
      ]);
      other.remove();
      expect([sameFolder.exitCode, samePort.exitCode]).toEqual([1, 1]);
      expect(failureIn(sameFolder)).toEqual({ code: 'data-folder-in-use', detail: expect.stringContaining(url) });
      expect(failureIn(samePort)).toMatchObject({ code: 'port-in-use' });
      expect(await get(url, '/health/ready')).toMatchObject({ status: 200 });
    },
    LONG,
  );
});
