import { allCodesHaveMessages, type HttpAnswer, refusalCodesIn } from '@phancong/nest/testing';
import { messages } from './messages.ts';
import { type ReportingServer, startReporting } from './testing/start-reporting.ts';

/** A bloc of two committees with a cell each. Members an and binh are in cell one, chi in cell two. */
async function tellOfTheBloc({ tell }: ReportingServer): Promise<string[]> {
  const founded = (organisation: string, kind: string, parent?: string) =>
    tell('membership', 'organisations', '2004-01-01', {
      type: 'OrganisationRegistered',
      occurredAt: '2004-01-01',
      organisation,
      code: `C-${organisation}`,
      name: `Chi bộ ${organisation}`,
      kind,
      parent,
    });
  const admitted = (member: string, cell: string) =>
    tell('membership', `member-${member}`, '2004-01-02', {
      type: 'MemberAdmitted',
      occurredAt: '2004-01-02',
      member,
      code: member,
      cell,
      admittedOn: '2004-01-02',
    });
  const assigned = (member: string, groupKind: string, origin: string) =>
    tell('assignment', `book-${member}`, '2004-02-01', {
      type: 'AssignmentMade',
      occurredAt: '2004-02-01',
      member,
      assignment: `a-${member}`,
      group: 'g',
      groupKind,
      origin,
      role: 'direct',
    });
  const did = (activity: string, member: string, on: string, recordedOn: string, figures: object) =>
    tell('activity', `activity-${activity}`, recordedOn, {
      type: 'ActivityLogged',
      occurredAt: on,
      activity,
      member,
      deed: {
        ...{ assignment: `a-${member}`, member, group: 'g', kind: 'visit', on, reached: 5, visits: 0 },
        ...{ savings: 0, charity: 0, bloodDonations: 0 },
        ...figures,
      },
    });
  await founded('bloc', 'bloc');
  await founded('north', 'committee', 'bloc');
  await founded('south', 'committee', 'bloc');
  await founded('one', 'cell', 'north');
  await founded('two', 'cell', 'south');
  await admitted('an', 'one');
  await admitted('binh', 'one');
  await admitted('chi', 'two');
  const exempted = { type: 'MemberExempted', occurredAt: '2010-01-01', member: 'binh' };
  await tell('membership', 'member-binh', '2010-01-01', exempted);
  const introduced = { type: 'CandidateIntroduced', occurredAt: '2010-05-01', candidate: 'k', introducedBy: 'an' };
  await tell('membership', 'candidate-k', '2010-05-01', introduced);
  const moved = { type: 'OrganisationMoved', occurredAt: '2012-06-01', organisation: 'one', parent: 'south' };
  const lastOfMembership = await tell('membership', 'organisations', '2012-06-03', moved);
  await assigned('an', 'youth', 'self-registered');
  const lastOfAssignment = await assigned('chi', 'workers', 'assigned');
  const opened = { type: 'CampaignOpened', occurredAt: '2010-01-01', campaign: 'blood', code: 'HM', name: 'Hiến máu' };
  await tell('activity', 'campaign-blood', '2010-01-01', opened);
  await did('v1', 'an', '2010-04-07', '2010-04-08', { bloodDonations: 3, campaign: 'blood' });
  const lastOfActivity = await did('v2', 'chi', '2011-04-07', '2011-06-01', { savings: 5_000_000 });
  return [lastOfMembership, lastOfAssignment, lastOfActivity];
}

