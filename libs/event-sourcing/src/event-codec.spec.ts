import { z } from 'zod';
import { eventCodec, NewerEvent } from './event-codec.ts';
import { Day } from './time.ts';

const on = Day.parse('2014-05-01');
const CampaignEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CampaignOpened'), occurredAt: Day, name: z.string(), codes: z.array(z.string()) }),
  z.object({ type: z.literal('CampaignRenamed'), occurredAt: Day, name: z.string(), reason: z.string().optional() }),
]);
const opened = { type: 'CampaignOpened' as const, occurredAt: on, name: 'Hiến máu nhân đạo', codes: ['hm'] };

describe('storing an event', () => {
  const codec = eventCodec(CampaignEvent);

  it('keeps its own fields as JSON, apart from type and day', () => {
    expect(codec.encode(opened)).toEqual({
      type: 'CampaignOpened',
      version: 1,
      occurredAt: on,
      data: '{"name":"Hiến máu nhân đạo","codes":["hm"]}',
    });
  });

  it('reads what was stored', () => {
    expect(codec.decode(codec.encode(opened))).toEqual(opened);
  });

  it('leaves out what is undefined', () => {
    const renamed = { type: 'CampaignRenamed' as const, occurredAt: on, name: 'A', reason: undefined };
    expect(codec.encode(renamed).data).toBe('{"name":"A"}');
  });

  it.each([
    ['fields that do not fit', '{"name":7,"codes":[]}'],
    ['fields that are missing', '{}'],
    ['something that is no object', '"text"'],
  ])('refuses to read %s', (_, data) => {
    expect(() => codec.decode({ ...codec.encode(opened), data })).toThrow(z.ZodError);
  });

  it('refuses to read what is not JSON, and a type that it does not know', () => {
    expect(() => codec.decode({ ...codec.encode(opened), data: '{' })).toThrow(SyntaxError);
    expect(() => codec.decode({ ...codec.encode(opened), type: 'CampaignClosed' })).toThrow(z.ZodError);
  });

  it('takes type and day from where they are stored, whatever the fields say', () => {
    const data = '{"name":"A","codes":[],"type":"CampaignRenamed","occurredAt":"1999-01-01"}';
    expect(codec.decode({ ...codec.encode(opened), data })).toMatchObject({ type: 'CampaignOpened', occurredAt: on });
  });
});

describe('an event type that has changed', () => {
  // 1: { title, code }; 2: { name, code }; 3: { name, codes }
  const codec = eventCodec(CampaignEvent, {
    CampaignOpened: [
      ({ title, ...rest }) => ({ ...rest, name: title }),
      ({ code, ...rest }) => ({ ...rest, codes: [code] }),
    ],
  });

  it('is stored in its newest version, the other types in theirs', () => {
    expect(codec.encode(opened).version).toBe(3);
    expect(codec.encode({ type: 'CampaignRenamed', occurredAt: on, name: 'A' }).version).toBe(1);
  });

  it.each([
    [1, '{"title":"Hiến máu nhân đạo","code":"hm"}'],
    [2, '{"name":"Hiến máu nhân đạo","code":"hm"}'],
    [3, '{"name":"Hiến máu nhân đạo","codes":["hm"]}'],
  ])('is read from version %i', (version, data) => {
    expect(codec.decode({ type: 'CampaignOpened', version, occurredAt: on, data })).toEqual(opened);
  });

  it('is not guessed from a version that comes later', () => {
    const stored = { ...codec.encode(opened), version: 4 };
    expect(() => codec.decode(stored)).toThrow(NewerEvent);
    expect(() => codec.decode(stored)).toThrow('CampaignOpened of version 4: this program knows version 3');
  });
});
