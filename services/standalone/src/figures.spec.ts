import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ground, serve, type Served, tell } from './testing/served.ts';

/** What docs/figures.md says of cases that people ask about. */
describe('the figures', () => {
  let folder: string;
  let served: Served;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phancong-'));
    served = await serve(folder, { clock: () => new Date('2014-12-31T05:00:00Z') });
    const life = { code: 'm1', name: 'Nguyễn Thị Thử', cell: 'cell', standing: 'official', admittedOn: '2010-01-01' };
    await tell(served, [
      ...ground,
      ['/membership/members', { id: 'm1', ...life }],
      ['/assignment/assignments', { id: 'a1', member: 'm1', group: 'group', from: '2014-01-01' }],
    ]);
  });
  afterEach(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  const ask = async (path: string): Promise<unknown> => {
    const { status, body } = await served.request('GET', path);
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const results = '/reporting/results?organisation=bloc&from=2014-01-01&to=2014-12-31';
  const deed = (id: string, on: string, reached: number) =>
    ['/activity/activities', { id, assignment: 'a1', kind: 'thăm hỏi', on, reached }] as const;

  it('keep a deed whose assignment turns out to have ended before it, until it is voided', async () => {
    await tell(served, [
      deed('d1', '2014-06-01', 5),
      ['/assignment/assignments/a1/end', { on: '2014-05-01', reason: 'ghi muộn' }],
    ]);
    expect(await ask('/reporting/coverage?organisation=bloc&asOf=2014-06-01')).toMatchObject({ due: 1, assigned: 0 });
    expect(await ask(results)).toMatchObject({ activities: 1, reached: 5 });
    // What would be logged for that day now is refused.
    const [path, body] = deed('d2', '2014-06-01', 5);
    expect(await served.request('POST', path, { body })).toMatchObject({
      status: 409,
      body: { code: 'assignment-not-active' },
    });
    await tell(served, [['/activity/activities/d1/void', { reason: 'ghi nhầm' }]]);
    expect(await ask(results)).toMatchObject({ activities: 0, reached: 0 });
  });

  it('add up people reached as they were reported, also beyond the headcount of the group, without a remark', async () => {
    await tell(served, [deed('d1', '2014-06-01', 20), deed('d2', '2014-07-01', 20), deed('d3', '2014-08-01', 25)]);
    const answer = await ask(results);
    expect(answer).toMatchObject({ activities: 3, reached: 65 });
    expect(Object.keys(Object(answer)).sort()).toEqual(
      [
        ...['activities', 'admitted', 'asOf', 'bloodDonations', 'charity', 'from', 'introduced', 'knownAt'],
        ...['organisation', 'parts', 'position', 'reached', 'savings', 'to', 'trained', 'visits'],
      ].sort(),
    );
  });

  it('count who is assigned to groups of two kinds once in each kind, and once in all', async () => {
    const youth = { id: 'youth', code: 'Y', name: 'Chi đoàn', kind: 'youth', organisation: 'cell', headcount: 9 };
    await tell(served, [
      ['/assignment/groups', { ...youth, from: '2014-01-01' }],
      ['/assignment/assignments', { id: 'a2', member: 'm1', group: 'youth', from: '2014-01-01' }],
    ]);
    expect(await ask('/reporting/coverage?organisation=bloc&asOf=2014-06-01&by=groupKind')).toMatchObject({
      ...{ due: 1, assigned: 1 },
      parts: [
        { groupKind: 'researchers', assigned: 0 },
        { groupKind: 'workers', assigned: 0 },
        { groupKind: 'youth', assigned: 1 },
        { groupKind: 'residents', assigned: 1 },
      ],
    });
  });

  it('are answered of a day to come by what is written down by now, and follow what is written later', async () => {
    const asked = '/reporting/coverage?organisation=bloc&asOf=2015-06-30';
    const exempt = `${asked}&excludeExempt=true`;
    await tell(served, [['/membership/members/m1/exempt', { from: '2014-12-01', until: '2015-06-01', reason: 'ốm' }]]);
    expect(await ask('/reporting/coverage?organisation=bloc&excludeExempt=true')).toMatchObject({
      ...{ asOf: '2014-12-31', due: 0 },
    });
    expect(await ask(exempt)).toMatchObject({ asOf: '2015-06-30', due: 1, assigned: 1 });
    await tell(served, [['/assignment/assignments/a1/end', { on: '2014-12-31', reason: 'hết nhiệm kỳ' }]]);
    expect(await ask(asked)).toMatchObject({ due: 1, assigned: 0 });
  });
});
