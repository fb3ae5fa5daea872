import { environment } from '@phancong/nest';
import { z } from 'zod';

const zones = new Set(Intl.supportedValuesOf('timeZone')).add('UTC').add('Asia/Ho_Chi_Minh');

const Settings = z.object({
  /** 0: a free one. */
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, { error: 'invalid-port' })
    .transform(Number)
    .default(3000),
  /** IANA name of the zone whose calendar tells "today". */
  TIME_ZONE: z
    .string()
    .refine((zone) => zones.has(zone), { error: 'unknown-time-zone' })
    .default('Asia/Ho_Chi_Minh'),
  /** JSON: the organisation's own rules on who is assigned to whom. */
  POLICY_FILE: z.string().optional(),
  /** Of the lines on standard error. `info` also tells of every request. */
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
});
export type Settings = z.infer<typeof Settings>;

/** @throws InvalidEnvironment that names the variable */
export const settings = (): Settings => environment(Settings);