describe('the reporting service over HTTP', () => {
  let server: ReportingServer;
  beforeAll(async () => {
    server = await startReporting();
    for (const position of await tellOfTheBloc(server)) await get(`/reporting/health?position=${position}`);
  });
  afterAll(() => server.close());

  const get = (path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    server.request('GET', path, { headers });
  const refused = async (path: string, status: number, code: string, facts: object = {}): Promise<void> => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status, body: { status, code, ...facts } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  };
  const organisation = (id: string, kind: string) => ({ id, name: `Chi bộ ${id}`, kind });

  describe('GET /reporting/coverage', () => {
    it('answers of today by the parts of today', async () => {
      expect(await get('/reporting/coverage?organisation=bloc')).toMatchObject({
        status: 200,
        body: {
          organisation: organisation('bloc', 'bloc'),
          asOf: '2014-12-31',
          knownAt: expect.stringMatching(/Z$/),
          position: expect.stringContaining('membership-11'),
          ...{ due: 3, assigned: 2, selfRegistered: 1, rate: 2 / 3 },
          parts: [
            { organisation: organisation('north', 'committee'), due: 0, assigned: 0, selfRegistered: 0, rate: null },
            { organisation: organisation('south', 'committee'), due: 3, assigned: 2, selfRegistered: 1, rate: 2 / 3 },
          ],
        },
      });
    });

    it('answers of a past day by the tree of that day', async () => {
      expect((await get('/reporting/coverage?organisation=bloc&asOf=2012-05-31')).body).toMatchObject({
        parts: [
          { organisation: { id: 'north' }, due: 2 },
          { organisation: { id: 'south' }, due: 1 },
        ],
      });
    });

    it('answers as it was known at an instant, also with an offset whose plus came as a blank', async () => {
      const asked = '/reporting/coverage?organisation=south&asOf=2012-06-02';
      expect((await get(`${asked}&knownAt=2012-06-03T18:59:59+07:00`)).body).toMatchObject({
        knownAt: '2012-06-03T11:59:59.000Z',
        due: 1,
      });
      expect((await get(`${asked}&knownAt=2012-06-03T12:00:00Z`)).body).toMatchObject({ due: 3 });
      expect((await get(`${asked}&knownAt=2000-01-01T00:00:00Z`)).body).toMatchObject({
        due: 0,
        rate: null,
        parts: [],
      });
    });

    it('given an instant to come, answers of what is known, and says of when that is', async () => {
      const asked = '/reporting/coverage?organisation=bloc';
      const { body: today } = await get(asked);
      const { body: later } = await get(`${asked}&knownAt=2100-01-01T00:00:00Z`);
      expect(later).toEqual(today);
      expect(later).toMatchObject({ knownAt: expect.stringMatching(/^20[012]/) });
    });

    it('answers by kinds of groups', async () => {
      expect((await get('/reporting/coverage?organisation=bloc&by=groupKind')).body).toMatchObject({
        parts: [
          { groupKind: 'researchers', assigned: 0, selfRegistered: 0 },
          { groupKind: 'workers', assigned: 1, selfRegistered: 0 },
          { groupKind: 'youth', assigned: 1, selfRegistered: 1 },
          { groupKind: 'residents', assigned: 0, selfRegistered: 0 },
        ],
      });
    });

    it('leaves out exempt members when asked to', async () => {
      const asked = '/reporting/coverage?organisation=bloc&excludeExempt';
      expect((await get(`${asked}=true`)).body).toMatchObject({ due: 2, assigned: 2, rate: 1 });
      expect((await get(`${asked}=false`)).body).toMatchObject({ due: 3 });
    });

    it.each([
      ['', 'organisation', 'required'],
      ['organisation=-', 'organisation', 'invalid-id'],
      ['organisation=bloc&asOf=2014-02-30', 'asOf', 'invalid-day'],
      ['organisation=bloc&asOf=0001-01-01', 'asOf', 'day-out-of-range'],
      ['organisation=bloc&knownAt=2014', 'knownAt', 'invalid-instant'],
      ['organisation=bloc&by=colour', 'by', 'not-one-of'],
      ['organisation=bloc&colour=red', 'colour', 'unknown-field'],
    ])('refuses ?%s', (question, path, code) =>
      refused(`/reporting/coverage?${question}`, 422, 'invalid-input', { errors: [{ path, code }] }),
    );

    it('does not find an organisation that it was not told of, and says so in both languages', async () => {
      await refused('/reporting/coverage?organisation=x', 404, 'organisation-not-found', {
        detail: 'Không tìm thấy tổ chức đảng x.',
      });
      const english = await get('/reporting/coverage?organisation=x', { 'accept-language': 'en' });
      expect(english.body).toMatchObject({ detail: 'There is no organisation x.' });
    });
  });

  describe('GET /reporting/coverage/trend', () => {
    const asked = '/reporting/coverage/trend?organisation=north';

    it('answers for the last day of each step, and for the last day asked', async () => {
      const answer = await get(`${asked}&from=2012-02-10&to=2012-08-15&step=quarter`);
      expect(answer.body).toMatchObject({
        items: [
          { asOf: '2012-03-31', due: 2, assigned: 1, rate: 0.5 },
          { asOf: '2012-06-30', due: 0, rate: null },
          { asOf: '2012-08-15', due: 0 },
        ],
      });
    });

    it('refuses ranges that are reversed, too long or missing', async () => {
      await refused(`${asked}&from=2012-02-10&to=2012-02-09`, 422, 'range-reversed');
      await refused(`${asked}&from=1900-01-01&to=2012-02-09`, 422, 'too-many-steps');
      await refused(`${asked}&from=2012-02-10`, 422, 'invalid-input');
      await refused(
        '/reporting/coverage/trend?organisation=x&from=2012-01-01&to=2012-02-01',
        404,
        'organisation-not-found',
      );
    });
  });

  describe('GET /reporting/results', () => {
    const none = { savings: 0, charity: 0, bloodDonations: 0, introduced: 0, trained: 0, admitted: 0 };
    const nothing = { ...none, reached: 0, visits: 0, activities: 0 };
    const blood = { ...nothing, bloodDonations: 3, reached: 5, activities: 1 };
    const range = 'from=2010-01-01&to=2011-12-31';

    it('answers by the parts that the bloc had on the last day asked for', async () => {
      expect((await get(`/reporting/results?organisation=bloc&${range}`)).body).toMatchObject({
        ...{ from: '2010-01-01', to: '2011-12-31', asOf: '2011-12-31' },
        ...{ savings: 5_000_000, bloodDonations: 3, introduced: 1, reached: 10, activities: 2 },
        parts: [
          { organisation: organisation('north', 'committee'), ...blood, introduced: 1 },
          {
            organisation: organisation('south', 'committee'),
            ...nothing,
            savings: 5_000_000,
            reached: 5,
            activities: 1,
          },
        ],
      });
    });

    it('answers by the parts of another day', async () => {
      expect((await get(`/reporting/results?organisation=bloc&${range}&asOf=2014-12-31`)).body).toMatchObject({
        parts: [
          { organisation: { id: 'north' }, ...nothing },
          { organisation: { id: 'south' }, bloodDonations: 3, savings: 5_000_000 },
        ],
      });
    });

    it('answers by campaigns, with what belongs to none, and by years', async () => {
      expect((await get('/reporting/results?organisation=bloc&by=campaign')).body).toMatchObject({
        parts: [
          { campaign: { id: 'blood', code: 'HM', name: 'Hiến máu' }, ...blood },
          { campaign: null, ...nothing, introduced: 1, savings: 5_000_000, reached: 5, activities: 1 },
        ],
      });
      expect((await get('/reporting/results?organisation=bloc&by=year')).body).toMatchObject({
        parts: [
          { year: 2010, ...blood, introduced: 1 },
          { year: 2011, savings: 5_000_000 },
        ],
      });
    });

    it('answers as it was known at an instant', async () => {
      const asked = `/reporting/results?organisation=bloc&${range}&knownAt`;
      expect((await get(`${asked}=2011-05-31T00:00:00Z`)).body).toMatchObject({ savings: 0, bloodDonations: 3 });
    });

    it('refuses what makes no sense', async () => {
      await refused('/reporting/results?organisation=bloc&from=2012-01-01&to=2011-01-01', 422, 'range-reversed');
      await refused('/reporting/results?organisation=bloc&from=2012', 422, 'invalid-input');
      await refused('/reporting/results?organisation=x', 404, 'organisation-not-found');
    });
  });

  describe('GET /reporting/funnel', () => {
    it('answers how many candidates took which step', async () => {
      const steps = { introduced: 1, trained: 0, admitted: 0, withdrawn: 0 };
      expect((await get('/reporting/funnel?organisation=north&asOf=2010-12-31')).body).toMatchObject({
        ...steps,
        parts: [{ organisation: organisation('one', 'cell'), ...steps }],
      });
    });

    it('refuses what makes no sense', async () => {
      await refused('/reporting/funnel?organisation=bloc&from=2012-01-01&to=2011-01-01', 422, 'range-reversed');
      await refused('/reporting/funnel', 422, 'invalid-input');
      await refused('/reporting/funnel?organisation=x', 404, 'organisation-not-found');
    });
  });

  describe('GET /reporting/late-entries', () => {
    const v2 = { what: 'ActivityLogged', source: 'activity', activity: 'v2', member: 'chi', by: 'lan', delay: 55 };

    it('lists what was written down more than a week late, by the day of writing', async () => {
      const answer = await get('/reporting/late-entries?from=2011-06-01&to=2011-06-01');
      expect(answer.body).toMatchObject({ items: [{ ...v2, occurredAt: '2011-04-07', recordedOn: '2011-06-01' }] });
      expect((await get('/reporting/late-entries?to=2011-05-31')).body).toEqual({ items: [] });
    });

    it('lists those of one organisation', async () => {
      expect((await get('/reporting/late-entries?organisation=south')).body).toMatchObject({ items: [v2] });
      expect((await get('/reporting/late-entries?organisation=north')).body).toEqual({ items: [] });
    });

    it('refuses what makes no sense', async () => {
      await refused('/reporting/late-entries?from=2012-01-01&to=2011-01-01', 422, 'range-reversed');
      await refused('/reporting/late-entries?limit=0', 422, 'invalid-input');
      await refused('/reporting/late-entries?cursor=x', 422, 'invalid-cursor');
      await refused('/reporting/late-entries?organisation=x', 404, 'organisation-not-found');
    });
  });

  it('tells how far it has come', async () => {
    expect((await get('/reporting/health')).body).toEqual({
      status: 'ok',
      position: 'membership-11.assignment-2.activity-3',
      organisations: 5,
    });
  });

  it('has words for all its refusals', () => allCodesHaveMessages(messages, refusalCodesIn(__dirname)));
});
