import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'default'] } },
};

export default defineConfig({
  test: {
    projects: ['shared', 'edge', 'cloud', 'hardware-sim', 'web'].map((folder) => ({
      ...source,
      test: {
        name: folder,
        root: folder,
        include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
        environment: 'node',
        provide: { longRun: process.env['TEST_LONG'] === '1' },
        testTimeout: 30_000,
        hookTimeout: 60_000,
      },
    })),
    maxWorkers: 2,
  },
});
