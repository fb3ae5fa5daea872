import { AssignmentId, type BookFact, GroupId, MemberId } from '@phancong/contracts';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { CommandAnswer } from '@phancong/nest';
import { type HttpAnswer, undescribedOperations } from '@phancong/nest/testing';
import { setTimeout } from 'node:timers/promises';
import { an, assignment, day } from './testing/samples.ts';
import { type ActivityServer, startActivity } from './testing/start-activity.ts';

const about = { member: an, assignment: assignment.assignment };
const made: BookFact = {
  ...about,
  type: 'AssignmentMade',
  occurredAt: assignment.from,
  group: assignment.group,
  groupKind: 'workers',
  origin: 'assigned',
  role: 'direct',
};
const ended: BookFact = { ...about, type: 'AssignmentEnded', occurredAt: day('2011-01-01') };

const told = {
  id: 'hd-1',
  assignment: 'pc-1',
  kind: 'hiến máu',
  on: '2010-04-07',
  reached: 25,
  results: { bloodDonations: 6 },
  note: 'Tại hội trường',
};
const campaign = { id: 'hien-mau', code: 'HMND', name: 'Hiến máu nhân đạo', from: '2010-02-01', until: '2010-12-01' };

describe('the activity service over HTTP', () => {
  let server: ActivityServer;
  beforeEach(async () => {
    server = await startActivity();
    await server.tell(made);
    const position = await server.tell(ended);
    expect((await server.request('GET', `/activity/activities?position=${position}`)).status).toBe(200);
  });
  afterEach(() => server.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    server.request('POST', path, { body, headers });
  const get = (path: string, after?: HttpAnswer): Promise<HttpAnswer> => {
    const position = after ? `position=${CommandAnswer.pick({ position: true }).parse(after.body).position}` : '';
    return server.request('GET', path.includes('?') ? `${path}&${position}` : `${path}?${position}`);
  };
  const refused = (answer: HttpAnswer, status: number, code: string): void => {
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  };
  const invalid = (answer: HttpAnswer, path: string, code: string): void => {
    refused(answer, 422, 'invalid-input');
    expect(answer.body).toMatchObject({ errors: [{ path, code }] });
  };

  it('describes every operation: what it does, takes and answers', async () => {
    expect(undescribedOperations((await get('/openapi.json')).body)).toEqual([]);
  });

  describe('POST /activity/activities', () => {
    it('logs it: 201, its id, an ETag, and the activity is there', async () => {
      const answer = await post('/activity/activities', told);
      expect(answer).toMatchObject({ status: 201, body: { id: 'hd-1', revision: 0 } });
      expect(answer.headers.get('etag')).toBe('"0"');
      expect((await get('/activity/activities/hd-1')).body).toEqual({
        ...told,
        member: 'an',
        group: 'ca-2',
        visits: 0,
        results: { savings: 0, charity: 0, bloodDonations: 6 },
        voided: false,
        revision: 0,
      });
    });

    it('makes an id when none is given', async () => {
      const nameless = { ...told, id: undefined };
      const { id } = CommandAnswer.parse((await post('/activity/activities', nameless)).body);
      expect((await get(`/activity/activities/${id}`)).body).toMatchObject({ id, kind: 'hiến máu' });
    });

    it.each([
      ['a negative count', { ...told, reached: -1 }, 'reached', 'too-small'],
      ['a fraction of a đồng', { ...told, results: { savings: 0.5 } }, 'results.savings', 'not-a-whole-number'],
      ['too many đồng', { ...told, results: { charity: 9e15 + 2 } }, 'results.charity', 'too-big'],
      ['a long note', { ...told, note: 'x'.repeat(501) }, 'note', 'too-long'],
      ['a day that never was', { ...told, on: '2010-02-30' }, 'on', 'invalid-day'],
      ['no kind', { ...told, kind: ' ' }, 'kind', 'too-short'],
      ['a field of another kind of thing', { ...told, opinion: 'x' }, 'opinion', 'unknown-field'],
    ])('refuses %s, and keeps nothing', async (_, body, path, code) => {
      invalid(await post('/activity/activities', body), path, code);
      refused(await get('/activity/activities/hd-1'), 404, 'activity-not-found');
    });

    it('refuses an assignment and a campaign that are not known', async () => {
      refused(await post('/activity/activities', { ...told, assignment: 'x' }), 404, 'assignment-not-found');
      refused(await post('/activity/activities', { ...told, campaign: 'x' }), 404, 'campaign-not-found');
    });

    it('refuses days on which it cannot have been', async () => {
      await post('/activity/campaigns', campaign);
      const on = (on: string, rest = {}) => post('/activity/activities', { ...told, ...rest, on });
      refused(await on('2011-01-01'), 409, 'assignment-not-active');
      refused(await on('2010-01-31', { campaign: 'hien-mau' }), 409, 'campaign-not-open');
      refused(await on('2015-01-01'), 422, 'day-in-future');
    });

    it('says why in the language that is asked for', async () => {
      const body = { ...told, on: '2011-01-01' };
      const english = await post('/activity/activities', body, { 'accept-language': 'en' });
      expect(english.body).toMatchObject({
        detail: 'The assignment is not active on 2011-01-01: it ran from 2010-01-01 and ended on 2011-01-01.',
      });
      const vietnamese = await post('/activity/activities', body);
      expect(vietnamese.body).toMatchObject({
        detail:
          'Phân công không có hiệu lực vào ngày 01/01/2011: bắt đầu từ ngày 01/01/2010, kết thúc ngày 01/01/2011.',
      });
    });

    it('refuses an id in use, and repeats its answer under the same key', async () => {
      const first = await post('/activity/activities', told, { 'idempotency-key': 'k1' });
      refused(await post('/activity/activities', told), 409, 'already-exists');
      const again = await post('/activity/activities', told, { 'idempotency-key': 'k1' });
      expect([again.status, again.body]).toEqual([201, first.body]);
    });
  });

  describe('POST /activity/activities/bulk', () => {
    it('logs what is right and tells what is not, in order', async () => {
      const answer = await post('/activity/activities/bulk', {
        activities: [told, { ...told, id: 'hd-2', on: '2011-01-01' }, { ...told, id: 'hd-3' }],
      });
      expect(answer).toMatchObject({
        status: 200,
        body: {
          accepted: 2,
          rejected: 1,
          results: [{ id: 'hd-1' }, { error: { status: 409, code: 'assignment-not-active' } }, { id: 'hd-3' }],
        },
      });
      expect((await get('/activity/activities?assignment=pc-1', answer)).body).toMatchObject({
        items: [{ id: 'hd-1' }, { id: 'hd-3' }],
      });
    });

    it('makes different ids, and the same again under the same key', async () => {
      const nameless = { ...told, id: undefined };
      const body = { activities: [nameless, nameless] };
      const first = await post('/activity/activities/bulk', body, { 'idempotency-key': 'k1' });
      expect(await post('/activity/activities/bulk', body, { 'idempotency-key': 'k1' })).toMatchObject({
        body: first.body,
      });
      expect((await get('/activity/activities', first)).body).toMatchObject({ items: { length: 2 } });
    });

    it('refuses the whole when one of them is malformed, or when there is none', async () => {
      invalid(
        await post('/activity/activities/bulk', { activities: [told, { ...told, on: 'x' }] }),
        'activities.1.on',
        'invalid-day',
      );
      invalid(await post('/activity/activities/bulk', { activities: [] }), 'activities', 'too-few');
      refused(await get('/activity/activities/hd-1'), 404, 'activity-not-found');
    });

    it('refuses each that names what is not known', async () => {
      const answer = await post('/activity/activities/bulk', { activities: [{ ...told, assignment: 'x' }] });
      expect(answer.body).toMatchObject({
        accepted: 0,
        rejected: 1,
        results: [{ error: { code: 'assignment-not-found' } }],
      });
    });
  });

  describe('POST /activity/activities/{id}/amend', () => {
    const wanted = { results: { bloodDonations: 7 }, reason: 'Đếm thiếu' };

    it('changes what is named, there and in the lists', async () => {
      await post('/activity/activities', told);
      const answer = await post('/activity/activities/hd-1/amend', { ...wanted, on: '2010-05-01' });
      expect(answer).toMatchObject({ status: 200, body: { id: 'hd-1', revision: 1 } });
      expect((await get('/activity/activities?member=an', answer)).body).toMatchObject({
        items: [{ id: 'hd-1', on: '2010-05-01', reached: 25, results: { bloodDonations: 7 } }],
      });
    });

    it('moves it to another assignment of the same member, never to another member’s', async () => {
      await post('/activity/activities', told);
      await server.tell({ ...made, assignment: AssignmentId.parse('pc-2'), group: GroupId.parse('ca-3') });
      const position = await server.tell({
        ...made,
        assignment: AssignmentId.parse('pc-3'),
        member: MemberId.parse('binh'),
      });
      await server.request('GET', `/activity/activities?position=${position}`);
      const moved = (to: string) => post('/activity/activities/hd-1/amend', { assignment: to, reason: 'Nhầm tổ' });
      refused(await moved('pc-3'), 404, 'assignment-not-found');
      refused(await moved('pc-9'), 404, 'assignment-not-found');
      expect(await moved('pc-2')).toMatchObject({ status: 200, body: { revision: 1 } });
      expect((await get('/activity/activities/hd-1')).body).toMatchObject({ assignment: 'pc-2', group: 'ca-3' });
    });

    it('refuses what is malformed, unknown or conflicting', async () => {
      await post('/activity/activities', told);
      invalid(await post('/activity/activities/hd-1/amend', { reached: 3 }), 'reason', 'required');
      refused(await post('/activity/activities/hd-9/amend', wanted), 404, 'activity-not-found');
      refused(
        await post('/activity/activities/hd-1/amend', { ...wanted, on: '2011-01-01' }),
        409,
        'assignment-not-active',
      );
      refused(await post('/activity/activities/hd-1/amend', wanted, { 'if-match': '"5"' }), 412, 'revision-mismatch');
    });

    it('is nothing new when repeated', async () => {
      await post('/activity/activities', told);
      const first = await post('/activity/activities/hd-1/amend', wanted);
      expect((await post('/activity/activities/hd-1/amend', wanted)).body).toEqual(first.body);
    });
  });

  describe('POST /activity/activities/{id}/void', () => {
    const reason = { reason: 'Ghi trùng' };

    it('is shown as voided', async () => {
      await post('/activity/activities', told);
      const answer = await post('/activity/activities/hd-1/void', reason);
      expect(answer).toMatchObject({ status: 200, body: { id: 'hd-1', revision: 1 } });
      expect((await get('/activity/activities', answer)).body).toMatchObject({ items: [{ id: 'hd-1', voided: true }] });
      expect((await get('/activity/activities/hd-1')).body).toMatchObject({ voided: true });
    });

    it('refuses what is malformed, unknown or voided already; repeats under the same key', async () => {
      await post('/activity/activities', told);
      invalid(await post('/activity/activities/hd-1/void', {}), 'reason', 'required');
      refused(await post('/activity/activities/hd-9/void', reason), 404, 'activity-not-found');
      const first = await post('/activity/activities/hd-1/void', reason, { 'idempotency-key': 'k1' });
      refused(await post('/activity/activities/hd-1/void', reason), 409, 'activity-voided');
      const again = await post('/activity/activities/hd-1/void', reason, { 'idempotency-key': 'k1' });
      expect(again.body).toEqual(first.body);
    });
  });

  it('tells which deeds lie outside their assignment by now, and keeps them', async () => {
    const within = await post('/activity/activities', { ...told, id: 'hd-2', on: '2010-03-01' });
    expect(within.status).toBe(201);
    await post('/activity/activities', told);
    const position = await server.tell({ ...ended, occurredAt: day('2010-04-01') });
    expect((await get(`/activity/activities/hd-1?position=${position}`)).body).toMatchObject({
      outsideAssignment: true,
    });
    expect((await get('/activity/activities/hd-2')).body).not.toHaveProperty('outsideAssignment');
    const list = (await get('/activity/activities', within)).body;
    expect(list).toMatchObject({ items: [{ id: 'hd-2' }, { id: 'hd-1', outsideAssignment: true, voided: false }] });
    expect(list).not.toMatchObject({ items: [{ outsideAssignment: true }, {}] });
  });

  describe('GET /activity/activities', () => {
    it('goes through the days in pages', async () => {
      const days = ['2010-03-03', '2010-01-05', '2010-02-02', '2010-12-31'];
      const activities = days.map((on, index) => ({ ...told, id: `hd-${index}`, on }));
      const logged = await post('/activity/activities/bulk', { activities });
      const range = 'from=2010-01-05&to=2010-03-03&limit=2';
      const first = await get(`/activity/activities?${range}`, logged);
      expect(first.body).toMatchObject({ items: [{ id: 'hd-1' }, { id: 'hd-2' }], next: expect.any(String) });
      const next = first.body instanceof Object && 'next' in first.body ? String(first.body.next) : '';
      const second = await get(`/activity/activities?${range}&cursor=${encodeURIComponent(next)}`);
      expect(second.body).toEqual({ items: [expect.objectContaining({ id: 'hd-0' })] });
      expect((await get('/activity/activities?assignment=pc-1&member=binh')).body).toEqual({ items: [] });
    });

    it('refuses a malformed question', async () => {
      refused(await get('/activity/activities?from=yesterday'), 422, 'invalid-input');
      refused(await get('/activity/activities?limit=0'), 422, 'invalid-input');
      refused(await get('/activity/activities?unit=x'), 422, 'invalid-input');
    });
  });

  describe('/activity/campaigns', () => {
    it('opens one: 201, there and in the list', async () => {
      const answer = await post('/activity/campaigns', campaign);
      expect(answer).toMatchObject({ status: 201, body: { id: 'hien-mau', revision: 0 } });
      expect((await get('/activity/campaigns/hien-mau')).body).toEqual({ ...campaign, revision: 0 });
      expect((await get('/activity/campaigns', answer)).body).toEqual({ items: [campaign] });
    });

    it('refuses what is malformed or unknown', async () => {
      invalid(await post('/activity/campaigns', { ...campaign, code: '' }), 'code', 'too-short');
      invalid(await post('/activity/campaigns', { ...campaign, code: 'A1!!' }), 'code', 'code-invalid');
      invalid(await post('/activity/campaigns', { ...campaign, name: '=1+1' }), 'name', 'like-formula');
      invalid(
        await post('/activity/campaigns', { ...campaign, until: campaign.from }),
        'until',
        'ends-before-it-begins',
      );
      refused(await get('/activity/campaigns/x'), 404, 'campaign-not-found');
      refused(await get('/activity/campaigns?limit=1001'), 422, 'invalid-input');
    });

    it('opens one of two of an id given at the same time, and leaves the other’s code', async () => {
      const store = inMemoryEventStore();
      // As on a disk: what is written is there only after a while.
      const append: typeof store.append = async (...what) => {
        await setTimeout(20);
        return store.append(...what);
      };
      await server.close();
      server = await startActivity({ ...store, append });
      const open = async (id: string | undefined, code: string): Promise<number> =>
        (await server.request('POST', '/activity/campaigns', { body: { ...campaign, id, code } })).status;
      expect((await Promise.all(['HM1', 'HM2'].map((code) => open('hm', code)))).sort()).toEqual([201, 409]);
      expect((await Promise.all(['HM1', 'HM2'].map((code) => open(undefined, code)))).sort()).toEqual([201, 409]);
    });

    it('refuses an id or a code in use; repeats under the same key', async () => {
      const first = await post('/activity/campaigns', campaign, { 'idempotency-key': 'k1' });
      refused(await post('/activity/campaigns', campaign), 409, 'already-exists');
      refused(await post('/activity/campaigns', { ...campaign, id: 'khac', code: 'hmnd' }), 409, 'code-taken');
      refused(await post('/activity/campaigns', { ...campaign, code: 'MOI' }), 409, 'already-exists');
      const other = await post('/activity/campaigns', { ...campaign, id: 'khac', code: 'MOI' });
      expect(other.status).toBe(201);
      const again = await post('/activity/campaigns', campaign, { 'idempotency-key': 'k1' });
      expect(again.body).toEqual(first.body);
    });
  });
});
