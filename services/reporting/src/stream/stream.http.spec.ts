import { type ReportingServer, startReporting } from '../testing/start-reporting.ts';

/** Reads a stream of events until it holds a text. */
class Reading {
  #text = '';
  readonly #over = new AbortController();
  #chunks: AsyncIterator<Uint8Array> | undefined;
  response: Response | undefined;

  static async of(url: string, lastEventId?: string): Promise<Reading> {
    const reading = new Reading();
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await fetch(url, { headers, signal: reading.#over.signal });
    reading.response = response;
    reading.#chunks = response.body?.[Symbol.asyncIterator]();
    return reading;
  }

  async until(expected: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = expected.exec(this.#text);
      if (found) {
        this.#text = this.#text.slice(found.index + found[0].length);
        return found;
      }
      const next = await this.#chunks?.next();
      if (!next || next.done) throw new Error(`the stream ended before ${expected}`);
      this.#text += Buffer.from(next.value).toString();
    }
  }

  /** Reads on to the end; what was not asked for yet. */
  async rest(): Promise<string> {
    for (let next = await this.#chunks?.next(); next && !next.done; next = await this.#chunks?.next()) {
      this.#text += Buffer.from(next.value).toString();
    }
    return this.#text;
  }

  leave(): void {
    this.#over.abort();
  }
}

const EVENT = (name: string) => new RegExp(`id: (\\S+)\nevent: ${name}\ndata: (.*)\n\n`);

describe('GET /reporting/stream', () => {
  let server: ReportingServer;
  beforeEach(async () => {
    server = await startReporting();
    const bloc = { organisation: 'bloc', code: 'B', name: 'Khối', kind: 'bloc' };
    const registered = { type: 'OrganisationRegistered', occurredAt: '2004-01-01', ...bloc };
    const position = await server.tell('membership', 'organisations', '2004-01-01', registered);
    await server.request('GET', `/reporting/health?position=${position}`);
  });
  afterEach(() => server.close());

  const admit = (member: string) =>
    server.tell('membership', `member-${member}`, '2014-02-01', {
      ...{ type: 'MemberAdmitted', occurredAt: '2014-02-01', member, code: member, cell: 'bloc' },
      admittedOn: '2014-02-01',
    });
  const stream = (lastEventId?: string) => Reading.of(`${server.url}/reporting/stream?organisation=bloc`, lastEventId);

  it('tells coverage and results at once, then what changes, and that it lives', async () => {
    const reading = await stream();
    expect(reading.response?.headers.get('content-type')).toContain('text/event-stream');
    const [, , coverage] = await reading.until(EVENT('coverage'));
    expect(JSON.parse(coverage ?? '')).toMatchObject({ organisation: { id: 'bloc' }, asOf: '2014-12-31', due: 0 });
    const [, , results] = await reading.until(EVENT('results'));
    expect(JSON.parse(results ?? '')).toMatchObject({ from: '2014-01-01', to: '2014-12-31', activities: 0 });
    await reading.until(/^: \n\n/m);
    await admit('an');
    const [between, , changed] = await reading.until(EVENT('coverage'));
    expect(JSON.parse(changed ?? '')).toMatchObject({ due: 1 });
    expect(between).not.toContain('event: results');
    reading.leave();
  });

  it('goes on where a dashboard left: with what has changed since, and nothing else', async () => {
    const first = await stream();
    await first.until(EVENT('coverage'));
    const [, seen] = await first.until(EVENT('results'));
    first.leave();
    const unchanged = await stream(seen);
    const [quiet] = await unchanged.until(/[\s\S]*: \n\n/);
    expect(quiet).not.toContain('event:');
    unchanged.leave();
    const position = await admit('an');
    await server.request('GET', `/reporting/health?position=${position}`);
    const resumed = await stream(seen);
    const [upToIt] = await resumed.until(/[\s\S]*?data: .*\n\n/);
    expect(upToIt).toContain('event: coverage');
    expect((await resumed.until(/[\s\S]*?: \n\n/))[0]).not.toContain('event:');
    resumed.leave();
  });

  it('begins anew for an id that it never gave', async () => {
    const reading = await stream('anything');
    await reading.until(EVENT('coverage'));
    await reading.until(EVENT('results'));
    reading.leave();
  });

  it('ends when the server stops', async () => {
    const reading = await stream();
    await reading.until(EVENT('results'));
    const [rest] = await Promise.all([reading.rest(), server.close()]);
    expect(rest).not.toContain('event:');
  });

  it('refuses an organisation that is not known or not named, as any other route', async () => {
    expect(await server.request('GET', '/reporting/stream?organisation=x')).toMatchObject({
      status: 404,
      body: { code: 'organisation-not-found' },
    });
    expect(await server.request('GET', '/reporting/stream')).toMatchObject({
      status: 422,
      body: { code: 'invalid-input' },
    });
  });
});
