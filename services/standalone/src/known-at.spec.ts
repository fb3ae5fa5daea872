import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { openStandalone, type Standalone } from './standalone.ts';
import { ground } from './testing/committee.ts';
import { randomFrom } from './testing/random.ts';

const CLERKS = 6;
const STEPS = Number(process.env['HISTORY_STEPS'] ?? 60);
const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000);
const random = randomFrom(seed);
const nat = (below: number): number => Math.floor(random() * below);
const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[nat(items.length)] ?? items[0];

let folder: string;
let host: Standalone;
const opened = async (): Promise<Standalone> =>
  openStandalone({ dataDir: folder, timeZone: 'Asia/Ho_Chi_Minh', logger: false });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phancong-'));
  host = await opened();
  for (const { path, body } of ground) {
    expect(await host.send('POST', path, JSON.stringify(body))).toMatchObject({ status: 201 });
    await host.settled();
  }
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const day = (): string => `201${4 + nat(3)}-0${1 + nat(9)}-1${nat(10)}`;
const CELLS = ['cell-1', 'cell-2'] as const;

/** What a clerk may do next. Much is refused, as others are at it at the same time. */
function step(clerk: number, index: number): readonly [path: string, body: object] {
  const one = `m-${clerk}-${nat(index + 1)}`;
  const assignment = `a-${one}`;
  const deed = { kind: 'visit', on: day(), reached: nat(9), results: { savings: nat(1_000) } };
  switch (nat(14)) {
    case 0:
    case 1:
    case 2: {
      const id = `m-${clerk}-${index}`;
      const life = { cell: pick(CELLS), standing: 'probationary', admittedOn: '2014-01-02' };
      return ['/membership/members', { id, code: id, name: 'Trần Thị Thử', ...life }];
    }
    case 3:
    case 4:
    case 5:
      return ['/assignment/assignments', { id: assignment, member: one, group: 'street', from: '2014-02-01' }];
    case 6:
      return [`/assignment/assignments/${assignment}/end`, { on: day(), reason: 'hết nhiệm kỳ' }];
    case 7:
      return [`/membership/members/${one}/transfer`, { cell: pick(CELLS), on: day() }];
    case 8:
      return [`/membership/members/${one}/leave`, { on: day(), reason: 'resigned' }];
    case 9:
      return ['/membership/organisations/cell-1/rename', { name: `Chi bộ ${clerk} ${index}`, on: day() }];
    case 10: {
      const id = `k-${clerk}-${index}`;
      const introduced = { introducedBy: one, introducedOn: '2014-05-02', consentOn: '2014-05-01' };
      return ['/membership/candidates', { id, name: 'Lý Thị Ưu', ...introduced }];
    }
    case 11:
      return [`/activity/activities/d-${one}/amend`, { savings: nat(1_000), reason: 'ghi nhầm' }];
    default:
      return ['/activity/activities', { id: `d-${one}`, assignment, ...deed, ...(nat(2) && { campaign: 'blood' }) }];
  }
}

/** @returns how many commands were accepted */
async function write(clerk: number): Promise<number> {
  let accepted = 0;
  for (let index = 0; index < STEPS; index += 1) {
    const [path, body] = step(clerk, index);
    if ((await host.send('POST', path, JSON.stringify(body))).status < 300) accepted += 1;
  }
  return accepted;
}

const question = (): string => {
  const organisation = pick(['bloc', 'bloc', 'cell-1']);
  const range = `organisation=${organisation}&from=2014-01-01&to=201${4 + nat(3)}-12-31`;
  return pick([
    `/reporting/coverage?organisation=${organisation}&asOf=${day()}`,
    `/reporting/coverage?organisation=${organisation}&asOf=2017-12-31`,
    `/reporting/coverage?organisation=${organisation}&asOf=${day()}&by=groupKind`,
    `/reporting/results?${range}&by=organisation`,
    `/reporting/results?${range}&by=campaign`,
    `/reporting/results?${range}&by=year`,
    `/reporting/funnel?${range}`,
  ]);
};

/** All but how far the read models had come. */
const Dated = z.looseObject({ knownAt: z.string(), position: z.string().transform(() => undefined) });
interface Given {
  readonly question: string;
  readonly knownAt: string;
  readonly figures: string;
}
async function ask(question: string, knownAt?: string): Promise<Given> {
  const path = knownAt === undefined ? question : `${question}&knownAt=${encodeURIComponent(knownAt)}`;
  const { status, body } = await host.send('GET', path);
  if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  const figures = Dated.parse(JSON.parse(body));
  return { question, knownAt: figures.knownAt, figures: JSON.stringify(figures) };
}

async function askedWhileWriting(): Promise<readonly Given[]> {
  const given: Given[] = [];
  let writing = true;
  const asking = async (): Promise<void> => {
    while (writing) {
      given.push(await ask(question()));
      // Sometimes what was known a moment ago, also where it is not old enough to be read from what was told.
      if (nat(4) === 0) given.push(await ask(question(), new Date(Date.now() - nat(30) + 5).toISOString()));
      // Requests that go through no network leave no turn to those that write.
      for (let turns = nat(20); turns >= 0; turns -= 1) await setImmediate();
    }
  };
  const askers = [asking(), asking()];
  const accepted = await Promise.all(Array.from({ length: CLERKS }, (_, clerk) => write(clerk))).finally(() => {
    writing = false;
  });
  await Promise.all(askers);
  expect(Math.min(...accepted)).toBeGreaterThan(STEPS / 10);
  return given;
}

const differing = async (given: readonly Given[]): Promise<readonly string[]> => {
  const different: string[] = [];
  for (const { question, knownAt, figures } of given) {
    const again = await ask(question, knownAt);
    if (again.figures !== figures) different.push(`${question}\n  then ${figures}\n  now  ${again.figures}`);
  }
  return different;
};

describe(`an answer given while commands come in (FC_SEED=${seed})`, () => {
  it('is given again when it is asked for with its knownAt: at once, after a restart, and after a rebuild', async () => {
    const given = await askedWhileWriting();
    expect(given.length).toBeGreaterThan(20);
    await host.settled();
    expect(await differing(given)).toEqual([]);

    await host.close();
    host = await opened();
    await host.settled();
    expect(await differing(given)).toEqual([]);

    await host.rebuild(() => undefined);
    expect(await differing(given)).toEqual([]);
  }, 120_000);

  it('shows a command to whom waits for its position, whatever else is being written', async () => {
    let writing = true;
    const others = Promise.all(Array.from({ length: CLERKS }, (_, clerk) => write(clerk))).then(
      () => (writing = false),
    );
    let due = 0;
    for (let index = 0; writing || index < 5; index += 1) {
      const life = { cell: 'north', standing: 'probationary', admittedOn: '2014-01-02' };
      if (index === 0) {
        const north = { id: 'north', code: 'N', name: 'Chi bộ Bắc', kind: 'cell', parent: 'bloc', from: '2014-01-01' };
        await host.send('POST', '/membership/organisations', JSON.stringify(north));
      }
      const body = JSON.stringify({ id: `n-${index}`, code: `n-${index}`, name: 'Trần Thị Thử', ...life });
      const made = await host.send('POST', '/membership/members', body);
      due += 1;
      const { position } = z.object({ position: z.string() }).parse(JSON.parse(made.body));
      const { body: seen } = await host.send(
        'GET',
        `/reporting/coverage?organisation=north&asOf=2017-12-31&position=${position}`,
      );
      expect(JSON.parse(seen)).toMatchObject({ due });
    }
    await others;
  }, 120_000);
});
