import { z } from 'zod';
import { environment, InvalidEnvironment } from './environment.ts';
import { todayIn } from './today.ts';

const Settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  LOG_LEVEL: z.enum(['info', 'debug']).default('info'),
  DATA_DIR: z.string(),
});

describe('environment', () => {
  test('given what is needed, the rest is filled in', () => {
    expect(environment(Settings, { DATA_DIR: './data', PORT: '', OTHER: 'x' })).toEqual({
      PORT: 3000,
      LOG_LEVEL: 'info',
      DATA_DIR: './data',
    });
  });
  test('what is wrong is told by variable, in both languages', () => {
    expect(() => environment(Settings, { PORT: '70000', LOG_LEVEL: 'loud' })).toThrow(
      new InvalidEnvironment(
        [
          'PORT: Nhiều nhất là 65535. / It must be at most 65535.',
          'LOG_LEVEL: Phải là một trong: info, debug. / It must be one of: info, debug.',
          'DATA_DIR: Thiếu mục này. / This is missing.',
        ].join('\n'),
      ),
    );
  });
});

describe('today', () => {
  const clock = () => new Date('2014-12-31T17:30:00Z');

  test('is the day in Vietnam', () => {
    expect(todayIn(undefined, clock)()).toBe('2015-01-01');
  });
  test('is the day in another zone', () => {
    expect(todayIn('Europe/London', clock)()).toBe('2014-12-31');
  });
});
