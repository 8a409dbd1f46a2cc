import { defineConfig } from '@playwright/test';

const args = ['--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required', '--mute-audio', '--font-render-hinting=none', '--force-color-profile=srgb'];
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  outputDir: process.env.E2E_OUTPUT ?? 'test-results',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: process.env.TAP ? './e2e/tap.ts' : 'list',
  use: {
    actionTimeout: 15_000, viewport: { width: 1440, height: 900 }, colorScheme: 'dark', trace: 'off', locale: 'en-US',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: isRoot ? ['--no-sandbox', ...args] : args },
  },
});
