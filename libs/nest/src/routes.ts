import type { FastifyInstance } from 'fastify';

interface Route {
  readonly methods: readonly string[];
  readonly path: RegExp;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : literal(part)))
      .join('/')}/?$`,
  );

/** The routes that the server has, to tell a wrong method from an unknown address. */
export class Routes {
  readonly #routes: Route[] = [];

  /** Notes every route registered from now on. */
  follow(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      if (!url.includes('*')) this.#routes.push({ methods: [method].flat(), path: patternOf(url) });
    });
  }

  /** Methods that the path takes. */
  allowed(path: string): readonly string[] {
    const methods = this.#routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}
