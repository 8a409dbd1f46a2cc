import type { NextConfig } from 'next';

// An export may not rewrite, development has to: there the running program answers /api and /media.
const dev = process.env.NODE_ENV === 'development';
const backend = process.env.BACKEND ?? 'http://127.0.0.1:8080';

const config: NextConfig = {
  ...(dev ? {} : { output: 'export' as const }),
  trailingSlash: true,
  skipTrailingSlashRedirect: dev,
  compress: !dev,
  reactStrictMode: true,
  devIndicators: false,
  images: { unoptimized: true },
  generateBuildId: async () => process.env.BUILD_ID ?? 'dev',
  deploymentId: process.env.BUILD_ID,
  ...(dev
    ? {
        rewrites: async () => ({
          beforeFiles: [
            { source: '/api/:path*', destination: `${backend}/api/:path*` },
            { source: '/:probe(healthz|readyz)', destination: `${backend}/:probe` },
            { source: '/media/:path*', destination: `${backend}/media/:path*` },
            { source: '/projects/:id((?!_/|_$)[^/]+)/:rest*', destination: '/projects/_/:rest*' },
          ],
          afterFiles: [],
          fallback: [],
        }),
      }
    : {}),
};
export default config;
