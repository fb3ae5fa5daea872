import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ground, serve, type Served, tell } from './testing/served.ts';
import { tracesIn } from './testing/traces.ts';

/** Words that stand nowhere else: each is part of a name, a contact or a remark of somebody who asks to be forgotten. */
const member = {
  given: 'Khuyênh',
  middle: 'Ngọcx',
  place: 'Quỳnhlưu',
  job: 'Thợđúcx',
  home: 'Hẻm77x',
  notes: 'Ghichúx',
};
const corrected = { given: 'Khuếch', reason: 'Nhầmtênx' };
const exemption = 'Ốmnặngx';
const candidate = { given: 'Trươngx', contact: '0907123987' };
const withdrawn = { given: 'Phượngx', contact: 'phuongx@thu.vn', reason: 'Vìgiađìnhx' };
const imported = { given: 'Giangx', place: 'Đứcphổx', notes: 'Sổcũx' };
const rejected = 'Hạnhx';
const refused = 'Uyểnx';
const birth = '1961-07-23';

const ofErased = [
  ...[member, corrected, candidate, withdrawn, imported].flatMap((texts) => Object.values(texts)),
  ...[exemption, rejected, refused, birth],
];
const others = 300;

const Id = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });

describe('erasing a person', () => {
  let dataDir: string;
  let served: Served;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'erasure-'));
    served = await serve(dataDir);
  });
  afterEach(async () => {
    await served.close();
    rmSync(dataDir, { recursive: true });
  });

  let keys = 0;
  /** Under an Idempotency-Key, as clients do: the answer is kept. */
  const post = async (path: string, body: unknown, status = 200) => {
    keys += 1;
    const answer = await served.request('POST', path, { body, headers: { 'idempotency-key': `key-${keys}` } });
    expect([path, answer]).toMatchObject([path, { status }]);
    await served.settled();
    return answer;
  };
  const get = async (path: string) => (await served.request('GET', path)).body;
  const found = async (q: string) => Id.parse(await get(`/membership/members?q=${encodeURIComponent(q)}`)).items;

  /** A bloc in which those to be erased stand among many others. @returns the ids of the three members */
  async function life(): Promise<readonly string[]> {
    await tell(served, ground);
    const named = { cell: 'cell', standing: 'probationary', admittedOn: '2010-01-01' };
    const crowd = Array.from({ length: others }, (_, index) => ({
      ...{ id: `other-${(index * 7919) % others}`, code: `O${index}`, ...named },
      name: `Trần ${'Văn '.repeat(1 + (index % 5))}${String.fromCharCode(65 + (index % 26))}n`,
    }));
    await post('/membership/members/bulk', { members: crowd.slice(0, others / 2) });
    const { given, middle, place: nativePlace, job, home: residence, notes } = member;
    const personal = { name: `Nguyễn ${middle} ${given}`, birthDate: birth, nativePlace, job, residence, notes };
    await post('/membership/members', { id: 'erased-1', code: 'E1', ...named, ...personal }, 201);
    await post('/membership/members/bulk', { members: crowd.slice(others / 2) });
    await post('/membership/members/erased-1/correct', {
      name: `Nguyễn ${middle} ${corrected.given}`,
      reason: corrected.reason,
    });
    await post('/membership/members/erased-1/exempt', { from: '2013-01-01', until: '2013-02-01', reason: exemption });
    const twice = { id: 'erased-1', code: 'E9', ...named, name: `Lê Thị ${refused}` };
    await post('/membership/members', twice, 409);

    const introduction = { introducedBy: 'other-1', introducedOn: '2012-01-01', consentOn: '2012-01-01' };
    const { contact } = candidate;
    const becomes = { id: 'qc1', name: `Vũ ${candidate.given}`, contact, ...introduction };
    await post('/membership/candidates', becomes, 201);
    await post('/membership/candidates/qc1/train', { on: '2012-02-01' });
    await post('/membership/candidates/qc1/admit', { on: '2012-03-01', cell: 'cell', code: 'E2', member: 'erased-2' });
    const leaves = { id: 'qc2', name: `Hồ ${withdrawn.given}`, contact: withdrawn.contact, ...introduction };
    await post('/membership/candidates', leaves, 201);
    await post('/membership/candidates/qc2/withdraw', { on: '2012-05-01', reason: withdrawn.reason });

    const rows = [
      'Họ và tên,Ngày sinh,Quê quán,Ngày vào Đảng,Số thẻ đảng viên,Ghi chú',
      `Đỗ ${imported.given},23/07/1961,${imported.place},01/01/2011,E3,${imported.notes}`,
      `Mai ${rejected},23/07/1961,${imported.place},31/02/2011,E4,${imported.notes}`,
    ];
    const form = new FormData();
    form.set('file', new Blob([rows.join('\n')]), 'so.csv');
    form.set('organisation', 'cell');
    expect(await post('/membership/imports', form)).toMatchObject({ body: { accepted: 1, rejected: 1 } });
    const [{ id: third } = { id: '' }] = await found(imported.given);

    for (const [index, id] of ['erased-1', 'erased-2', third].entries()) {
      const made = { id: `pc${index}`, member: id, group: 'group', content: ['Đời sống'], from: '2014-01-01' };
      await post('/assignment/assignments', made, 201);
      const deed = { assignment: `pc${index}`, kind: 'thăm hỏi', on: '2014-03-01', reached: 3 };
      await post('/activity/activities', { ...deed, results: { charity: 1_000_000 } }, 201);
    }
    return ['erased-1', 'erased-2', third];
  }

  /** Without when they were asked for. */
  const figures = async () => {
    const paths = ['coverage?organisation=bloc', 'results?organisation=bloc&from=2004-01-01&to=2014-12-31'];
    const answers = await Promise.all(paths.map((path) => get(`/reporting/${path}&asOf=2014-12-31`)));
    return answers.map((answer) => ({ ...z.looseObject({}).parse(answer), position: undefined, knownAt: undefined }));
  };

  it('leaves no word of them in any file, and every total as it was', async () => {
    const erased = await life();
    const logs = (traces: ReturnType<typeof tracesIn>) => traces.filter(({ file }) => !file.includes('read-models'));
    const before = tracesIn(dataDir, ofErased);
    expect(logs(before)).toEqual([]);
    // Names are searched and sorted by, so they stand in the read models as long as the person is not erased.
    expect(before.map(({ text }) => text)).toEqual(expect.arrayContaining([corrected.given, candidate.given]));
    const figuresBefore = await figures();

    for (const id of erased) await post(`/membership/members/${id}/erase`, { reason: 'theo yêu cầu' });
    await post('/membership/candidates/qc2/erase', { reason: 'theo yêu cầu' });
    expect(tracesIn(dataDir, ofErased)).toEqual([]);

    expect(await figures()).toEqual(figuresBefore);
    expect(figuresBefore).toMatchObject([
      { due: others + 3, assigned: 3 },
      { activities: 3, charity: 3_000_000 },
    ]);
    for (const id of erased) {
      const { name, birthDate, ...rest } = z.looseObject({}).parse(await get(`/membership/members/${id}`));
      expect([name, birthDate, rest]).toMatchObject([undefined, undefined, { id, erased: true }]);
    }
    for (const id of ['qc1', 'qc2']) {
      const { name, contact, ...rest } = z.looseObject({}).parse(await get(`/membership/candidates/${id}`));
      expect([name, contact, rest]).toMatchObject([undefined, undefined, { id, erased: true }]);
    }
    for (const q of [corrected.given, candidate.given, imported.given, member.middle])
      expect(await found(q)).toEqual([]);

    // Nothing comes back: not from the logs, and not with the next start.
    await served.rebuild(() => undefined);
    expect(tracesIn(dataDir, ofErased)).toEqual([]);
    await served.close();
    expect(tracesIn(dataDir, ofErased)).toEqual([]);
    served = await serve(dataDir);
    await served.settled();
    expect(tracesIn(dataDir, ofErased)).toEqual([]);
    expect(await figures()).toEqual(figuresBefore);
  }, 120_000);
});
