import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/** Merges into the route's config what other decorators set: Nest's own RouteConfig would replace it. */
export function routeConfig(config: FastifyContextConfig): MethodDecorator {
  return (target, key, descriptor) => {
    const before: FastifyContextConfig = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) ?? {};
    RouteConfig({ ...before, ...config })(target, key, descriptor);
  };
}
