import { Message } from '@phancong/contracts';
import { type RecordedEvent, inMemoryEventStore } from '@phancong/event-sourcing';
import { groupLog, publishRecounts } from '@phancong/event-feed/testing';
import type { KafkaMessage } from 'kafkajs';
import { partitionOf } from './partitioning.ts';
import { type Translated, readRecord, recordOf, traceparentOf } from './message-record.ts';

const recounted = async (): Promise<{ event: RecordedEvent; message: Message }> => {
  const store = inMemoryEventStore();
  await groupLog(store).recount('may', 12);
  const [event] = await store.readAll(0, 1);
  if (!event) throw new Error('nothing was appended');
  return { event, message: Message.parse(publishRecounts('assignment')(event)) };
};

/** As Kafka gives it back. */
const read = ({ key, value, headers }: ReturnType<typeof recordOf>, offset = 7): KafkaMessage => {
  const buffer = (text: string | Buffer | null | undefined) =>
    typeof text === 'string' ? Buffer.from(text) : (text ?? null);
  return {
    key: buffer(key),
    value: buffer(value),
    timestamp: '0',
    attributes: 0,
    offset: String(offset),
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(String(text))])),
  };
};
const place = { partition: partitionOf('group-may', 3), partitions: 3 };
const itemOf = (record: KafkaMessage, at = 1) => readRecord('assignment', place, record).item(at);

describe('the record of a message', () => {
  test('is a CloudEvent that says where it stands', async () => {
    const { event, message } = await recounted();
    const { key, value, headers } = recordOf('assignment', event, { message });
    expect(key).toBe('group-may');
    expect(JSON.parse(String(value))).toEqual(message);
    expect(headers).toEqual({
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: 'GroupRecounted',
      ce_source: '/assignment',
      ce_subject: 'group-may',
      ce_time: event.recordedAt,
      'content-type': 'application/json',
      position: '1',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
  });
  test('names the trace of its command', async () => {
    const { event } = await recounted();
    expect(traceparentOf(event).slice(3, 35)).toBe(event.command.replaceAll('-', ''));
  });
  test('is read as it was written', async () => {
    const { event, message } = await recounted();
    const record = read(recordOf('assignment', event, { message }));
    expect(readRecord('assignment', place, record)).toMatchObject({ offset: 7, position: 1 });
    expect(itemOf(record)).toEqual({ key: 'group-may', position: 1, message });
  });
  test('of an event that cannot be translated keeps its place and the reason', async () => {
    const { event } = await recounted();
    const translated: Translated = { error: new TypeError('no headcount') };
    const item = itemOf(read(recordOf('assignment', event, translated)));
    expect(item).toMatchObject({ key: 'group-may', position: 1 });
    expect(String(item.error)).toBe('UnreadableRecord: could not be published: TypeError: no headcount');
  });
});

describe('a record that is not what its topic holds', () => {
  const changed = (change: (record: KafkaMessage) => Partial<KafkaMessage>) => async (): Promise<KafkaMessage> => {
    const { event, message } = await recounted();
    const record = read(recordOf('assignment', event, { message }));
    return Object.assign({}, record, change(record));
  };
  const body = (change: object) =>
    changed(({ value }) => ({ value: Buffer.from(JSON.stringify({ ...JSON.parse(String(value)), ...change })) }));

  test.each<[string, () => Promise<KafkaMessage>, RegExp]>([
    ['no value', changed(() => ({ value: null })), /no value/],
    ['an empty value', changed(() => ({ value: Buffer.of() })), /JSON/],
    ['text', changed(() => ({ value: Buffer.from('GroupRecounted') })), /JSON/],
    ['half a message', changed(({ value }) => ({ value: value?.subarray(0, 40) ?? null })), /JSON/],
    ['other bytes than UTF-8', changed(() => ({ value: Buffer.of(0x22, 0xff, 0x22) })), /encoded/],
    ['a list', changed(() => ({ value: Buffer.from('[]') })), /invalid/i],
    ['another type', body({ type: 'GroupSold' }), /type/],
    ['a missing field', body({ headcount: undefined }), /headcount/],
    ['a field of another kind', body({ headcount: 'many' }), /headcount/],
    ['the message of another service', body({ source: 'activity' }), /source/],
    ['the message of another stream', body({ key: 'group-dien' }), /key is group-dien/],
    ['the message of another position', body({ position: 3 }), /position is 3/],
  ])('has %s: an error of its stream', async (_what, make, reason) => {
    const item = itemOf(await make());
    expect(item).toMatchObject({ key: 'group-may', position: 1 });
    expect(item.message).toBeUndefined();
    expect(String(item.error)).toMatch(reason);
  });

  test.each(['', '0', '-1', '1.5', '1e3', 'x', '99999999999999999'])('has position %p: none', async (text) => {
    const record = await changed(({ headers }) => ({ headers: { ...headers, position: Buffer.from(text) } }))();
    expect(readRecord('assignment', place, record).position).toBeUndefined();
    expect(String(itemOf(record, 9).error)).toBe(
      'UnreadableRecord: not of a relay: key group-may, position undefined, partition 1',
    );
  });
  test('has no headers at all', async () => {
    const record = await changed(() => ({ headers: {} }))();
    expect(readRecord('assignment', place, record).position).toBeUndefined();
  });
  test('has another position than it can have: it is no record of its stream', async () => {
    expect(itemOf(await changed(() => ({}))(), 9)).toMatchObject({ key: 'record-1-7', position: 9 });
  });
  test('stands in another partition than its key’s: it is no record of its stream', async () => {
    const elsewhere = { ...place, partition: (place.partition + 1) % 3 };
    const { key } = readRecord('assignment', elsewhere, await changed(() => ({}))()).item(1);
    expect(key).toBe(`record-${elsewhere.partition}-7`);
  });
  test('has no key: it holds nothing else back', async () => {
    expect(itemOf(await changed(() => ({ key: null }))()).key).toBe('record-1-7');
  });
});
