import { ServiceName } from '@phancong/contracts';
import { type DroppedKey, type ParkedKey, type ParkedKeyName, nameOf } from '@phancong/event-feed';
import { Instant } from '@phancong/event-sourcing';
import type { Message as KafkaRecord } from 'kafkajs';
import { z } from 'zod';

export const ParkedRecord = z.object({
  consumer: z.string(),
  source: ServiceName,
  key: z.string(),
  position: z.int(),
  error: z.string(),
  parkedAt: Instant,
});
export const DroppedRecord = z.object({
  ...ParkedRecord.shape,
  messages: z.int(),
  through: z.int(),
  reason: z.string(),
  by: z.string(),
  droppedAt: Instant,
});

export const parkedRecord = (parked: ParkedKey): KafkaRecord => ({
  key: `parked ${nameOf(parked)}`,
  value: JSON.stringify(parked),
  headers: { reason: parked.error },
});
export const releasedRecord = (name: ParkedKeyName): KafkaRecord => ({ key: `parked ${nameOf(name)}`, value: null });
export const droppedRecord = (dropped: DroppedKey): KafkaRecord => ({
  key: `dropped ${nameOf(dropped)} ${dropped.droppedAt}`,
  value: JSON.stringify(dropped),
  headers: { reason: dropped.reason },
});
