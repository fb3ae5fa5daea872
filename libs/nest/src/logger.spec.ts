import { PinoLogger, readable } from './logger.ts';

const logged = (log: (logger: PinoLogger) => void, level?: 'debug' | 'info'): unknown[] => {
  const lines: string[] = [];
  log(new PinoLogger({ ...(level && { level }), destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line): unknown => JSON.parse(line));
};

test('a line is JSON with its context', () => {
  expect(logged((logger) => logger.log('ready', 'Main'))).toEqual([
    { level: 30, time: expect.any(Number), context: 'Main', msg: 'ready' },
  ]);
});
test('an error keeps its stack', () => {
  const [line] = logged((logger) => logger.error(new RangeError('broken'), 'Main'));
  expect(line).toMatchObject({ level: 50, err: { type: 'RangeError', stack: expect.stringContaining('broken') } });
});
test('below the level nothing is written', () => {
  expect(logged((logger) => logger.debug('detail'))).toEqual([]);
  expect(logged((logger) => logger.debug('detail'), 'debug')).toHaveLength(1);
});
test('people at a terminal read one short line', () => {
  expect(readable(JSON.stringify({ level: 30, time: 0, context: 'http', status: 200, ms: 1.5 }))).toBe(
    '1970-01-01T00:00:00.000Z info  http:  status=200 ms=1.5\n',
  );
  expect(readable(JSON.stringify({ level: 50, time: 0, err: { stack: 'Error: x\n at y' } }))).toContain(
    '\nError: x\n at y\n',
  );
});
